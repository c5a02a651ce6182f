namespace SynthStudio.Api;

/// <summary>
/// Parts of the API that an installation may go without. A part that comes later gets its flag, and a line in <see cref="OffFor"/>.
/// </summary>
public sealed class FeatureFlags
{
    /// <summary>
    /// Computations, budgets and reports of differential privacy by the API. Without, trainings under privacy terms cannot be set up;
    /// the ledger goes on for those there are.
    /// </summary>
    public bool Privacy { get; set; } = true;

    /// <summary>Whether gRPC's reflection service tells clients what there is to call.</summary>
    public bool Reflection { get; set; } = true;

    /// <summary>Whether webhooks can be made and are sent to.</summary>
    public bool Webhooks { get; set; } = true;

    /// <summary>Whether rows can be moved from and to databases and buckets of others.</summary>
    public bool Transfers { get; set; } = true;

    /// <summary>
    /// Whether language models are asked (<see cref="ApiOptions.Assistant"/>): metadata of projects then leave for them.
    /// Off unless the operator decides so.
    /// </summary>
    public bool Assistant { get; set; }

    /// <summary>
    /// Whether generators may be of methods that give back the rows they learned, as <c>bootstrap</c>, a baseline for reports,
    /// does: whoever may see synthetic rows then sees real ones, whatever a project's data policy says. What was made while this
    /// was on stays readable when it is off.
    /// </summary>
    public bool CopyingMethods { get; set; }

    /// <summary>The flag, by its name, that switches a method off; null when it is on.</summary>
    internal string? OffFor(string method) => !Privacy && method.StartsWith("/synthstudio.v1.PrivacyService/", StringComparison.Ordinal) ? nameof(Privacy)
        : !Webhooks && method.StartsWith("/synthstudio.v1.WebhookService/", StringComparison.Ordinal) ? nameof(Webhooks)
        : !Transfers && (method.StartsWith("/synthstudio.v1.TransferService/", StringComparison.Ordinal) || method.StartsWith("/synthstudio.v1.ConnectionService/", StringComparison.Ordinal)) ? nameof(Transfers)
        : !Assistant && method.StartsWith("/synthstudio.v1.AssistantService/", StringComparison.Ordinal) ? nameof(Assistant)
        : null;
}
