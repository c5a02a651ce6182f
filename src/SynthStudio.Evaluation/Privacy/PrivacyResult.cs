using SynthStudio.Evaluation.Anonymity;
using SynthStudio.Evaluation.Attacks;
using SynthStudio.Evaluation.Copies;
using SynthStudio.Evaluation.Membership;
using SynthStudio.Evaluation.Outliers;

namespace SynthStudio.Evaluation.Privacy;

/// <summary>What copies, attacks and crowds say about the people behind the training rows.</summary>
public sealed record PrivacyResult
{
    /// <summary>How thoroughly the table was attacked.</summary>
    public required PrivacyAttacks Mode { get; init; }

    /// <summary>Rows that the attacks looked at; null when there were none.</summary>
    public AttackBudget? Budget { get; init; }

    public required CopyResult Copies { get; init; }

    /// <summary>Singling out, linkability, inference and attribute disclosure.</summary>
    public IReadOnlyList<AttackResult> Attacks { get; init; } = [];

    public IReadOnlyList<MembershipResult> Membership { get; init; } = [];

    /// <summary>The shadow models that one of the rankings of membership is by; null when there were none.</summary>
    public ShadowFacts? Shadows { get; init; }

    public OutlierResult? Outliers { get; init; }

    public AnonymityResult? Anonymity { get; init; }

    /// <summary>Every measure with a test, the most telling first. Raised alarms are false in 1 of 100 safe tables.</summary>
    public IReadOnlyList<PrivacyTest> Tests { get; init; } = [];
}
