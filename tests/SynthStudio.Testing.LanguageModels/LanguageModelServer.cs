using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SynthStudio.Testing.LanguageModels;

/// <summary>A request that came.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Authorization">The header of that name.</param>
/// <param name="Body">What was asked.</param>
public sealed record Asked(string Path, string Authorization, JsonNode Body)
{
    /// <summary>All that was sent, as text.</summary>
    public string Text => Body.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The messages.</summary>
    public IReadOnlyList<JsonNode> Messages => [.. Body["messages"]!.AsArray()!];

    /// <summary>Names of the tools that may be asked for.</summary>
    public IReadOnlyList<string> Tools => Body["tools"] is JsonArray tools ? [.. tools.Select(tool => tool!["function"]!["name"]!.GetValue<string>())] : [];

    /// <summary>What the last message says.</summary>
    public string Last => Messages[^1]["content"]?.ToString() ?? "";
}

/// <summary>A language model on loopback that speaks OpenAI's protocol of chat completions, streaming, and says what it is told to.</summary>
public sealed class LanguageModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Asked> _asked = new();
    private readonly Func<Asked, int, Reply> _script;
    private int _calls;

    private LanguageModelServer(WebApplication app, Func<Asked, int, Reply> script) => (_app, _script) = (app, script);

    /// <summary>Its base address, up to <c>/v1</c>.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyList<Asked> All => [.. _asked];

    /// <summary>Starts one that gives these answers in order, and the last one from then on.</summary>
    public static Task<LanguageModelServer> StartAsync(params Reply[] replies) => StartAsync((_, number) => replies[Math.Min(number, replies.Length - 1)]);

    /// <summary>Starts one that answers by a script, which gets the request and its number from 0.</summary>
    public static async Task<LanguageModelServer> StartAsync(Func<Asked, int, Reply> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new LanguageModelServer(builder.Build(), script);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Address = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/v1";
        return server;
    }

    /// <summary>Forgets what was asked, and counts from 0 again.</summary>
    public void Reset()
    {
        _asked.Clear();
        Interlocked.Exchange(ref _calls, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body) ?? throw new InvalidOperationException("Nothing was asked.");
        var asked = new Asked(context.Request.Path, context.Request.Headers.Authorization.ToString(), body);
        var number = Interlocked.Increment(ref _calls) - 1;
        _asked.Enqueue(asked);
        var reply = _script(asked, number);
        await Task.Delay(reply.Delay, context.RequestAborted);
        context.Response.StatusCode = reply.Status;
        if (reply.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (reply.Status != StatusCodes.Status200OK)
        {
            // Services repeat in errors what they were sent.
            await context.Response.WriteAsJsonAsync(new { error = new { message = $"No. You sent: {asked.Text} with {asked.Authorization}", type = "error", code = (string?)null } });
            return;
        }

        context.Response.ContentType = "text/event-stream";
        if (reply.Raw is { } raw)
        {
            await context.Response.WriteAsync(raw);
            return;
        }

        await StreamAsync(context, reply);
    }

    private static async Task StreamAsync(HttpContext context, Reply reply)
    {
        await SendAsync(context, Delta(new JsonObject { ["role"] = "assistant", ["content"] = "" }));
        foreach (var piece in Pieces(reply.Text)) await SendAsync(context, Delta(new JsonObject { ["content"] = piece }));
        foreach (var piece in Pieces(reply.RefusalText)) await SendAsync(context, Delta(new JsonObject { ["refusal"] = piece }));
        foreach (var (index, (name, arguments)) in reply.Tools.Index())
        {
            await SendAsync(context, Delta(ToolCall(index, $"call_{index}", name, "")));
            foreach (var piece in Pieces(arguments)) await SendAsync(context, Delta(ToolCall(index, null, null, piece)));
        }

        // The connection ends after what was sent: whoever reads late would lose that by one that is aborted.
        if (reply.IsCut) throw new IOException("The answer is cut here.");

        if (reply.HasNoEnd) return;
        await SendAsync(context, Delta([], reply.FinishReason));
        if (reply.Usage is { } usage)
        {
            await SendAsync(context, new JsonObject
            {
                ["id"] = "c", ["object"] = "chat.completion.chunk", ["created"] = 1, ["model"] = "played", ["choices"] = new JsonArray(),
                ["usage"] = new JsonObject { ["prompt_tokens"] = usage.Asked, ["completion_tokens"] = usage.Answered, ["total_tokens"] = usage.Asked + usage.Answered },
            });
        }

        await context.Response.WriteAsync("data: [DONE]\n\n");
    }

    private static JsonObject ToolCall(int index, string? id, string? name, string arguments)
    {
        var call = new JsonObject { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = arguments } };
        if (id is not null) (call["id"], call["type"]) = (id, "function");
        if (name is not null) call["function"]!["name"] = name;
        return new JsonObject { ["tool_calls"] = new JsonArray(call) };
    }

    private static JsonObject Delta(JsonObject delta, string? finish = null) => new()
    {
        ["id"] = "c", ["object"] = "chat.completion.chunk", ["created"] = 1, ["model"] = "played",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
    };

    private static async Task SendAsync(HttpContext context, JsonObject chunk)
    {
        await context.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n");
        await context.Response.Body.FlushAsync();
    }

    private static IEnumerable<string> Pieces(string text) => text.Chunk(40).Select(piece => new string(piece));
}
