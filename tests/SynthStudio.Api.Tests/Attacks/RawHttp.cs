using System.Net.Sockets;
using System.Text;

namespace SynthStudio.Api.Tests.Attacks;

/// <summary>A connection over which anything can be said, also what no HTTP client would.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient _client = new();

    /// <summary>The connection's stream.</summary>
    public NetworkStream Stream { get; private set; } = null!;

    public static async Task<RawHttp> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        var http = new RawHttp();
        await http._client.ConnectAsync(address.Host, address.Port, cancellation);
        http.Stream = http._client.GetStream();
        return http;
    }

    public async Task SendAsync(string text, CancellationToken cancellation) => await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);

    /// <summary>All that comes until the server closes the connection; what a reset cuts off is left out.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        try
        {
            await Stream.CopyToAsync(answer, cancellation);
        }
        catch (IOException)
        {
            // Reset: the server has had enough.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }

    public void Dispose() => _client.Dispose();
}
