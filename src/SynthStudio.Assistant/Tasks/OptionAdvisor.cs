using System.Text.Json.Nodes;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Facts;
using SynthStudio.Assistant.Prompts;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Tasks;

/// <summary>An option of a method.</summary>
/// <param name="Name">In snake_case.</param>
/// <param name="Description">What it does.</param>
/// <param name="Now">What it is set to; empty where the method chooses.</param>
/// <param name="Default">What it is when nobody sets it.</param>
/// <param name="Allowed">What it may be, in words.</param>
/// <param name="Accepts">Whether it may be a value.</param>
public sealed record MethodOption(string Name, string Description, string Now, string Default, string Allowed, Func<string, bool> Accepts);

/// <summary>Another value for an option.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Value">What to set it to.</param>
/// <param name="Now">What it is set to.</param>
/// <param name="Reason">Why.</param>
public sealed record OptionSuggestion(string Option, string Value, string Now, string Reason);

/// <summary>What is suggested for a generator.</summary>
/// <param name="Summary">In words.</param>
/// <param name="Suggestions">Values that the method accepts, the most promising first.</param>
/// <param name="Rejected">What was suggested and is not possible or not supported, and why.</param>
/// <param name="Answer">The turn that it is from.</param>
public sealed record Advice(string Summary, IReadOnlyList<OptionSuggestion> Suggestions, IReadOnlyList<string> Rejected, ModelAnswer Answer);

/// <summary>
/// Suggests options for a generator's next training: only such as there are, with values that they
/// accept, for reasons whose numbers were measured.
/// </summary>
public sealed class OptionAdvisor(JsonQuestion question)
{
    /// <param name="method">The generator's method.</param>
    /// <param name="options">The options there are.</param>
    /// <param name="figures">What was measured of it, by name.</param>
    /// <param name="budget">Of the call.</param>
    /// <exception cref="AssistantException">There is no answer.</exception>
    public async Task<Advice> AdviseAsync(string method, IReadOnlyList<MethodOption> options, IReadOnlyDictionary<string, double> figures, CallBudget budget)
    {
        var data = PromptTexts.Data("generator", new JsonObject
        {
            ["method"] = method,
            ["options"] = new JsonArray([.. options.Select(o => (JsonNode)new JsonObject
            {
                ["name"] = o.Name, ["description"] = o.Description, ["now"] = o.Now, ["default"] = o.Default, ["allowed"] = o.Allowed,
            })]),
            ["figures"] = new JsonObject(figures.Where(f => double.IsFinite(f.Value)).Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value))),
        });
        var (found, answer) = await question.AskAsync(
            [PromptTexts.System(AssistantTask.Suggest), new ChatMessage(ChatRole.User, data)], answer => Task.FromResult(Judge(answer, options, data)), budget);
        return found with { Answer = answer };
    }

    private static Judged<Advice> Judge(JsonObject answer, IReadOnlyList<MethodOption> options, string data)
    {
        if (answer["suggestions"] is not JsonArray) return new(null, ["The list suggestions is missing."]);
        var (good, problems) = (new List<OptionSuggestion>(), new List<string>());
        foreach (var suggestion in answer.Objects("suggestions"))
        {
            var (name, value, reason) = (suggestion.Text("option"), suggestion.Scalar("value"), suggestion.Text("reason"));
            var option = options.FirstOrDefault(o => o.Name == name);
            if (option is null) problems.Add($"{name} is not an option of the method.");
            else if (!option.Accepts(value)) problems.Add($"{name} must be {option.Allowed}, not {value}.");
            else if (value == option.Now) problems.Add($"{name} is {value} already.");
            else if (NumberCheck.Unsupported(reason, [data, value]) is { Count: > 0 } invented)
                problems.Add($"The reason for {name} has numbers that were not measured: {string.Join(", ", invented)}.");
            else good.Add(new OptionSuggestion(name, value, option.Now, reason));
        }

        var summary = answer.Text("summary");
        if (NumberCheck.Unsupported(summary, [data]) is { Count: > 0 } made)
        {
            problems.Add($"The summary has numbers that were not measured: {string.Join(", ", made)}.");
            summary = "";
        }

        return new(new Advice(summary, good, problems, null!), problems);
    }
}
