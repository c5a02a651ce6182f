using System.Text;
using SynthStudio.Assistant.Budgets;
using SynthStudio.Assistant.Providers;

namespace SynthStudio.Assistant.Conversations;

/// <summary>Lets a model answer with the help of tools, a bounded number of times.</summary>
/// <param name="router">Asks the models.</param>
/// <param name="options">How often it may ask for tools.</param>
/// <param name="log">Where it is noted that a model found no end.</param>
public sealed class Conversation(ModelRouter router, AssistantOptions options, ILogger<Conversation> log)
{
    private const int MostCalls = 8, LongestResult = 20_000, LongestName = 60;
    private const string Enough = "Tools are not available any more. Answer now with what you know, and say what you could not look up.";

    /// <summary>Answers the last of the messages.</summary>
    /// <param name="messages">System prompt and what was said; what the tools say is added.</param>
    /// <param name="tools">What the model may have looked up.</param>
    /// <param name="budget">Of the call.</param>
    /// <param name="listener">Told of text and tools as they come.</param>
    public async Task<ConversationEnd> RunAsync(
        List<ChatMessage> messages, IReadOnlyList<AssistantTool> tools, CallBudget budget, IConversationListener listener)
    {
        var declared = tools.Select(tool => tool.Declare()).ToList();
        var text = new StringBuilder();
        var read = new List<string>();
        for (var round = 0; ; round++)
        {
            var mayCall = round < options.ToolRounds && declared.Count > 0;
            if (round > 0 && !mayCall)
            {
                log.ToolsEnded(round);
                messages.Add(new ChatMessage(ChatRole.User, Enough));
            }

            var answer = await router.AskAsync(messages, mayCall ? declared : [], form: null, budget, listener.TextAsync);
            text.Append(answer.Text);
            if (answer.Calls.Count == 0 || !mayCall) return new ConversationEnd(answer, text.ToString(), read);

            messages.Add(new ChatMessage(
                ChatRole.Assistant,
                [.. answer.Text.Length > 0 ? [new TextContent(answer.Text)] : Array.Empty<AIContent>(), .. answer.Calls]));
            var results = new List<AIContent>();
            foreach (var call in answer.Calls)
            {
                var result = results.Count < MostCalls ? await CallAsync(call, tools, budget) : new ToolResult($"Ask for at most {MostCalls} tools at once.", "", "TOO_MANY_CALLS");
                await listener.ToolAsync(new ToolUse(HarmlessText.Clean(Bounded(call.Name, LongestName)), result));
                var told = Bounded(result.Text, LongestResult);
                if (result.Error.Length == 0) read.Add(told); // Errors repeat what the model asked for.
                results.Add(new FunctionResultContent(call.CallId, told));
            }

            messages.Add(new ChatMessage(ChatRole.Tool, results));
        }
    }

    private static async Task<ToolResult> CallAsync(FunctionCallContent call, IReadOnlyList<AssistantTool> tools, CallBudget budget)
    {
        if (tools.FirstOrDefault(tool => tool.Name == call.Name) is not { } named)
            return new ToolResult($"There is no tool of that name; there are: {string.Join(", ", tools.Select(tool => tool.Name))}.", "", "UNKNOWN_TOOL");
        if (call.Exception is not null) return new ToolResult("The arguments are no JSON object.", "", "INVALID_ARGUMENTS");
        var given = (call.Arguments ?? new Dictionary<string, object?>()).ToDictionary(a => a.Key, a => a.Value?.ToString() ?? "", StringComparer.Ordinal);
        if (named.Parameters.Keys.FirstOrDefault(name => !given.ContainsKey(name)) is { } absent) return new ToolResult($"The argument {absent} is missing.", "", "INVALID_ARGUMENTS");
        try
        {
            return await named.CallAsync(given, budget.Cancellation);
        }
        catch (OperationCanceledException e)
        {
            throw budget.Over(e);
        }
    }

    private static string Bounded(string text, int most) => text.Length <= most ? text : text[..most] + "… (cut)";
}

/// <summary>Watches a conversation.</summary>
public interface IConversationListener
{
    /// <summary>A piece of the answer.</summary>
    Task TextAsync(string text);

    /// <summary>A tool that was called.</summary>
    Task ToolAsync(ToolUse use);
}

/// <summary>How a conversation ended.</summary>
/// <param name="Answer">The last turn.</param>
/// <param name="Text">All that was said.</param>
/// <param name="Read">What tools told, but for errors.</param>
public sealed record ConversationEnd(ModelAnswer Answer, string Text, IReadOnlyList<string> Read);
