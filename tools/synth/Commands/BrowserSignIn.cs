using System.Net;
using System.Net.Sockets;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary>Waits on a port of this machine for the browser that a provider sends back (RFC 8252, 7.3).</summary>
internal sealed class BrowserSignIn : IDisposable
{
    private readonly HttpListener listener = new();

    public BrowserSignIn()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        RedirectUri = $"http://127.0.0.1:{port}/";
        listener.Prefixes.Add(RedirectUri);
        listener.Start();
    }

    /// <summary>Where the browser is to be sent.</summary>
    public string RedirectUri { get; }

    /// <summary>Tells the user where to go, and answers what the browser brought.</summary>
    /// <exception cref="BadInputException">The provider refused.</exception>
    public async Task<FinishProviderSignInRequest> WaitAsync(StartProviderSignInResponse started, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync($"Open this page in a browser on this machine:\n{started.AuthorizationUri}");
        while (true)
        {
            var context = await listener.GetContextAsync().WaitAsync(cancellation);
            var query = context.Request.QueryString;
            var isAnswer = query["state"] is not null;
            var text = "This is not what was waited for."u8.ToArray();
            if (isAnswer)
            {
                text = "You may close this page and go back to the terminal."u8.ToArray();
            }

            context.Response.StatusCode = isAnswer ? 200 : 404;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.OutputStream.WriteAsync(text, cancellation);
            context.Response.Close();
            if (isAnswer)
            {
                return query["code"] is { } code
                    ? new FinishProviderSignInRequest { FlowSecret = started.FlowSecret, State = query["state"], Code = code, Issuer = query["iss"] ?? "" }
                    : throw new BadInputException($"The provider refused: {query["error"]} {query["error_description"]}");
            }
        }
    }

    public void Dispose() => listener.Close();
}
