namespace SynthStudio.Evaluation.Attacks;

/// <summary>How thoroughly the synthetic table is attacked.</summary>
public enum PrivacyAttacks
{
    /// <summary>Only copies are counted.</summary>
    None,

    /// <summary>Every attack on a few hundred people.</summary>
    Fast,

    /// <summary>Every attack on thousands of people.</summary>
    Full,
}
