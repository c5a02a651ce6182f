using System.Text.Json;
using System.Text.Json.Nodes;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Conversations;

/// <summary>What is made of an answer.</summary>
/// <param name="Value">What can be used of it; null for nothing.</param>
/// <param name="Problems">What is wrong with the rest, for the model to mend.</param>
public sealed record Judged<T>(T? Value, IReadOnlyList<string> Problems) where T : class;

/// <summary>Has a model answer by a JSON object, and mend it while something is wrong with it, a bounded number of times.</summary>
/// <param name="router">Asks the models.</param>
/// <param name="options">How often an answer may be mended.</param>
/// <param name="log">Where it is noted that one had to be.</param>
public sealed class JsonQuestion(ModelRouter router, AssistantOptions options, ILogger<JsonQuestion> log)
{
    private const int MostProblems = 20, LongestProblem = 400, MostTold = 5;

    /// <summary>Asks, and answers the last that could be used, with the turn that it is from.</summary>
    /// <param name="messages">What is asked.</param>
    /// <param name="judge">Looks at an answer.</param>
    /// <param name="budget">Of the call.</param>
    /// <exception cref="AssistantException">Nothing of any answer can be used.</exception>
    public async Task<(T Value, ModelAnswer Answer)> AskAsync<T>(
        List<ChatMessage> messages, Func<JsonObject, Task<Judged<T>>> judge, CallBudget budget)
        where T : class
    {
        for (var round = 0; ; round++)
        {
            var answer = await router.AskAsync(messages, [], ChatResponseFormat.Json, budget);
            var judged = Find(answer) is { } found
                ? await judge(found)
                : new Judged<T>(null, [answer.IsCut ? "The answer was too long and was cut off: answer more briefly." : "The answer is not one JSON object."]);
            if (judged is { Problems: [], Value: { } good }) return (good, answer);
            if (round == options.RepairRounds)
            {
                return judged.Value is { } partly ? (partly, answer) : throw new AssistantException(
                    AssistantProblem.Unusable,
                    $"The model's answer cannot be used, after {round + 1} attempts: {string.Join(" ", judged.Problems.Take(MostTold).Select(Bounded))} Ask again, or describe it otherwise.");
            }

            log.Repairing(budget.Task, round + 1, judged.Problems.Count);
            messages.Add(new ChatMessage(ChatRole.Assistant, answer.Text.Length > 0 ? answer.Text : "{}"));
            messages.Add(new ChatMessage(
                ChatRole.User, $"That cannot be used:\n{string.Join('\n', judged.Problems.Take(MostProblems).Select(p => $"- {Bounded(p)}"))}\nAnswer again with the whole JSON object, mended."));
        }
    }

    /// <summary>The object in an answer; models put fences and words around it although they are told not to.</summary>
    private static JsonObject? Find(ModelAnswer answer)
    {
        var (first, last) = (answer.Text.IndexOf('{'), answer.Text.LastIndexOf('}'));
        if (first < 0 || last < first) return null;
        try
        {
            var node = JsonNode.Parse(answer.Text[first..(last + 1)]) as JsonObject;
            return node is null || node.Count < 0 ? null : node; // Counting finds names that are there twice.
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static string Bounded(string text) => text.Length <= LongestProblem ? text : text[..LongestProblem] + "…";
}
