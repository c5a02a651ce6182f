using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>
/// How the rows of a sample begin: the cells of columns that conditions, declared shares or fairness decide. The other columns are drawn
/// given these, which makes the whole row one of the model's distribution under what was asked.
/// </summary>
/// <remarks>
/// One admitted cell is set. A column with several is drawn from its distribution cut down to them. With two such columns A and B that alone
/// would be wrong, P(A | A admitted) P(B | A, B admitted) is not P(A, B | both admitted): A's weights must count how probable B's admission
/// is given A. Hence the joint table of all of them but the last, each combination weighted by the probability that the last is admitted.
/// </remarks>
internal sealed class RowBeginnings
{
    private readonly ushort[] given;
    private readonly JointTable? table;
    private readonly bool balanced;
    private readonly double[][] members = [];
    private readonly int[][] memberOf = [];
    private readonly long seed;

    /// <exception cref="SynthesisException">What is asked names unknown columns or values, contradicts itself, or cannot be met.</exception>
    public RowBeginnings(TableCodec codec, AutoregressiveSampler sampler, SampleRequest request, CellConditions conditions)
    {
        seed = request.Seed;
        var columns = codec.Modelled.Count;
        (given, Shares) = (new ushort[columns], new double[]?[columns]);
        for (var c = 0; c < columns; c++)
        {
            Shares[c] = conditions[c];
            given[c] = Shares[c] is { } shares && shares.Count(share => share > 0) == 1 ? (ushort)Array.FindIndex(shares, share => share > 0) : Cell.Unset;
        }

        var balance = new Balance(codec, request, given);
        var cut = sampler.Network.Shape.Tokens.SamplingOrder.Where(c => Shares[c] is not null && given[c] == Cell.Unset && !balance.Columns.Contains(c)).ToList();
        if (balance.Columns.Count == 0 && cut.Count < 2) return;

        table = new JointTable(sampler, given, request.Temperature);
        foreach (var c in balance.Columns) table.Add(c, Shares[c], null);
        var random = new SeededStream(seed, StreamPurpose.RowBeginnings, -1);
        foreach (var c in cut.SkipLast(1)) table.Add(c, Shares[c], random);
        if (cut.Count > 0) table.Weigh(cut[^1], Shares[cut[^1]]!);
        var weights = table.Weights.ToArray();
        balance.Apply(table.Cells, weights);

        // Combinations that agree in the balanced columns share one quota.
        balanced = balance.Columns.Count > 0;
        memberOf = [.. Enumerable.Range(0, weights.Length).GroupBy(i => string.Join(',', table.Cells[i].Take(balance.Columns.Count))).Select(group => group.ToArray())];
        members = Array.ConvertAll(memberOf, group =>
        {
            var sums = new double[group.Length];
            for (var i = 0; i < group.Length; i++) sums[i] = weights[group[i]] + (i > 0 ? sums[i - 1] : 0);
            return sums;
        });
    }

    /// <summary>By column: factors of the cells of those that are still to be drawn under a condition.</summary>
    public double[]?[] Shares { get; }

    /// <summary>The blocks with their cells before anything is drawn.</summary>
    public IEnumerable<(SampleBlock Block, ushort[][] Cells)> Begin(IEnumerable<SampleBlock> blocks)
    {
        var quota = balanced ? new Quota(Array.ConvertAll(members, sums => sums[^1])) : null;
        foreach (var block in blocks) yield return (block, Begin(block, quota));
    }

    private ushort[][] Begin(SampleBlock block, Quota? quota)
    {
        var cells = Array.ConvertAll(given, cell =>
        {
            var column = new ushort[block.Rows];
            Array.Fill(column, cell);
            return column;
        });
        if (table is null) return cells;
        var random = new SeededStream(seed, StreamPurpose.RowBeginnings, block.Number);
        var dealt = quota?.Next(block.Rows, random);
        for (var row = 0; row < block.Rows; row++)
        {
            var group = dealt?[row] ?? 0;
            var member = Array.BinarySearch(members[group], random.NextDouble() * members[group][^1]);
            var combination = table.Cells[memberOf[group][Math.Min(member < 0 ? ~member : member + 1, members[group].Length - 1)]];
            for (var i = 0; i < combination.Length; i++) cells[table.Columns[i]][row] = combination[i];
        }

        return cells;
    }
}
