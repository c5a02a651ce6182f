using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy;

/// <summary>Turns what happened into (epsilon, delta). Pure: the same event gives the same answer.</summary>
public interface IPrivacyAccountant
{
    /// <summary>The name users choose it by: <c>pld</c>, <c>rdp</c>, <c>zcdp</c> or <c>gdp</c>.</summary>
    string Name { get; }

    /// <summary>The smallest epsilon it can prove at <paramref name="delta"/>; infinite when there is none.</summary>
    /// <exception cref="PrivacyException">Delta is not between 0 and 1, or an event is of a kind it has no bound for.</exception>
    double Epsilon(PrivacyEvent privacyEvent, double delta);

    /// <summary>The smallest delta it can prove at <paramref name="epsilon"/>; at most 1.</summary>
    /// <exception cref="PrivacyException">Epsilon is negative, or an event is of a kind it has no bound for.</exception>
    double Delta(PrivacyEvent privacyEvent, double epsilon);
}
