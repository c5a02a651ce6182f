namespace SynthStudio.Synthesis.GraphicalModel;

/// <summary>
/// When an estimation stops. Early is better: what the last thousands of iterations gain is the noise. On discretised Adult (epsilon 1) the
/// distance of a spanning tree's pairs from the true ones was .038 after 400 iterations and .052 after 3,400.
/// </summary>
internal sealed record EstimationOptions
{
    /// <summary>No more iterations than this.</summary>
    public int MostIterations { get; init; } = 1_000;

    /// <summary>Stops after the iteration in which it becomes true, the first at the earliest.</summary>
    public Func<bool> Enough { get; init; } = () => false;

    /// <summary>Stops when so many iterations ...</summary>
    public int Patience { get; init; } = 20;

    /// <summary>... lowered the loss by less than this share.</summary>
    public double Tolerance { get; init; } = 5e-3;

    /// <summary>Factor of the step after one that was good.</summary>
    public double Growth { get; init; } = 1.1;

    /// <summary>Smallest step, in units of the one that is safe by the loss's curvature.</summary>
    public double LeastStep { get; init; } = 1e-6;

    /// <summary>Greatest step, likewise: where nothing is left to gain, steps would grow without end.</summary>
    public double MostStep { get; init; } = 1e6;
}
