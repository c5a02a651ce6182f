using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>
/// The most host memory that a job takes, as far as the size of its tables tells: a silo that has less is not given it. Measured peaks, rounded up
/// (tools/bench/RESULTS.md); a size that is not known counts for nothing.
/// </summary>
internal sealed class MemoryNeeds(IMethodDirectory methods)
{
    /// <summary>A worker that draws from a small model; the smallest peak that was measured is 274 MB.</summary>
    public const long Worker = 300L << 20;

    /// <summary>A cell of tables that are compared: an evaluation of 42,000,000 cells, real, held out and synthetic, took 1,530 MB.</summary>
    private const long BytesPerComparedCell = 34;

    /// <summary>Where workers do not tell what a method takes: a cell of a table that is held, and how many cells are.</summary>
    private const long BytesPerCell = 64, MostCells = 40_000_000;

    /// <summary>Profiles read row by row: 136,000,000 cells took 595 MB, few take little more than a worker.</summary>
    private const long BytesPerProfiledCell = 16, MostOfProfile = 400L << 20;

    /// <summary>Of a training.</summary>
    /// <exception cref="MethodsUnknownException">No worker can tell which methods there are.</exception>
    public async ValueTask<long> OfTrainingAsync(DatasetRecord table, string method, bool isPrivate, CancellationToken cancellation) =>
        (await methods.ListAsync(cancellation)).FirstOrDefault(known => known.Name == method)?.Memory is { } memory
            ? Math.Max(Worker, memory.Of(table.RowCount ?? 0, table.ColumnCount ?? 0, isPrivate))
            : Worker + (BytesPerCell * (isPrivate ? Cells(table) : Math.Min(Cells(table), MostCells))); // Silos of an earlier version do not tell.

    /// <summary>Of a profile, of its analyses, and of reading all rows.</summary>
    public static long OfProfile(DatasetRecord table) => Worker + Math.Min(BytesPerProfiledCell * Cells(table), MostOfProfile);

    /// <summary>Of comparing rows with those of a table.</summary>
    /// <param name="table">The table, whose columns count.</param>
    /// <param name="others">Rows that are compared with it: synthetic and held out ones.</param>
    public static long OfEvaluation(DatasetRecord table, long others) =>
        Worker + (BytesPerComparedCell * ((table.RowCount ?? 0) + others) * (table.ColumnCount ?? 0));

    private static long Cells(DatasetRecord table) => (table.RowCount ?? 0) * (table.ColumnCount ?? 0);
}
