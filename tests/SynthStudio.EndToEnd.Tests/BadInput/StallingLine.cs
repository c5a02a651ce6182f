using System.Net;
using System.Net.Sockets;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>A connection to a loopback port that stops taking the client's bytes after some, so that the client is surely in the middle of sending.</summary>
internal sealed class StallingLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly Task carried;

    /// <param name="port">Where the server listens.</param>
    /// <param name="bytes">How many of the client's bytes get through, on all connections together.</param>
    public StallingLine(int port, long bytes)
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        carried = CarryAsync(port, bytes);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Dispose();
        await carried.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    private async Task CarryAsync(int port, long bytes)
    {
        var connections = new List<Task>();
        while (!ended.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(ended.Token);
            var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, port, ended.Token);
            connections.Add(SendAsync(client, server));
            connections.Add(server.GetStream().CopyToAsync(client.GetStream(), ended.Token));
        }

        async Task SendAsync(TcpClient client, TcpClient server)
        {
            var buffer = new byte[64 << 10];
            while (bytes > 0 && await client.GetStream().ReadAsync(buffer, ended.Token) is > 0 and var read)
            {
                await server.GetStream().WriteAsync(buffer.AsMemory(0, read), ended.Token);
                bytes -= read;
            }
        }
    }
}
