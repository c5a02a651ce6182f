using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Membership;

/// <summary>How well an attacker tells training people from others of the same population.</summary>
/// <param name="Attack">What people are ranked by: <c>distance</c>, <c>density_ratio</c> or <c>shadow_models</c>.</param>
/// <param name="Members">Training people that were ranked.</param>
/// <param name="NonMembers">Holdout people that were ranked.</param>
/// <param name="Auc">Chance that a training person ranks before another: 0.5 is ideal.</param>
/// <param name="TruePositiveRate">Share of training people found when 1 % of the others are accused wrongly: 0.01 is ideal.</param>
/// <param name="PValue">How likely such a ranking, overall or at its top, is when nothing leaks.</param>
public sealed record MembershipResult(
    string Attack, int Members, int NonMembers, Estimate Auc, Estimate TruePositiveRate, double PValue);
