namespace SynthStudio.Cli.Running;

/// <summary>What a column must be in every row.</summary>
/// <param name="Column">The column.</param>
internal sealed record RowCondition(string Column)
{
    /// <summary>One of these values; empty for none.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Always missing.</summary>
    public bool Missing { get; init; }

    /// <summary>Never missing.</summary>
    public bool NotMissing { get; init; }

    public RowBound? Low { get; init; }

    public RowBound? High { get; init; }

    public bool IsRange => Low is not null || High is not null;
}

/// <summary>One end of a range.</summary>
internal sealed record RowBound(string Value, bool Inclusive);
