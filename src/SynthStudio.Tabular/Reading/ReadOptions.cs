namespace SynthStudio.Tabular;

/// <summary>How to read a table.</summary>
public sealed record ReadOptions
{
    /// <summary>Read no more than so many rows, from the start; null reads all.</summary>
    public long? MaximumRows { get; init; }

    /// <summary>Read only these columns, in this order; null reads all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// Reads values that do not fit their declared kind as missing ones instead of refusing the table; for scoring tables that others made.
    /// </summary>
    public bool InvalidValuesAreMissing { get; init; }

    /// <summary>
    /// Reads each cell of a declared column by itself: for private trainings, where no row may change how another one is read. Dates, times
    /// and moments without a declared format are read in ISO 8601, moments with an offset in UTC, durations likewise; of booleans their
    /// declared values are read; a missing value is no error where none is declared to be.
    /// </summary>
    public bool CellsByThemselves { get; init; }

    /// <summary>When a table is read as another one's schema says, does without the columns that it lacks instead of refusing it.</summary>
    public bool AbsentColumnsAreLeftOut { get; init; }

    /// <summary>Encoding of a text file without byte order mark, by its IANA name; null finds it out (UTF-8, UTF-16, else Windows-1252).</summary>
    public string? Encoding { get; init; }

    /// <summary>Threads that parse.</summary>
    public int Threads { get; init; } = Math.Max(1, Math.Min(Environment.ProcessorCount, 8));

    /// <summary>Memory the database engine may use, in bytes; beyond it, it works on disk. The finished table comes on top.</summary>
    public long MemoryLimit { get; init; } = 1L << 30;

    /// <summary>Folder for what does not fit into memory and for expanded files; everything put there is deleted again.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();

    /// <summary>A compressed file that expands to more bytes than this is refused, a Parquet file by what its footer says.</summary>
    public long MaximumExpandedBytes { get; init; } = 256L << 30;

    /// <summary>
    /// A compressed file that expands to more than a gibibyte and to more than so many times its size is refused: tables expand to some ten times
    /// theirs, files that were made to fill a disk to a thousand and more. Of Parquet each cell counts as a byte at least.
    /// </summary>
    public int MaximumExpansion { get; init; } = 250;

    /// <summary>Most columns a table may have.</summary>
    public int MaximumColumns { get; init; } = 20_000;
}
