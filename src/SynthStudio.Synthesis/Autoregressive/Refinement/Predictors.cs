using SynthStudio.Synthesis.Cart;
using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>Which columns trees look at, and which they are grown for: all, or where these are many those that say most, or are told most.</summary>
internal sealed class Predictors
{
    private readonly int most;
    private readonly Lazy<double[,]> information;

    /// <param name="codec">How values become cells.</param>
    /// <param name="cells">[column][row] of training rows.</param>
    /// <param name="most">Columns to look at, at most.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public Predictors(TableCodec codec, ushort[][] cells, int most, ParallelOptions parallel)
    {
        this.most = most;
        information = new Lazy<double[,]>(() => ColumnOrder.MutualInformation(
            new CellTable(codec, cells), [.. codec.Modelled.Select(c => CellOrder.Of(codec.Columns[c]))], parallel));
    }

    /// <summary>The columns to look at, in the order they are known.</summary>
    public int[] Of(int column, IReadOnlyList<int> known)
    {
        if (known.Count <= most) return [.. known];
        var chosen = known.OrderByDescending(other => information.Value[column, other]).Take(most).ToHashSet();
        return [.. known.Where(chosen.Contains)];
    }

    /// <summary>At most so many of the columns, in their order: one that must be among them, and those that another column says most about.</summary>
    public int[] MostDependent(IReadOnlyList<int> columns, int many, int first)
    {
        if (columns.Count <= many) return [.. columns];
        var told = columns.ToDictionary(
            column => column, column => Enumerable.Range(0, information.Value.GetLength(1)).Max(other => information.Value[column, other]));
        var chosen = columns.OrderByDescending(column => column == first).ThenByDescending(column => told[column]).Take(many).ToHashSet();
        return [.. columns.Where(chosen.Contains)];
    }
}
