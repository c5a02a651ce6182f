using System.Globalization;
using Google.Rpc;

namespace SynthStudio.Api.Errors;

/// <summary>Says to HTTP clients, proxies and libraries that know no <c>RetryInfo</c> when to try again: <c>Retry-After</c>, in whole seconds.</summary>
internal static class RetryHeader
{
    public static void Set(RpcException? error, ServerCallContext context)
    {
        if (error is not { StatusCode: StatusCode.ResourceExhausted or StatusCode.Unavailable }
            || error.GetRpcStatus()?.GetDetail<RetryInfo>() is not { } retry) return;
        var response = context.GetHttpContext().Response;
        if (!response.HasStarted)
            response.Headers.RetryAfter = Math.Ceiling(retry.RetryDelay.ToTimeSpan().TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }
}
