using System.Text.Json.Nodes;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Facts;
using SynthStudio.Assistant.Prompts;

namespace SynthStudio.Assistant.Tasks;

/// <summary>Explains an evaluation, or one figure of it.</summary>
public sealed class ReportExplainer(Conversation conversation)
{
    private const string WholeReport = "Explain this evaluation.";

    /// <summary>Figures of the prompt that an answer may name: what is best, and what intervals are.</summary>
    private const string Known = "0 1 0.5 95%";

    /// <param name="report">Figures and grades of the evaluation.</param>
    /// <param name="question">What its reader wants to know; empty for the whole.</param>
    /// <param name="budget">Of the call.</param>
    /// <param name="listener">Told of text as it comes.</param>
    /// <exception cref="AssistantException">There is no answer.</exception>
    public async Task<WordsEnd> ExplainAsync(JsonObject report, string question, CallBudget budget, IConversationListener listener)
    {
        var data = PromptTexts.Data("evaluation", report);
        List<ChatMessage> messages =
        [
            PromptTexts.System(AssistantTask.Explain), new(ChatRole.User, data), new(ChatRole.User, question.Length > 0 ? question : WholeReport),
        ];
        var end = await conversation.RunAsync(messages, [], budget, listener);
        return new WordsEnd(end.Answer, NumberCheck.Unsupported(end.Text, [data, question, Known]));
    }
}
