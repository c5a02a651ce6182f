namespace SynthStudio.Evaluation.Boosting;

/// <summary>How trees are boosted. Trees have at most 31 leaves of at least 20 rows, as scikit-learn's HistGradientBoosting makes them.</summary>
internal sealed record BoostingOptions
{
    public required BoostingObjective Objective { get; init; }

    /// <summary>Number of classes of <see cref="BoostingObjective.Multiclass"/>.</summary>
    public int Classes { get; init; } = 1;

    /// <summary>Rounds at most.</summary>
    public required int Rounds { get; init; }

    public double LearningRate { get; init; } = 0.1;

    /// <summary>Boosting stops when the held-back loss has not improved for this many rounds. Without held-back rows it never stops early.</summary>
    public int Patience { get; init; } = 10;

    public required int Seed { get; init; }

    public string ToParameters() => FormattableString.Invariant(
        $"""
        objective={(Objective switch { BoostingObjective.Binary => "binary", BoostingObjective.Multiclass => "multiclass", _ => "regression" })}
        metric={(Objective switch { BoostingObjective.Binary => "binary_logloss", BoostingObjective.Multiclass => "multi_logloss", _ => "l2" })}
        num_class={Classes} learning_rate={LearningRate} num_leaves=31 min_data_in_leaf=20 min_sum_hessian_in_leaf=0.001
        lambda_l2=0 seed={Seed} deterministic=true force_col_wise=true num_threads=1 verbosity=-1
        """).ReplaceLineEndings(" ");
}
