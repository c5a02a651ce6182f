using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Microsoft.AspNetCore.Http.Features;
using RpcStatus = Google.Rpc.Status;

namespace SynthStudio.Api.Errors;

/// <summary>
/// Gives the errors that the gRPC library answers by itself, before any interceptor runs (a message too large, an
/// unknown method), their <c>ErrorInfo</c>.
/// </summary>
internal static class FrameworkErrors
{
    /// <summary>Said of a message beyond <see cref="ApiLimits.MessageBytes"/>.</summary>
    public const string MessageTooLarge = "The message is too large: it may hold at most 4 MiB of data. Send it in smaller pieces.";

    /// <summary>Said of bytes that are no message of the method's kind.</summary>
    public const string MessageUnreadable = "The request is no message of the kind that the method takes: its bytes cannot be read.";

    private const string StatusName = "grpc-status";
    private const string MessageName = "grpc-message";
    private const string DetailsName = "grpc-status-details-bin";

    public static async Task AttachDetailsAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (FindStatus(http) is not { } trailers
            || !int.TryParse(trailers[StatusName], CultureInfo.InvariantCulture, out var code)
            || code == (int)Code.Ok || trailers.ContainsKey(DetailsName)) return;

        if (code == (int)Code.ResourceExhausted) trailers[MessageName] = Uri.EscapeDataString(MessageTooLarge);
        if (code == (int)Code.Unknown)
        {
            // Errors of the services have details; what is left failed before them, in reading the request.
            code = (int)Code.InvalidArgument;
            trailers[StatusName] = code.ToString(CultureInfo.InvariantCulture);
            trailers[MessageName] = Uri.EscapeDataString(MessageUnreadable);
        }

        var status = new RpcStatus
        {
            Code = code,
            Message = Uri.UnescapeDataString(trailers[MessageName].ToString()),
            Details = { Any.Pack(new ErrorInfo { Domain = ErrorReasons.Domain, Reason = Reason((Code)code) }) },
        };
        trailers[DetailsName] = Convert.ToBase64String(status.ToByteArray());
    }

    /// <summary>Where the status is and can still be added to: in the headers of an answer without body, else in the trailers.</summary>
    private static IHeaderDictionary? FindStatus(HttpContext http)
    {
        if (!http.Response.HasStarted && http.Response.Headers.ContainsKey(StatusName)) return http.Response.Headers;
        return http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers && trailers.ContainsKey(StatusName)
            ? trailers
            : null;
    }

    private static string Reason(Code code) => code switch
    {
        Code.ResourceExhausted => ErrorReasons.TooLarge,
        Code.InvalidArgument => ErrorReasons.InvalidMessage,
        Code.Unimplemented => ErrorReasons.NoSuchMethod,
        Code.DeadlineExceeded => ErrorReasons.DeadlineExceeded,
        Code.Cancelled => ErrorReasons.Cancelled,
        _ => ErrorReasons.Internal,
    };
}
