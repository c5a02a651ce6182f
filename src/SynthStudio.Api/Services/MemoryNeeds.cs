using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>
/// The least host memory that a job takes: a silo that has less is not given it. A floor, not a forecast: what a network and its batches
/// take beyond it depends on options that only the method understands.
/// </summary>
internal static class MemoryNeeds
{
    /// <summary>A worker with libtorch and a small model; the smallest peak that was measured is 274 MB.</summary>
    public const long Worker = 256L << 20;

    /// <summary>A cell as it was read (a code or a number, 4 to 8 bytes) and as tokens (2 to 4).</summary>
    private const long BytesPerCell = 8;

    /// <summary>Of a training on this table. A size that is not known counts for nothing.</summary>
    public static long Of(DatasetRecord table) => Worker + ((table.RowCount ?? 0) * (table.ColumnCount ?? 0) * BytesPerCell);
}
