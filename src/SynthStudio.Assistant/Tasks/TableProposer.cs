using System.Text.Json;
using System.Text.Json.Nodes;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Prompts;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Tasks;

/// <summary>What trying a declaration came to.</summary>
/// <param name="Fault">What is wrong with it; empty for nothing.</param>
/// <param name="Csv">Its first rows, with a header; empty when something is wrong.</param>
public sealed record TriedTable(string Fault, string Csv);

/// <summary>A table that was declared.</summary>
/// <param name="Declaration">JSON, as <c>synth mock</c> takes it.</param>
/// <param name="Csv">Rows that it makes.</param>
public sealed record ProposedTable(string Declaration, string Csv);

/// <summary>Has a table declared from a description. Only what our own parser takes comes out, with rows that it makes.</summary>
public sealed class TableProposer(JsonQuestion question)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <param name="description">What somebody wants.</param>
    /// <param name="tryAsync">Parses a declaration and makes rows of it.</param>
    /// <param name="budget">Of the call.</param>
    /// <exception cref="AssistantException">No declaration is one, after all repairs.</exception>
    public Task<(ProposedTable Value, ModelAnswer Answer)> ProposeAsync(
        string description, Func<string, Task<TriedTable>> tryAsync, CallBudget budget) => question.AskAsync(
        [
            PromptTexts.System(AssistantTask.Propose),
            new ChatMessage(ChatRole.User, PromptTexts.Data("description", new JsonObject { ["table"] = description }))
        ],
        async answer =>
        {
            var declaration = answer.ToJsonString(Indented);
            var tried = await tryAsync(declaration);
            return tried.Fault.Length > 0
                ? new Judged<ProposedTable>(null, [tried.Fault])
                : new Judged<ProposedTable>(new ProposedTable(declaration, tried.Csv), []);
        },
        budget);
}
