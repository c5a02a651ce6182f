using SynthStudio.Api.Errors;
using SynthStudio.Api.Services;
using SynthStudio.Assistant;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Assistant;

namespace SynthStudio.Api.Assistant;

/// <summary>
/// Lets values of real rows reach language models only where an owner said so who is one still, and only those models that there were then.
/// </summary>
internal sealed class ConsentGate(AssistantConsentStore consents, AssistantOptions options, TimeProvider time)
{
    /// <summary>Hosts that get what tools of a chat tell: all of its route, since any of them may be asked.</summary>
    private string[] Recipients =>
    [
        .. options.RouteOf(AssistantTask.Chat)
            .Select(provider => provider.Recipient())
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The consent for a data set; null when there is none.</summary>
    public Task<AssistantConsent?> FindAsync(string dataset, CancellationToken cancellation) => consents.FindAsync(dataset, cancellation);

    /// <summary>Notes that values may be sent to those who are asked now.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION: nothing of the data set is told to anybody.</exception>
    public async Task<AssistantConsent> GrantAsync(DatasetRecord dataset, string grantor, CancellationToken cancellation)
    {
        if (dataset.Withheld) throw ApiErrors.Precondition(ErrorReasons.Withheld, dataset.Name, $"{dataset.Name} was uploaded as withheld: nothing of it is told to anybody.");
        var consent = new AssistantConsent(dataset.Name, dataset.Project, grantor, Recipients, time.Now());
        await consents.SetAsync(consent, cancellation);
        return consent;
    }

    public Task RevokeAsync(string dataset, CancellationToken cancellation) => consents.DeleteAsync(dataset, cancellation);

    /// <summary>Makes sure that values of a data set may leave now.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED: nobody consented who still may, or not to these recipients.</exception>
    public async Task DemandAsync(string dataset, CancellationToken cancellation)
    {
        if (await consents.FindAsync(dataset, cancellation) is not { } consent)
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.NoConsent,
                $"No owner of now consented to send values of {dataset} to language models: they stay here. "
                + "An owner may (UpdateAssistantConsent).");
        }

        if (Array.Find(Recipients, recipient => !consent.Recipients.Contains(recipient)) is { } stranger)
        {
            throw ApiErrors.PermissionDenied(
                ErrorReasons.NoConsent, $"The consent for {dataset} does not name {stranger}, which is asked now: values stay here until an owner consents anew.");
        }
    }
}
