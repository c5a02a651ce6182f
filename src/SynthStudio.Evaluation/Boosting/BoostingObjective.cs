namespace SynthStudio.Evaluation.Boosting;

/// <summary>What boosted trees are fitted to.</summary>
internal enum BoostingObjective
{
    /// <summary>Labels 0 and 1, log loss; predictions are probabilities of 1.</summary>
    Binary,

    /// <summary>Labels 0 to classes - 1, softmax; predictions are one probability a class, class by class.</summary>
    Multiclass,

    /// <summary>Numbers, squared error.</summary>
    Regression,
}
