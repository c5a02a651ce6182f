namespace SynthStudio.Tabular;

/// <summary>How to write delimited text.</summary>
public sealed record WriteOptions
{
    /// <summary>Whether the first line names the columns.</summary>
    public bool Header { get; init; } = true;

    /// <summary>The ASCII character between cells.</summary>
    public char Delimiter { get; init; } = ',';
}
