namespace SynthStudio.Synthesis.Boosting;

/// <summary>How boosted trees are grown.</summary>
internal sealed record BoostingPlan
{
    /// <summary>Most trees.</summary>
    public int Trees { get; init; } = 400;

    /// <summary>Questions a tree asks, at most <see cref="ObliviousTrees.MostDepth"/>: it has two to the power of so many leaves.</summary>
    public int Depth { get; init; } = 5;

    /// <summary>Factor on every leaf: the smaller, the more trees are needed and the smoother their sum.</summary>
    public double LearningRate { get; init; } = 0.15;

    /// <summary>Lambda, added to a leaf's curvature: a row weighs at most 1/4, so 5 is worth at least twenty rows that pull to zero.</summary>
    public double Regularisation { get; init; } = 5;

    /// <summary>Share of the rows that each tree looks at.</summary>
    public double RowShare { get; init; } = 0.6;

    /// <summary>Growing ends after so many trees that did not lower the held-back loss.</summary>
    public int Patience { get; init; } = 15;
}
