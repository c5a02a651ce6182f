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

    /// <summary>A cell of a table that is compared with another: an evaluation of three tables of 20,000,000 cells took 1.5 GB.</summary>
    private const long BytesPerComparedCell = 68;

    /// <summary>Profiles read row by row: 136,000,000 cells took 595 MB, few take little more than a worker.</summary>
    private const long BytesPerProfiledCell = 16, MostOfProfile = 400L << 20;

    /// <summary>Of a training.</summary>
    /// <exception cref="MethodsUnknownException">No worker can tell which methods there are.</exception>
    public async ValueTask<long> OfTrainingAsync(DatasetRecord table, string method, bool isPrivate, CancellationToken cancellation) =>
        (await methods.ListAsync(cancellation)).FirstOrDefault(known => known.Name == method)?.Memory is { } memory
            ? Math.Max(Worker, memory.Of(table.RowCount ?? 0, table.ColumnCount ?? 0, isPrivate))
            : Worker + (BytesPerComparedCell * Cells(table)); // Silos of an earlier version do not tell.

    /// <summary>Of a profile, of its analyses, and of reading all rows.</summary>
    public static long OfProfile(DatasetRecord table) => Worker + Math.Min(BytesPerProfiledCell * Cells(table), MostOfProfile);

    /// <summary>Of comparing rows with those of a table.</summary>
    public static long OfEvaluation(DatasetRecord table) => Worker + (BytesPerComparedCell * Cells(table));

    private static long Cells(DatasetRecord table) => (table.RowCount ?? 0) * (table.ColumnCount ?? 0);
}
