using System.Text.Json.Nodes;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Facts;
using SynthStudio.Assistant.Prompts;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Tasks;

/// <summary>A part of a draft.</summary>
/// <param name="Heading">In words without numbers.</param>
/// <param name="Sentences">Sentences that passed the check.</param>
public sealed record DraftSection(string Heading, IReadOnlyList<DraftSentence> Sentences);

/// <summary>A draft of a document.</summary>
/// <param name="Sections">What passed the check.</param>
/// <param name="Rejected">What did not, after all repairs, and is not in the draft.</param>
public sealed record Draft(IReadOnlyList<DraftSection> Sections, IReadOnlyList<RejectedSentence> Rejected);

/// <summary>Has documents written from stored facts, each sentence with those it rests on. What does not pass <see cref="SentenceCheck"/> is not in them.</summary>
public sealed class DocumentDrafter(JsonQuestion question)
{
    /// <param name="document">Which document, as the prompt names it.</param>
    /// <param name="facts">All that it may tell.</param>
    /// <param name="budget">Of the call.</param>
    /// <exception cref="AssistantException">There is no sentence that rests on the facts.</exception>
    public Task<(Draft Value, ModelAnswer Answer)> DraftAsync(string document, FactSheet facts, CallBudget budget) => question.AskAsync(
        [
            PromptTexts.System(AssistantTask.Draft),
            new ChatMessage(ChatRole.User, PromptTexts.Data("facts", new JsonObject { ["document"] = document, ["facts"] = facts.ToJson() })),
        ],
        answer => Task.FromResult(Judge(answer, facts)), budget);

    private static Judged<Draft> Judge(JsonObject answer, FactSheet facts)
    {
        if (answer["sections"] is not JsonArray) return new(null, ["The list sections is missing."]);
        var (sections, rejected) = (new List<DraftSection>(), new List<RejectedSentence>());
        foreach (var section in answer.Objects("sections"))
        {
            var passed = new List<DraftSentence>();
            foreach (var sentence in section.Objects("sentences").Select(s => SentenceCheck.Clean(new DraftSentence(s.Text("text"), s.Texts("facts")))))
            {
                if (SentenceCheck.FindFault(sentence, facts) is { } fault) rejected.Add(new RejectedSentence(sentence.Text, fault));
                else passed.Add(sentence);
            }

            if (passed.Count > 0) sections.Add(new DraftSection(SentenceCheck.Heading(section.Text("heading")), passed));
        }

        List<string> problems = [.. rejected.Select(r => $"\"{r.Text}\" {r.Reason}.")];
        if (sections.Count == 0) problems.Add("No sentence rests on facts.");
        return new(sections.Count > 0 ? new Draft(sections, rejected) : null, problems);
    }
}
