namespace SynthStudio.Tabular;

/// <summary>A column of numbers, or of dates and times in seconds since 1970-01-01 UTC (since midnight for times of day).</summary>
public sealed record NumberSummary
{
    public required double Minimum { get; init; }

    public required double Maximum { get; init; }

    public required double Mean { get; init; }

    /// <summary>Standard deviation of the sample (divisor n - 1); 0 for a single value.</summary>
    public required double StandardDeviation { get; init; }

    public required long Zeros { get; init; }

    public required long Negative { get; init; }

    /// <summary>The smallest value that at least this share of the rows does not exceed, by share.</summary>
    public required IReadOnlyList<Quantile> Quantiles { get; init; }

    /// <summary>Equally wide bins from minimum to maximum.</summary>
    public required IReadOnlyList<HistogramBin> Histogram { get; init; }

    /// <summary>Whether quantiles come from a sample, because there are too many distinct values.</summary>
    public bool Sampled { get; init; }

    /// <summary>Minimum and maximum as the column writes them.</summary>
    public required string MinimumText { get; init; }

    /// <inheritdoc cref="MinimumText"/>
    public required string MaximumText { get; init; }
}

/// <summary>A quantile: <paramref name="Share"/> of the rows are not above <paramref name="Value"/>.</summary>
public sealed record Quantile(double Share, double Value);

/// <summary>Rows with values from <paramref name="From"/> up to, and without, <paramref name="To"/>; the last bin includes it.</summary>
public sealed record HistogramBin(double From, double To, long Rows);
