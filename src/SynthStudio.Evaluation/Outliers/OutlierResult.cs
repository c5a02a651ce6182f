using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Outliers;

/// <summary>Whether the rarest training people are closer to synthetic rows than equally rare others are.</summary>
/// <param name="RarePeople">Training people among the rarest that were looked at.</param>
/// <param name="RareOthers">Holdout people among the rarest that were looked at.</param>
/// <param name="RareAuc">Chance that a rare training person is closer to its nearest synthetic row than a rare other one: 0.5 is ideal.</param>
/// <param name="CommonAuc">The same for everybody else.</param>
/// <param name="RareMedianDistance">Median distance of rare training people to their nearest synthetic row, in columns.</param>
/// <param name="RareOtherMedianDistance">The same of rare others.</param>
/// <param name="PValue">How likely such closeness of the rare is when nothing leaks.</param>
public sealed record OutlierResult(
    int RarePeople,
    int RareOthers,
    Estimate RareAuc,
    Estimate CommonAuc,
    double RareMedianDistance,
    double RareOtherMedianDistance,
    double PValue);
