using System.Net;
using System.Net.Sockets;

namespace SynthStudio.ClusterTorture;

/// <summary>Carries TCP connections from a loopback port to a server, in the weather that there is between the two at each moment.</summary>
internal sealed class Line : IAsyncDisposable
{
    private const int PieceBytes = 64 << 10;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] Refusal =
        "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: 63\r\nConnection: close\r\n\r\n<Error><Code>SlowDown</Code><Message>Injected</Message></Error>"u8.ToArray();

    private readonly TcpListener _listener;
    private readonly IPEndPoint _target;
    private readonly Func<int, string> _sourceOf;
    private readonly Func<string, Weather> _weather;
    private readonly Random _random;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _accepting;

    /// <param name="port">The port to listen on; 0 takes a free one.</param>
    /// <param name="target">Where the server listens.</param>
    /// <param name="sourceOf">Who holds the client's end, by its port.</param>
    /// <param name="weather">The weather between a client and the server.</param>
    /// <param name="seed">Decides which requests are refused.</param>
    public Line(int port, IPEndPoint target, Func<int, string> sourceOf, Func<string, Weather> weather, int seed)
    {
        (_target, _sourceOf, _weather, _random) = (target, sourceOf, weather, new Random(seed));
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_ended.Token);
            _ = Task.Run(() => CarryAsync(client));
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                var source = _sourceOf(((IPEndPoint)client.Client.RemoteEndPoint!).Port);
                await ClearAsync(source);
                await server.ConnectAsync(_target, _ended.Token);
                using var broken = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
                var ways = new[] { SendAsync(source, client, server, isRequest: true, broken), SendAsync(source, server, client, isRequest: false, broken) };
                await Task.WhenAll(ways);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Either end is gone, as it happens: the other one hears of it at once.
                Reset(client);
                Reset(server);
            }
        }
    }

    /// <summary>One direction, to its end.</summary>
    private async Task SendAsync(string source, TcpClient from, TcpClient to, bool isRequest, CancellationTokenSource broken)
    {
        var piece = new byte[PieceBytes];
        try
        {
            while (await from.GetStream().ReadAsync(piece, broken.Token) is > 0 and var read)
            {
                await ClearAsync(source);
                var weather = _weather(source);
                if (weather.Delay > TimeSpan.Zero) await Task.Delay(weather.Delay, broken.Token);
                if (Chance(weather.Breaks)) throw new IOException("The weather broke the connection.");
                if (isRequest && Chance(weather.Refuses))
                {
                    await from.GetStream().WriteAsync(Refusal, broken.Token);
                    from.Client.Shutdown(SocketShutdown.Send);
                    await Task.Delay(Look, broken.Token); // It reads that before the connection is gone.
                    throw new IOException("Answered in the server's place.");
                }

                await to.GetStream().WriteAsync(piece.AsMemory(0, read), broken.Token);
            }

            await ClearAsync(source);
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await broken.CancelAsync();
            throw;
        }
    }

    private async Task ClearAsync(string source)
    {
        while (_weather(source).Blocked) await Task.Delay(Look, _ended.Token);
    }

    private bool Chance(double share)
    {
        if (share <= 0) return false;
        lock (_random) return _random.NextDouble() < share;
    }

    private static void Reset(TcpClient client)
    {
        try
        {
            client.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }
}
