using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;

namespace SynthStudio.Api.Limits;

/// <summary>How many calls a user may make, whatever keys and replicas they use.</summary>
internal sealed class RequestLimits(IRequestLimiter limiter, ApiOptions options)
{
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many calls; the error says when to try again.</exception>
    public async ValueTask CheckAsync(Caller caller)
    {
        if (options.RequestsPerSecond <= 0) return;
        var wait = await limiter.TakeAsync(caller.User, new BucketRate(options.RequestsPerSecond, options.RequestBurst));
        if (wait > TimeSpan.Zero) throw ApiErrors.TooManyRequests(caller.User, wait);
    }
}
