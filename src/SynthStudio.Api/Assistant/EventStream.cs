using SynthStudio.Api.Authorization;
using SynthStudio.Assistant.Conversations;
using SynthStudio.Assistant.Tasks;

namespace SynthStudio.Api.Assistant;

/// <summary>Sends an answer to its caller as it comes, while the caller may have it.</summary>
internal sealed class EventStream(
    IServerStreamWriter<V1.AssistantEvent> stream, StreamAccess.Grant access, CancellationToken cancellation)
    : IConversationListener
{
    public Task TextAsync(string text) => SendAsync(new V1.AssistantEvent { Text = text });

    public Task ToolAsync(ToolUse use) => SendAsync(new V1.AssistantEvent
    {
        ToolUse = new V1.AssistantToolUse { Tool = use.Tool, Resource = use.Result.Resource, ErrorReason = use.Result.Error, RealValues = use.Result.IsRaw },
    });

    public Task EndAsync(WordsEnd end, V1.AssistantUse use) =>
        SendAsync(new V1.AssistantEvent { End = new V1.AssistantEnd { Use = use, UnsupportedNumbers = { end.UnsupportedNumbers } } });

    private async Task SendAsync(V1.AssistantEvent piece)
    {
        await access.CheckAsync();
        await stream.WriteAsync(piece, cancellation);
    }
}
