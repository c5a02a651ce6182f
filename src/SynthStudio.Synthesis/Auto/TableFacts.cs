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

    /// <summary>
    /// Whether an earlier attempt left a checkpoint, which of the methods chosen among the network alone writes: the choice was made then, perhaps on
    /// a machine with more cores or memory.
    /// </summary>
    public bool GoesOn { get; init; }

    /// <summary>Distinct categories of a column that only its kind is known of: Adult's columns have 11 on average.</summary>
    private const int UsualVariables = 11;

    /// <summary>Columns that a method learns.</summary>
    public int Columns => Math.Max(1, Numbers + Categories);

    /// <summary>What time depends on.</summary>
    public TrainingSize Size => new(Rows, RowsInMemory, Numbers, Categories, CategoryVariables);

    /// <summary>Of a table that is not there: by its schema file.</summary>
    /// <param name="declared">Its schema file; columns that it does not name count as numbers.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="request">How it is to be learned.</param>
    /// <param name="threads">Threads that work side by side.</param>
    public static TableFacts Of(IReadOnlyList<ColumnDeclaration> declared, long rows, int columns, FitRequest request, int threads)
    {
        int Count(params ReadOnlySpan<DeclaredKind> kinds)
        {
            var count = 0;
            foreach (var column in declared) if (kinds.Contains(column.Kind) && column.Order is null) count++;
            return count;
        }

        var (categories, booleans) = (Count(DeclaredKind.Categorical), Count(DeclaredKind.Boolean));
        var unlearned = Count(DeclaredKind.Text, DeclaredKind.Identifier, DeclaredKind.Ignored);
        return new TableFacts(
            rows,
            rows * columns > TrainingTable.MostCellsInMemory ? Math.Max(TrainingTable.SampledCells / columns, 1) : rows,
            Math.Max(columns - categories - booleans - unlearned, 0),
            categories + booleans,
            categories * UsualVariables + booleans * 2,
            request.MaxTime,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            threads,
            request.Device);
    }

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
            request.Device) { GoesOn = request.HasCheckpoints };
    }
}
