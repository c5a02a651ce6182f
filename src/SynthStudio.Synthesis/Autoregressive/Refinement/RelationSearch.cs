using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>Finds the columns that a numeric column lies near to.</summary>
/// <param name="codecs">By modelled column.</param>
/// <param name="cells">[column][row] of training rows.</param>
internal sealed class RelationSearch(ColumnCodec[] codecs, ushort[][] cells)
{
    /// <summary>Relations of one column at most.</summary>
    private const int Most = 3;

    /// <summary>Nats a row by which distances must differ from those of values put together at random.</summary>
    private const double LeastInformation = 0.03;

    /// <summary>A distance this many times as frequent as by chance explains the rows that have it.</summary>
    private const double Explained = 3;

    /// <summary>Rows looked at, and rotations of them that stand for chance.</summary>
    private const int MostRows = 20_000, Rotations = 4;

    /// <summary>
    /// The strongest relations of a column to others, one after the other: the rows that one explains do not count for the next, so that a bill
    /// is related to the bill before and to the payment, rather than to three bills.
    /// </summary>
    /// <param name="column">The column.</param>
    /// <param name="others">Columns that are drawn before it.</param>
    public ColumnRelation[] Of(int column, IReadOnlyList<int> others)
    {
        if (codecs[column] is not NumericCodec { Cells.Length: > 2 } target) return [];
        var sources = others.Where(source => codecs[source] is NumericCodec { Cells.Length: > 2 }).ToList();
        var centers = sources.ToDictionary(source => source, source => Centers(target, (NumericCodec)codecs[source]));
        var open = Enumerable.Range(0, Math.Min(cells[column].Length, MostRows)).ToArray();
        var relations = new List<ColumnRelation>();
        while (relations.Count < Most && sources.Count > 0)
        {
            var best = sources.Select(source => Measure(column, target.Cells.Length, source, centers[source], open)).MaxBy(found => found.Information)!;
            if (best.Information < LeastInformation) break;
            relations.Add(best.Relation);
            sources.Remove(best.Relation.Source);
            open = Array.FindAll(open, row => !best.Explains(row));
        }

        return [.. relations];
    }

    private static ushort[] Centers(NumericCodec target, NumericCodec source)
    {
        var centers = target.Encode(new NumericColumn(target.Schema, [.. source.Cells.Select(cell => cell.Center())]));
        return [.. centers, .. Enumerable.Repeat(Cell.Unset, source.Layout.Cells - centers.Length)];
    }

    private Found Measure(int column, int values, int source, ushort[] centers, int[] open)
    {
        var relation = new ColumnRelation(source, centers, new float[CellDistance.Bins]);
        var rows = Math.Min(cells[column].Length, MostRows);
        var (found, chance) = (new double[CellDistance.Bins], new double[CellDistance.Bins]);
        for (var i = 0; i < open.Length; i++)
        {
            found[BinOf(open[i], open[i])]++;
            for (var k = 1; k <= Rotations; k++) chance[BinOf(open[i], open[(i + k * open.Length / (Rotations + 1)) % open.Length])] += 1.0 / Rotations;
        }

        // The divergence of the distances from those by chance, less where there are few rows.
        double information = 0;
        for (var bin = 0; bin < CellDistance.Bins; bin++)
            if (found[bin] > 0) information += found[bin] / rows * Math.Log((found[bin] + 1) / (chance[bin] + 1));
        for (var bin = CellDistance.None + 1; bin < CellDistance.Bins; bin++)
            relation.Sums[bin] = relation.Sums[bin - 1] + (float)(Math.Max(found[bin] - chance[bin], 0) / rows);
        return new Found(
            relation, relation.Sums[^1] > 0 ? information : 0, row => BinOf(row, row) is var bin && found[bin] > Explained * (chance[bin] + 1));

        byte BinOf(int row, int sourceRow) => relation.BinOf(cells[source][sourceRow], cells[column][row], values);
    }

    private sealed record Found(ColumnRelation Relation, double Information, Predicate<int> Explains);
}
