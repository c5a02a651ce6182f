using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SynthStudio.Testing.Servers;

/// <summary>Debian's Redis on loopback, in memory only.</summary>
public sealed class RedisServer : IDisposable
{
    private static readonly SharedServer<RedisServer> SharedOne = new(StartAsync, server => server.Dispose());

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redis-");
    private readonly int _port = Ports.FindFree();
    private ServerProcess? _process;

    private RedisServer()
    {
    }

    /// <summary>How to connect to it.</summary>
    public string Connection => $"127.0.0.1:{_port}";

    /// <summary>One for all tests of this process; stops with it.</summary>
    public static Task<RedisServer> SharedAsync() => SharedOne.Value;

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<RedisServer> StartAsync(CancellationToken cancellation = default)
    {
        var server = new RedisServer();
        await server.RestartAsync(cancellation);
        return server;
    }

    /// <summary>Kills the server; what it held is lost.</summary>
    public void Kill() => _process?.End();

    /// <summary>Lets the server hang: it keeps its connections and answers nothing.</summary>
    public void Suspend() => _process?.Signal("STOP");

    /// <summary>Lets a hanging server go on.</summary>
    public void Resume() => _process?.Signal("CONT");

    /// <summary>Starts it again, empty, at the same address.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        _process?.Dispose();
        _process = await ServerProcess.StartAsync(
            [
                "redis-server", "--bind", "127.0.0.1", "--port", _port.ToString(CultureInfo.InvariantCulture), "--dir", _folder.FullName,
                "--save", "", "--appendonly", "no",
            ],
            PingAsync, cancellation);
    }

    public void Dispose()
    {
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<bool> PingAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadLineAsync() == "+PONG";
    }
}
