using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Facts;
using SynthStudio.Assistant.Prompts;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Tasks;

/// <summary>How an answer in words ended.</summary>
/// <param name="Answer">The last turn.</param>
/// <param name="UnsupportedNumbers">Numbers that stand in nothing that the model was given: it may have made them up.</param>
public sealed record WordsEnd(ModelAnswer Answer, IReadOnlyList<string> UnsupportedNumbers);

/// <summary>Answers questions about a project with what tools tell.</summary>
public sealed class ProjectChat(Conversation conversation)
{
    /// <param name="project">Resource name of the project.</param>
    /// <param name="said">What was said, the question last.</param>
    /// <param name="tools">What may be looked up.</param>
    /// <param name="budget">Of the call.</param>
    /// <param name="listener">Told of text and tools as they come.</param>
    /// <exception cref="AssistantException">There is no answer.</exception>
    public async Task<WordsEnd> AnswerAsync(
        string project, IReadOnlyList<Said> said, IReadOnlyList<AssistantTool> tools, CallBudget budget, IConversationListener listener)
    {
        List<ChatMessage> messages =
        [
            PromptTexts.System(AssistantTask.Chat), new(ChatRole.System, $"The project is {project}."),
            .. said.Select(turn => new ChatMessage(turn.ByAssistant ? ChatRole.Assistant : ChatRole.User, turn.Text)),
        ];
        var end = await conversation.RunAsync(messages, tools, budget, listener);
        return new WordsEnd(end.Answer, NumberCheck.Unsupported(end.Text, [.. said.Select(turn => turn.Text), .. end.Read, project]));
    }
}
