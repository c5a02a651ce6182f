using SynthStudio.Api.Errors;
using SynthStudio.Assistant;
using SynthStudio.Catalog.Assistant;

namespace SynthStudio.Api.Assistant;

/// <summary>Lets values of real rows reach language models only where the data set's owner said so, and only those models that there were then.</summary>
internal sealed class ConsentGate(AssistantConsentStore consents, AssistantOptions options)
{
    /// <summary>Hosts that get what tools of a chat tell: all of its route, since any of them may be asked.</summary>
    public IReadOnlyList<string> Recipients => [.. options.RouteOf(AssistantTask.Chat).Select(provider => provider.Recipient()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <exception cref="RpcException">PERMISSION_DENIED: nobody consented, or not to these recipients.</exception>
    public async Task DemandAsync(string dataset, CancellationToken cancellation)
    {
        if (await consents.FindAsync(dataset, cancellation) is not { } consent)
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.NoConsent, $"No owner consented to send values of {dataset} to language models: they stay here. An owner may (UpdateAssistantConsent).");
        }

        if (Recipients.FirstOrDefault(recipient => !consent.Recipients.Contains(recipient)) is { } stranger)
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.NoConsent, $"The consent for {dataset} does not name {stranger}, which is asked now: values stay here until an owner consents anew.");
        }
    }
}
