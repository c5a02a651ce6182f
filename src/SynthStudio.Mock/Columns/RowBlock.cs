using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>Rows that are made together.</summary>
/// <param name="Seed">The user's seed.</param>
/// <param name="First">Number of the first row, from 0.</param>
/// <param name="Rows">How many.</param>
internal sealed record RowBlock(long Seed, long First, int Rows)
{
    /// <summary>What is made already, by name; expressions read it.</summary>
    public Dictionary<string, Column> Made { get; } = new(StringComparer.Ordinal);
}
