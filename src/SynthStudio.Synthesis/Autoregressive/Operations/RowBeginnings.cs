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
/// <para>
/// One admitted cell is set. A column with several is drawn from its distribution cut down to them. With two such columns A and B that alone
/// would be wrong, P(A | A admitted) P(B | A, B admitted) is not P(A, B | both admitted): A's weights must count how probable B's admission
/// is given A. Hence the joint table of all of them but the last, each combination weighted by the probability that the last is admitted.
/// </para>
/// <para>
/// Where particles stand for the combinations, those that agree in the balanced columns are a stratum with particles of its own: drawn
/// from all together, a rare class that is wanted often would have few, again and again, or none. The shares of the strata are settled
/// once; each block of rows has particles of its own, as many of a stratum as rows it was dealt, so that a large sample is not limited
/// to those of one table.
/// </para>
/// </remarks>
internal sealed class RowBeginnings
{
    /// <summary>Where a stratum is lost among so many particles, twice as many are tried, up to these.</summary>
    private const int MostParticles = 4 * JointTable.MaxCombinations;

    private readonly AutoregressiveSampler sampler;
    private readonly double temperature;
    private readonly ushort[] given;
    private readonly Balance balance;
    private readonly List<int> cut;
    private readonly Combinations? all;
    private readonly long seed;

    /// <exception cref="SynthesisException">What is asked names unknown columns or values, contradicts itself, or cannot be met.</exception>
    public RowBeginnings(TableCodec codec, AutoregressiveSampler sampler, SampleRequest request, CellConditions conditions)
    {
        (this.sampler, temperature, seed) = (sampler, request.Temperature, request.Seed);
        var columns = codec.Modelled.Count;
        (given, Shares) = (new ushort[columns], new double[]?[columns]);
        for (var c = 0; c < columns; c++)
        {
            Shares[c] = conditions[c];
            given[c] = Shares[c] is { } shares && shares.Count(share => share > 0) == 1 ? (ushort)Array.FindIndex(shares, share => share > 0) : Cell.Unset;
        }

        balance = new Balance(codec, request, given);
        cut = [.. sampler.Order.Where(c => Shares[c] is not null && given[c] == Cell.Unset && !balance.Columns.Contains(c))];
        if (balance.Columns.Count == 0 && cut.Count < 2) return;

        var random = new SeededStream(seed, StreamPurpose.RowBeginnings, -1);
        for (var limit = JointTable.MaxCombinations; all is null; limit *= 2)
        {
            var table = Combine(random, null, limit);
            var mayLack = !table.IsExact && HasLost(table);
            if (!mayLack || limit >= MostParticles) all = Balanced(table, mayLack);
        }
    }

    /// <summary>By column: factors of the cells of those that are still to be drawn under a condition.</summary>
    public double[]?[] Shares { get; }

    /// <summary>The blocks, each with what yields its cells before anything is drawn, which may run beside others.</summary>
    public IEnumerable<(SampleBlock Block, Func<ushort[][]> Cells)> Begin(IEnumerable<SampleBlock> blocks)
    {
        var quota = all is not null && balance.Columns.Count > 0 ? new Quota([.. all.Strata.Select(all.Weight)]) : null;
        foreach (var block in blocks)
        {
            // Which block is dealt how many rows of a share depends on those before it, and nothing else does.
            var random = new SeededStream(seed, StreamPurpose.RowBeginnings, block.Number);
            var dealt = quota?.Next(block.Rows, random);
            yield return (block, () => Begin(block, dealt, random));
        }
    }

    private ushort[][] Begin(SampleBlock block, int[]? dealt, SeededStream random)
    {
        var cells = Array.ConvertAll(given, cell =>
        {
            var column = new ushort[block.Rows];
            Array.Fill(column, cell);
            return column;
        });
        if (all is null) return cells;
        var own = all.Table.IsExact ? all : Anew(block, dealt);
        for (var row = 0; row < block.Rows; row++)
        {
            var stratum = all.Strata[dealt?[row] ?? 0];
            var from = own.Weight(stratum) > 0 ? own : all;
            var combination = from.Draw(stratum, random);
            for (var i = 0; i < combination.Length; i++) cells[from.Table.Columns[i]][row] = combination[i];
        }

        return cells;
    }

    /// <summary>Particles of a block's own, for the strata that its rows were dealt.</summary>
    private Combinations Anew(SampleBlock block, int[]? dealt)
    {
        double[]? shares = null;
        if (dealt is not null)
        {
            shares = new double[all!.Table.StrataCount];
            foreach (var place in dealt) shares[all.Strata[place]] += 1.0 / dealt.Length;
        }

        // Of balanced columns, weights count within a stratum only: what is wanted of the strata was dealt.
        var table = Combine(new SeededStream(seed, StreamPurpose.RowBeginnings, -2 - block.Number), shares, JointTable.MaxCombinations);
        return new Combinations(table, table.Weights);
    }

    private JointTable Combine(SeededStream random, double[]? shares, int limit)
    {
        var table = new JointTable(sampler, given, temperature, limit);
        foreach (var c in balance.Columns) table.Add(c, Shares[c], null);
        if (balance.Columns.Count > 0) table.Stratify(shares);
        foreach (var c in cut.SkipLast(1)) table.Add(c, Shares[c], random);
        if (cut.Count > 0) table.Weigh(cut[^1], Shares[cut[^1]]!);
        return table;
    }

    /// <summary>Gives the strata the weights that are wanted.</summary>
    private Combinations Balanced(JointTable table, bool mayLack)
    {
        var weights = table.Weights.ToArray();
        if (!(weights.Sum() > 0)) throw NotFound();
        try
        {
            balance.Apply(table.Cells, weights);
        }
        catch (SynthesisException) when (mayLack)
        {
            throw NotFound();
        }

        return new Combinations(table, weights);
    }

    private static bool HasLost(JointTable table) =>
        table.Strata.Where((_, combination) => table.Weights[combination] > 0).Distinct().Count() < table.StrataCount;

    private static SynthesisException NotFound() => new(
        SynthesisError.ImpossibleCondition,
        $"Among {MostParticles} combinations that the model drew, none meets all conditions, with every value that is balanced: together they are too rare. Ask for less.");
}
