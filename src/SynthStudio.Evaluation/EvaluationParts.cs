namespace SynthStudio.Evaluation;

/// <summary>The families of metrics an evaluation can run. Validity is always examined.</summary>
[Flags]
public enum EvaluationParts
{
    None = 0,

    /// <summary>How alike each column's distribution is.</summary>
    Shape = 1,

    /// <summary>How alike the dependence of each pair of columns is.</summary>
    Trend = 2,

    /// <summary>QA accuracy: how alike binned columns and pairs are, beside what fresh real rows would score.</summary>
    Accuracy = 4,

    /// <summary>Whether boosted trees can tell synthetic from training rows.</summary>
    Detection = 8,

    /// <summary>Whether a logistic regression can.</summary>
    LogisticDetection = 16,

    /// <summary>Whether a model learned from synthetic rows predicts real ones.</summary>
    Utility = 32,

    /// <summary>Whether synthetic rows lie suspiciously close to training rows.</summary>
    Distance = 64,

    /// <summary>What copies and attacks say about the people in the training table.</summary>
    Privacy = 128,

    /// <summary>Where synthetic rows lie among real ones: alpha-precision, beta-recall, authenticity.</summary>
    Coverage = 256,

    /// <summary>How alike the columns are within subgroups.</summary>
    Subgroups = 512,

    /// <summary>Distances of the columns' distributions, and the distributions themselves, to be drawn.</summary>
    Distribution = 1024,

    All = Shape | Trend | Accuracy | Detection | LogisticDetection | Utility | Distance | Privacy | Coverage | Subgroups | Distribution,
}
