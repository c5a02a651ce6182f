using System.Text.Json.Nodes;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Prompts;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Tasks;

/// <summary>A column by its name and kind.</summary>
public sealed record NamedColumn(string Name, string Kind);

/// <summary>What a column probably holds.</summary>
/// <param name="Name">The column.</param>
/// <param name="Content">In a few words.</param>
/// <param name="Sensitivity"><c>direct_identifier</c>, <c>quasi_identifier</c>, <c>sensitive</c> or <c>none</c>.</param>
/// <param name="Confidence"><c>high</c>, <c>medium</c> or <c>low</c>.</param>
/// <param name="Reason">In a few words.</param>
public sealed record ClassifiedColumn(string Name, string Content, string Sensitivity, string Confidence, string Reason);

/// <summary>Says what columns hold by their names and kinds. What a model says of columns that there are not, or not at all, is left out.</summary>
public sealed class ColumnClassifier(JsonQuestion question)
{
    private const int AtOnce = 80, LongestText = 200;

    private static readonly string[] Sensitivities = ["direct_identifier", "quasi_identifier", "sensitive", "none"], Confidences = ["high", "medium", "low"];

    /// <param name="columns">All columns of the table; asked for in groups.</param>
    /// <param name="budget">Of the call.</param>
    /// <returns>Those of which something was said, in their order, and the last turn.</returns>
    /// <exception cref="AssistantException">There is no answer.</exception>
    public async Task<(IReadOnlyList<ClassifiedColumn> Columns, ModelAnswer Answer)> ClassifyAsync(IReadOnlyList<NamedColumn> columns, CallBudget budget)
    {
        var found = new List<ClassifiedColumn>();
        ModelAnswer? last = null;
        foreach (var group in columns.Chunk(AtOnce))
        {
            var data = new JsonArray(
                [.. group.Select(column => (JsonNode)new JsonObject { ["name"] = column.Name, ["kind"] = column.Kind })]);
            var (value, answer) = await question.AskAsync(
                [PromptTexts.System(AssistantTask.Classify), new ChatMessage(ChatRole.User, PromptTexts.Data("columns", data))],
                said => Task.FromResult(Judge(said, group)), budget);
            found.AddRange(value);
            last = answer;
        }

        return (found, last ?? throw new ArgumentException("There are no columns.", nameof(columns)));
    }

    private static Judged<List<ClassifiedColumn>> Judge(JsonObject answer, IReadOnlyList<NamedColumn> columns)
    {
        if (answer["columns"] is not JsonArray) return new(null, ["The list columns is missing."]);
        var (said, problems) = (new Dictionary<string, ClassifiedColumn>(StringComparer.Ordinal), new List<string>());
        foreach (var node in answer.Objects("columns"))
        {
            var column = new ClassifiedColumn(node.Text("name"), Short(node.Text("content")), node.Text("sensitivity"), node.Text("confidence"), Short(node.Text("reason")));
            if (columns.All(c => c.Name != column.Name)) problems.Add("There is a column in the answer that is not in the data.");
            else if (!Sensitivities.Contains(column.Sensitivity)) problems.Add($"{column.Name}: sensitivity must be one of {string.Join(", ", Sensitivities)}.");
            else if (!Confidences.Contains(column.Confidence)) problems.Add($"{column.Name}: confidence must be one of {string.Join(", ", Confidences)}.");
            else if (!said.TryAdd(column.Name, column)) problems.Add($"{column.Name} is there twice.");
        }

        problems.AddRange(columns.Where(c => !said.ContainsKey(c.Name)).Select(c => $"{c.Name} is missing."));
        return new(said.Count > 0 ? [.. columns.Where(c => said.ContainsKey(c.Name)).Select(c => said[c.Name])] : null, problems);
    }

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
