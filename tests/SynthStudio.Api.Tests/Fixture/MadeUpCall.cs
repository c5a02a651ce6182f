using Microsoft.AspNetCore.Http;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>A call that came over no connection: its caller leaves when a test says so.</summary>
public sealed class MadeUpCall : ServerCallContext
{
    private readonly string _method;
    private readonly CancellationToken _left;

    public MadeUpCall(string method, CancellationToken left)
    {
        (_method, _left) = (method, left);
        UserState["__HttpContext"] = new DefaultHttpContext(); // Where the server's library looks for it.
    }

    protected override string MethodCore => _method;

    protected override string HostCore => "localhost";

    protected override string PeerCore => "ipv4:127.0.0.1:1";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => _left;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new("", []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
