using SynthStudio.Synthesis.Boosting;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>How columns are refined, whatever the table.</summary>
internal sealed record RefinementPlan
{
    /// <summary>How density ratios are learned.</summary>
    public BoostingPlan Boosting { get; init; } = new();

    /// <summary>Drawn rows for each training row that density ratios are learned from.</summary>
    public int DrawnPerRow { get; init; } = 2;

    /// <summary>Share of the rows of both kinds that trees are not grown on: they say when to stop, and whether it was worth it.</summary>
    public double HeldBackShare { get; init; } = 0.2;

    /// <summary>Nats a row that a column's refiner must gain on held-back rows; less is not worth the time to draw.</summary>
    public double LeastGain { get; init; } = 0.005;

    /// <summary>Standard errors that the fall of the held-back loss must have: below, it may be chance.</summary>
    public double LeastEvidence { get; init; } = 2;

    /// <summary>Cells that the network draws for a row, to choose among; each relation proposes one more.</summary>
    public int Candidates { get; init; } = 16;

    /// <summary>
    /// Candidates of equal weight that a row should have to choose from. Those with unequal weights count for less: then as many are drawn again,
    /// up to <see cref="MostRepeats"/> times in all. The mixture they come from must stay what density ratios were learned for.
    /// </summary>
    public double EffectiveCandidates { get; init; } = 12;

    /// <inheritdoc cref="EffectiveCandidates"/>
    public int MostRepeats { get; init; } = 3;

    /// <summary>Training rows times columns that are looked at, at most, and the fewest and most rows whatever the number of columns.</summary>
    public (int RowsTimesColumns, int LeastRows, int MostRows) Size { get; init; } = (1_000_000, 2_000, 100_000);

    /// <summary>Columns that trees of a column look at, the most informative ones.</summary>
    public int MostPredictors { get; init; } = 40;

    /// <summary>How trees are grown that draw a column of two values again.</summary>
    public BoostingPlan Resampling { get; init; } = new() { LearningRate = 0.08, Regularisation = 1, RowShare = 0.9, Patience = 20 };

    /// <summary>Tables with fewer rows are left to the network: what trees add there brings rows nearer to training rows.</summary>
    public int FewestResampledRows { get; init; } = 2_000;

    /// <summary>
    /// Columns of two values that may be drawn again, at most: the target, and those that others say most about. It bounds
    /// what a wide table costs.
    /// </summary>
    public int MostResampled { get; init; } = 20;

    /// <summary>Rows on which these are compared with the network, at most.</summary>
    public int MostComparedRows { get; init; } = 8_192;
}
