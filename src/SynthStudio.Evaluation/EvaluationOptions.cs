using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Membership;

namespace SynthStudio.Evaluation;

/// <summary>What is measured and on how many rows. The defaults are those of the tables in the literature.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Decides which rows are sampled and how folds are cut.</summary>
    public int Seed { get; init; }

    public EvaluationParts Parts { get; init; } = EvaluationParts.All;

    /// <summary>How thoroughly the synthetic table is attacked, when <see cref="Parts"/> holds <see cref="EvaluationParts.Privacy"/>.</summary>
    public PrivacyAttacks Attacks { get; init; } = PrivacyAttacks.Fast;

    /// <summary>Generators to train for membership inference by shadow models; null leaves it out.</summary>
    public ShadowModels? Shadows { get; init; }

    /// <summary>Columns that others may know of a person; empty guesses them by their names and says so.</summary>
    public IReadOnlyList<string> QuasiIdentifiers { get; init; } = [];

    /// <summary>Columns by whose values nobody should be treated; empty guesses them by their names and says so.</summary>
    public IReadOnlyList<string> ProtectedColumns { get; init; } = [];

    /// <summary>Columns to predict beside the schema's target.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Whether the holdout is also scored in the place of the synthetic table, to show what fresh real rows reach.</summary>
    public bool MeasureCeiling { get; init; } = true;

    /// <summary>Rows of each table that are looked at; more are sampled.</summary>
    public int MaxRows { get; init; } = 1_000_000;

    /// <summary>Pairs of columns that are looked at; of a wide table's pairs as many are sampled. The default is all pairs of 200 columns.</summary>
    public int MaxPairs { get; init; } = 19_900;

    /// <summary>Triples of columns that are looked at; of more as many are sampled.</summary>
    public int MaxTriples { get; init; } = 500;

    /// <summary>Rows of each table that coverage compares with each other.</summary>
    public int MaxCoverageRows { get; init; } = 2_000;

    /// <summary>Rows a class in the detection tests.</summary>
    public int MaxDetectionRows { get; init; } = 20_000;

    /// <summary>Rows that the predictors of the utility metrics learn from.</summary>
    public int MaxUtilityRows { get; init; } = 100_000;

    /// <summary>Synthetic rows whose distance is measured.</summary>
    public int MaxDistanceRows { get; init; } = 4_000;

    /// <summary>Training rows, and holdout rows, that distances are measured to.</summary>
    public int MaxDistanceReferenceRows { get; init; } = 50_000;

    /// <summary>Threads used at once; 0 means one a processor.</summary>
    public int MaxParallelism { get; init; }
}
