using SynthStudio.Synthesis;
using SynthStudio.Tabular;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Jobs;

/// <summary>
/// The public rule by which rows are held back from a training: a tenth, at most 10,000, by a shuffle that depends on their number and a seed
/// only. Trainings and evaluations cut the same file alike. Of tables too small to spare any, and of tables that trainings do not hold in
/// memory, nothing is held back.
/// </summary>
internal static class HeldBackRows
{
    /// <summary>Smaller tables are learned whole.</summary>
    public const int FewestRows = 1000;

    private const int Share = 10;
    private const int Most = 10_000;

    /// <summary>How many rows are held back.</summary>
    public static int Count(long rows, int columns) =>
        rows < FewestRows || rows * columns > TrainingTable.MostCellsInMemory ? 0 : (int)Math.Min(rows / Share, Most);

    /// <summary>The part of <paramref name="table"/> that <paramref name="split"/> means; null when it is empty.</summary>
    public static Table? Part(Table table, Split? split)
    {
        var heldBack = Count(table.RowCount, table.Columns.Count);
        if (split is null || heldBack == 0)
        {
            return split is { HeldBack: true } ? null : table;
        }

        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        new Random(unchecked((int)(split.Seed ^ (split.Seed >> 32)))).Shuffle(rows);
        var part = split.HeldBack ? rows[..heldBack] : rows[heldBack..];
        Array.Sort(part);
        return table.Take(part);
    }
}
