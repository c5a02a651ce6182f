using Google.Protobuf;

namespace SynthStudio.Api.Authorization;

/// <summary>Looks now and then whether the caller of a long stream is still allowed what it was allowed at the start.</summary>
internal sealed class StreamAccess(AccessPolicy policy, ApiOptions options, TimeProvider time)
{
    /// <summary>The access of a call that was admitted just now.</summary>
    public Grant Of(IMessage request, ServerCallContext context) => new(this, request, context, demand: null);

    /// <summary>The access of a call that was admitted a while ago, to something that its role alone does not open: it is checked at once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="context">The call.</param>
    /// <param name="demand">Throws when the caller may not have it.</param>
    public Grant Of(IMessage request, ServerCallContext context, Func<Task> demand) => new(this, request, context, demand);

    /// <summary>Held by one stream while it sends.</summary>
    public sealed class Grant
    {
        private readonly StreamAccess _access;
        private readonly IMessage _request;
        private readonly ServerCallContext _context;
        private readonly Func<Task>? _demand;

        /// <summary>Null before the first check.</summary>
        private long? _checked;

        internal Grant(StreamAccess access, IMessage request, ServerCallContext context, Func<Task>? demand)
        {
            (_access, _request, _context, _demand) = (access, request, context, demand);
            _checked = demand is null ? access.Now : null;
        }

        /// <summary>Checks when the last check is older than <see cref="ApiOptions.HeartbeatInterval"/>; call it before each message.</summary>
        /// <exception cref="RpcException">The caller may not go on.</exception>
        public ValueTask CheckAsync() => _checked is not { } last || _access.IsDue(last) ? RecheckAsync() : ValueTask.CompletedTask;

        private async ValueTask RecheckAsync()
        {
            await _access.RecheckAsync(_request, _context);
            if (_demand is not null) await _demand();
            _checked = _access.Now;
        }
    }

    private long Now => time.GetTimestamp();

    private bool IsDue(long last) => time.GetElapsedTime(last) >= options.HeartbeatInterval;

    private ValueTask RecheckAsync(IMessage request, ServerCallContext context) => policy.RecheckAsync(request, context);
}
