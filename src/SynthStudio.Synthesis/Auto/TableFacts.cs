using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Auto;

/// <summary>What a choice of method looks at.</summary>
/// <param name="Rows">Rows of the table.</param>
/// <param name="RowsInMemory">Rows that a method sees which cannot learn from a file: all, or a random sample.</param>
/// <param name="Numbers">Columns of numbers, dates and times.</param>
/// <param name="Categories">Columns of categories and booleans.</param>
/// <param name="CategoryVariables">Distinct categories of all of them, at most 24 a column.</param>
/// <param name="MaxTime">Time given; null when it is not limited.</param>
/// <param name="MemoryBytes">Memory that may be used.</param>
/// <param name="Threads">Threads that work side by side.</param>
/// <param name="Device">Device asked for.</param>
internal sealed record TableFacts(
    long Rows, long RowsInMemory, int Numbers, int Categories, int CategoryVariables, TimeSpan? MaxTime, long MemoryBytes, int Threads, Device Device)
{
    private const int MostVariables = 24;

    /// <summary>Columns that a method learns.</summary>
    public int Columns => Math.Max(1, Numbers + Categories);

    public static TableFacts Of(Table table, FitRequest request, int threads)
    {
        var categories = table.Columns.OfType<CodedColumn>().Where(c => c.Schema.Kind is ColumnKind.Categorical or ColumnKind.Boolean).ToList();
        return new TableFacts(
            request.AllRows?.RowCount ?? table.RowCount,
            table.RowCount,
            table.Columns.Count(c => c is NumericColumn && c.Schema.Kind != ColumnKind.Ignored),
            categories.Count,
            categories.Sum(c => Math.Min(c.Values.Length, MostVariables)),
            request.MaxTime,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            threads,
            request.Device);
    }
}
