using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;

namespace SynthStudio.Api.Limits;

/// <summary>
/// How many calls a user may make and streams they may have, whatever keys and replicas they use, and how
/// many calls may come from one address.
/// </summary>
internal sealed class RequestLimits(IRequestLimiter limiter, IStreamLimiter streams, ApiOptions options)
{
    private static readonly TimeSpan StreamRetry = TimeSpan.FromSeconds(5);

    /// <summary>Before anything is known of the caller: guessing keys is limited too.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many calls come from there; the error says when to try again.</exception>
    public ValueTask CheckAddressAsync(ServerCallContext context) => CheckAddressAsync(context.GetHttpContext());

    /// <summary>The same for pages that are no part of the API.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many calls come from there.</exception>
    public ValueTask CheckAddressAsync(HttpContext http) => options.AddressRequestsPerSecond is { } rate and > 0
        ? TakeAsync(AddressOf(http), new BucketRate(rate, options.AddressRequestBurst))
        : ValueTask.CompletedTask;

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many calls; the error says when to try again.</exception>
    public ValueTask CheckAsync(Caller caller) => options.RequestsPerSecond is { } rate and > 0
        ? TakeAsync(caller.User, new BucketRate(rate, options.RequestBurst))
        : ValueTask.CompletedTask;

    /// <summary>A place for a stream of the caller, or of the address where there is none; given back when it is disposed.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: all are taken.</exception>
    public async ValueTask<IAsyncDisposable?> EnterStreamAsync(ServerCallContext context)
    {
        if (options.MaxStreams is not ({ } most and > 0)) return null;
        var who = Caller.Find(context)?.User ?? AddressOf(context.GetHttpContext());
        return await streams.TryEnterAsync(who, most) ?? throw ApiErrors.TooManyStreams(who, most, StreamRetry);
    }

    private async ValueTask TakeAsync(string bucket, BucketRate rate)
    {
        var wait = await limiter.TakeAsync(bucket, rate);
        if (wait > TimeSpan.Zero) throw ApiErrors.TooManyRequests(bucket, wait);
    }

    private static string AddressOf(HttpContext http) => $"address/{CallerAddress.NetworkOf(http)}";
}
