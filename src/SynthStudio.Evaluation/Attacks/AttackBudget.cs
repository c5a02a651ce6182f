namespace SynthStudio.Evaluation.Attacks;

/// <summary>How many rows the attacks look at. Their intervals tell what fewer rows cost.</summary>
/// <param name="Targets">People of training, and as many of the holdout, that each attack tries.</param>
/// <param name="Secrets">Columns that are guessed, at most.</param>
/// <param name="CopyPeople">People of training, and of the holdout, whose near copies are looked for.</param>
/// <param name="CopyRows">Synthetic rows that near copies are looked for among.</param>
/// <param name="RatioRows">Synthetic rows whose distance ratios are measured.</param>
/// <param name="ReferenceRows">Rows of a table that neighbours are searched among.</param>
/// <param name="RarityRows">People of training, and as many of the holdout, whose rarity is measured.</param>
public sealed record AttackBudget(int Targets, int Secrets, int CopyPeople, int CopyRows, int RatioRows, int ReferenceRows, int RarityRows)
{
    internal static AttackBudget Of(PrivacyAttacks attacks) => attacks switch
    {
        PrivacyAttacks.Full => new(2_000, 60, 50_000, 50_000, 10_000, 50_000, 10_000),
        _ => new(500, 15, 25_000, 25_000, 2_000, 25_000, 2_000),
    };
}
