namespace SynthStudio.Tabular;

/// <summary>How to profile a table.</summary>
public sealed record ProfileOptions
{
    /// <summary>How to read the file.</summary>
    public ReadOptions Reading { get; init; } = new();

    /// <summary>Most frequent values listed a column.</summary>
    public int TopValues { get; init; } = 10;

    /// <summary>Bins of a histogram.</summary>
    public int HistogramBins { get; init; } = 20;

    /// <summary>Correlations are computed between at most so many columns, the first ones with numbers or times.</summary>
    public int CorrelatedColumns { get; init; } = 64;

    /// <summary>Correlations are computed over at most about so many rows, chosen by a hash of their number.</summary>
    public int CorrelatedRows { get; init; } = 100_000;

    /// <summary>Memory for counting distinct texts, all columns together; a column that needs more than its share continues on disk.</summary>
    public long CountedBytes { get; init; } = 256_000_000;

    /// <summary>Quantiles come from at most so many distinct values; where there are more, from a sample of them.</summary>
    public int QuantileValues { get; init; } = 8_000_000;

    /// <summary>Collects the fingerprints of the rows in the same pass; null makes none.</summary>
    public RowFingerprints? Fingerprints { get; init; }

    /// <summary>Keeps the first rows in the same pass; null keeps none.</summary>
    public TablePreview? Preview { get; init; }
}
