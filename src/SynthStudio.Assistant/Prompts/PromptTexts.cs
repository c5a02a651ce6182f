using System.Text.Json.Nodes;

namespace SynthStudio.Assistant.Prompts;

/// <summary>What models are told beforehand: the texts beside this file, after what holds for all of them.</summary>
internal static class PromptTexts
{
    private const string Common = "common.md";

    private static readonly Dictionary<AssistantTask, string> Texts = Enum.GetValues<AssistantTask>().ToDictionary(
        task => task, task => $"{Read(Common)}\n{Read($"{task.ToString().ToLowerInvariant()}.md")}");

    /// <summary>The system prompt of a task.</summary>
    public static ChatMessage System(AssistantTask task) => new(ChatRole.System, Texts[task]);

    /// <summary>
    /// Data for a model to read, as JSON between marks that nothing in it can close: JSON escapes angle brackets. Names, descriptions and values
    /// reach a model in no other way.
    /// </summary>
    public static string Data(string label, JsonNode data) => $"<data label=\"{label}\">\n{data.ToJsonString()}\n</data>";

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PromptTexts).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not among the prompts."));
        return reader.ReadToEnd();
    }
}
