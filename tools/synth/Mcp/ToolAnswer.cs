using Google.Protobuf;
using Grpc.Core;
using ModelContextProtocol;
using SynthStudio.Api.Errors;
using SynthStudio.Cli.Commands;

namespace SynthStudio.Cli.Mcp;

/// <summary>What a tool answers: JSON of what the server answered, or an error with its reason.</summary>
internal static class ToolAnswer
{
    /// <param name="call">Calls the server.</param>
    /// <param name="reduce">Takes out of the answer what is not to be told.</param>
    /// <exception cref="McpException">The server refused.</exception>
    public static Task<string> OfAsync<T>(Func<Task<T>> call, Action<T>? reduce = null) where T : IMessage => TextAsync(async () =>
    {
        var answer = await call();
        reduce?.Invoke(answer);
        JobErrors.Reduce(answer);
        return Names.Json(answer);
    });

    /// <exception cref="McpException">The server refused.</exception>
    public static async Task<string> TextAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException e)
        {
            throw new McpException(Refusals.Describe(e));
        }
    }
}
