namespace SynthStudio.Catalog.Assistant;

/// <summary>That values of a data set may be sent to language models.</summary>
/// <param name="Dataset">Resource name of the data set.</param>
/// <param name="Project">Its project.</param>
/// <param name="Grantor">Who said so.</param>
/// <param name="Recipients">Hosts that they may be sent to.</param>
/// <param name="GrantTime">When.</param>
public sealed record AssistantConsent(
    string Dataset, string Project, string Grantor, IReadOnlyList<string> Recipients, DateTimeOffset GrantTime)
{
    /// <summary>Its resource name.</summary>
    public string Name => $"{Dataset}/assistantConsent";
}
