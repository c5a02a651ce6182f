using Google.Protobuf;

namespace SynthStudio.Api.Authorization;

/// <summary>Looks now and then whether the caller of a long stream is still allowed what it was allowed at the start.</summary>
internal sealed class StreamAccess(AccessPolicy policy, ApiOptions options, TimeProvider time)
{
    /// <summary>The access of a call that was admitted just now.</summary>
    public Grant Of(IMessage request, ServerCallContext context) => new(this, request, context);

    /// <summary>Held by one stream while it sends.</summary>
    public sealed class Grant
    {
        private readonly StreamAccess _access;
        private readonly IMessage _request;
        private readonly ServerCallContext _context;
        private long _checked;

        internal Grant(StreamAccess access, IMessage request, ServerCallContext context)
        {
            (_access, _request, _context) = (access, request, context);
            _checked = access.Now;
        }

        /// <summary>Checks when the last check is older than <see cref="ApiOptions.HeartbeatInterval"/>; call it before each message.</summary>
        /// <exception cref="RpcException">The caller may not go on.</exception>
        public ValueTask CheckAsync() => _access.IsDue(_checked) ? RecheckAsync() : ValueTask.CompletedTask;

        private async ValueTask RecheckAsync()
        {
            await _access.RecheckAsync(_request, _context);
            _checked = _access.Now;
        }
    }

    private long Now => time.GetTimestamp();

    private bool IsDue(long last) => time.GetElapsedTime(last) >= options.HeartbeatInterval;

    private ValueTask RecheckAsync(IMessage request, ServerCallContext context) => policy.RecheckAsync(request, context);
}
