namespace SynthStudio.Testing.Servers;

/// <summary>A server that is started by the first who asks, and stops when the process ends.</summary>
public sealed class SharedServer<T>(Func<CancellationToken, Task<T>> start, Action<T> stop)
{
    private readonly Lazy<Task<T>> _server = new(() => Task.Run(async () =>
    {
        var server = await start(CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => stop(server);
        return server;
    }));

    public Task<T> Value => _server.Value;
}
