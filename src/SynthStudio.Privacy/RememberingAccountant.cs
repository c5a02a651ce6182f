using System.Collections.Concurrent;
using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy;

/// <summary>
/// An accountant that remembers some hundred answers. A plan, the loop that follows it and the statement after it ask for the same figures, and so do
/// trainings on the same terms; each takes a good part of a second to work out.
/// </summary>
/// <param name="accountant">Who works them out. Its answers must follow from the event and the number alone.</param>
public sealed class RememberingAccountant(IPrivacyAccountant accountant) : IPrivacyAccountant
{
    private const int Kept = 512;

    private readonly ConcurrentDictionary<(string Event, double Delta), double> _epsilons = new();

    public string Name => accountant.Name;

    public double Epsilon(PrivacyEvent privacyEvent, double delta)
    {
        var key = (PrivacyEventJson.Write(privacyEvent), delta);
        if (_epsilons.TryGetValue(key, out var known)) return known;
        if (_epsilons.Count >= Kept) _epsilons.Clear();
        return _epsilons[key] = accountant.Epsilon(privacyEvent, delta);
    }

    public double Delta(PrivacyEvent privacyEvent, double epsilon) => accountant.Delta(privacyEvent, epsilon);
}
