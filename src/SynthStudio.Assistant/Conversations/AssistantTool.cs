using System.Text.Json;
using System.Text.Json.Nodes;

namespace SynthStudio.Assistant.Conversations;

/// <summary>Something that a model may have looked up. It only reads, and whoever makes it answers for the caller's rights.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="Description">What it tells, for the model.</param>
/// <param name="Parameters">Its texts by name, with what they mean; all are required.</param>
/// <param name="CallAsync">Looks it up: JSON, or an error in words. Gets the arguments that the model named, which may be anything.</param>
public sealed record AssistantTool(
    string Name, string Description, IReadOnlyDictionary<string, string> Parameters,
    Func<IReadOnlyDictionary<string, string>, CancellationToken, Task<ToolResult>> CallAsync)
{
    /// <summary>What a model is told of it.</summary>
    internal AITool Declare()
    {
        var properties = new JsonObject();
        foreach (var (name, description) in Parameters) properties[name] = new JsonObject { ["type"] = "string", ["description"] = description };
        var schema = new JsonObject
        {
            ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray([.. Parameters.Keys.Select(name => (JsonNode?)name)]), ["additionalProperties"] = false,
        };
        return AIFunctionFactory.CreateDeclaration(Name, Description, JsonSerializer.SerializeToElement(schema));
    }
}

/// <summary>What a tool told.</summary>
/// <param name="Text">JSON, or an error in words: the model reads it.</param>
/// <param name="Resource">What it was about; empty for nothing.</param>
/// <param name="Error">The reason why it told nothing; empty when it did.</param>
/// <param name="IsRaw">Whether it holds values of real rows.</param>
public sealed record ToolResult(string Text, string Resource, string Error = "", bool IsRaw = false);

/// <summary>A tool that was called, for whoever watches.</summary>
/// <param name="Tool">Its name; what the model said where there is no such tool.</param>
/// <param name="Result">What it told.</param>
public sealed record ToolUse(string Tool, ToolResult Result);
