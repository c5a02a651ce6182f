using SynthStudio.Privacy;
using SynthStudio.Privacy.Events;

namespace SynthStudio.Api.Privacy;

/// <summary>Stops a search that asks an accountant again and again: one answer takes a second at most, a search may take dozens of them.</summary>
internal sealed class BoundedAccountant(IPrivacyAccountant accountant, CancellationToken limit) : IPrivacyAccountant
{
    public string Name => accountant.Name;

    public double Epsilon(PrivacyEvent privacyEvent, double delta)
    {
        limit.ThrowIfCancellationRequested();
        return accountant.Epsilon(privacyEvent, delta);
    }

    public double Delta(PrivacyEvent privacyEvent, double epsilon)
    {
        limit.ThrowIfCancellationRequested();
        return accountant.Delta(privacyEvent, epsilon);
    }
}
