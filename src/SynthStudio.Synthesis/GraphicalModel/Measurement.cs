namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>A marginal as it was measured: counts with noise.</summary>
/// <param name="Clique">Its attributes.</param>
/// <param name="Counts">By cell, in the clique's layout.</param>
/// <param name="Deviation">Standard deviation of the noise in each cell, above 0.</param>
internal sealed record Measurement(Clique Clique, double[] Counts, double Deviation)
{
    /// <summary>By cell, how many measured cells it is the sum of, which multiplies its variance; null where each is one.</summary>
    public double[]? Merged { get; init; }
}
