namespace SynthStudio.Assistant;

/// <summary>
/// Which providers are asked, by their ids, in order: the next one where the one before does not
/// answer. An empty list takes all, as they are listed.
/// </summary>
public sealed class RouteOptions
{
    /// <summary>For questions about a project.</summary>
    public IList<string> Chat { get; init; } = [];

    /// <summary>For explaining reports.</summary>
    public IList<string> Explain { get; init; } = [];

    /// <summary>For suggesting options of generators.</summary>
    public IList<string> Suggest { get; init; } = [];

    /// <summary>For drafting documents.</summary>
    public IList<string> Draft { get; init; } = [];

    /// <summary>For declaring tables.</summary>
    public IList<string> Propose { get; init; } = [];

    /// <summary>For classifying columns.</summary>
    public IList<string> Classify { get; init; } = [];

    internal IList<string> Of(AssistantTask task) => task switch
    {
        AssistantTask.Chat => Chat,
        AssistantTask.Explain => Explain,
        AssistantTask.Suggest => Suggest,
        AssistantTask.Draft => Draft,
        AssistantTask.Propose => Propose,
        _ => Classify,
    };
}
