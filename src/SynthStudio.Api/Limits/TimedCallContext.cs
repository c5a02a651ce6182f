namespace SynthStudio.Api.Limits;

/// <summary>A call whose token is also cancelled when its time is over. All else is the call's own.</summary>
internal sealed class TimedCallContext : ServerCallContext
{
    /// <summary>Where <c>GetHttpContext</c> looks in calls that are not the framework's own.</summary>
    private const string HttpContextKey = "__HttpContext";

    private readonly ServerCallContext _call;
    private readonly CancellationToken _token;

    public TimedCallContext(ServerCallContext call, CancellationToken token)
    {
        (_call, _token) = (call, token);
        if (!call.UserState.ContainsKey(HttpContextKey)) call.UserState[HttpContextKey] = call.GetHttpContext();
    }

    protected override string MethodCore => _call.Method;

    protected override string HostCore => _call.Host;

    protected override string PeerCore => _call.Peer;

    protected override DateTime DeadlineCore => _call.Deadline;

    protected override Metadata RequestHeadersCore => _call.RequestHeaders;

    protected override CancellationToken CancellationTokenCore => _token;

    protected override Metadata ResponseTrailersCore => _call.ResponseTrailers;

    protected override Status StatusCore
    {
        get => _call.Status;
        set => _call.Status = value;
    }

    protected override WriteOptions? WriteOptionsCore
    {
        get => _call.WriteOptions;
        set => _call.WriteOptions = value;
    }

    protected override AuthContext AuthContextCore => _call.AuthContext;

    protected override IDictionary<object, object> UserStateCore => _call.UserState;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => _call.CreatePropagationToken(options);

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => _call.WriteResponseHeadersAsync(responseHeaders);
}
