using Google.Protobuf;
using Grpc.Core.Interceptors;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Idempotency;

/// <summary>
/// Makes mutations with a request id happen once: the same id with the same request gets the same answer, with another request an error.
/// A call that died half-way is carried out again; that is safe because ids of what it makes follow from the request id.
/// </summary>
/// <remarks>Streaming calls have no request ids: uploads are idempotent by their offset.</remarks>
internal sealed class RequestIdInterceptor(RequestLog requests, TimeProvider time, ILogger<RequestIdInterceptor> log) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RequestIdField<TRequest>.Exists && !RequestIdField<TRequest>.IsCheckOnly(request) && RequestIdField<TRequest>.Get(request) is { Length: > 0 } id
            ? OnceAsync(id, request, context, continuation)
            : continuation(request, context);

    private async Task<TResponse> OnceAsync<TRequest, TResponse>(
        string id, TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        if (!Guid.TryParseExact(id, "D", out var parsed)) throw ApiErrors.InvalidField("request_id", "must be a UUID such as 0192f3c4-....");
        var key = new RequestKey(Caller.Of(context).User, context.Method, parsed.ToString("D"));
        var claim = await requests.ClaimAsync(key, RequestIdField<TRequest>.HashRest(request), time.GetUtcNow(), context.CancellationToken);
        switch (claim.Kind)
        {
            case RequestClaimKind.Replay:
                var answer = (IMessage)Activator.CreateInstance<TResponse>();
                answer.MergeFrom(claim.Response);
                return (TResponse)answer;
            case RequestClaimKind.InProgress:
                throw ApiErrors.Unavailable(ErrorReasons.RequestInProgress, "A call with this request id is running.", TimeSpan.FromSeconds(1));
            case RequestClaimKind.Mismatch:
                throw ApiErrors.InvalidField("request_id", "was used for another request.", ErrorReasons.RequestIdReused);
        }

        TResponse response;
        try
        {
            response = await continuation(request, context);
        }
        catch
        {
            await requests.AbandonAsync(key, CancellationToken.None);
            throw;
        }

        await KeepAsync(key, (IMessage)response, context.Method);
        return response;
    }

    private async Task KeepAsync(RequestKey key, IMessage response, string method)
    {
        try
        {
            await requests.CompleteAsync(key, WithoutSecrets(response).ToByteArray(), CancellationToken.None);
        }
        catch (System.Data.Common.DbException e)
        {
            log.AnswerNotKept(method, key.RequestId, e); // It was done: a repeat does it again, with the same outcome.
        }
    }

    /// <summary>The secret of an API key is never stored, not even in an answer.</summary>
    private static IMessage WithoutSecrets(IMessage response) =>
        response is V1.CreateApiKeyResponse key ? new V1.CreateApiKeyResponse { ApiKey = key.ApiKey } : response;
}
