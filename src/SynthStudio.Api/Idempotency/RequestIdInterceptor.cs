using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core.Interceptors;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Idempotency;

/// <summary>
/// Makes mutations with a request id happen once: the same id with the same request gets the same answer, with another request an error.
/// A call that died half-way is carried out again; that is safe because ids of what it makes follow from the request id,
/// and what it was to remove may be gone.
/// </summary>
/// <remarks>Streaming calls have no request ids: uploads are idempotent by their offset.</remarks>
internal sealed class RequestIdInterceptor(
    RequestLog requests, DatabaseTime clock, ErrorMapper errors, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<RequestIdInterceptor> log)
    : Interceptor
{
    private static readonly TimeSpan FreeRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FreePatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RenewPeriod = RequestLog.ClaimLifetime / 3;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (!RequestIdField<TRequest>.Exists || RequestIdField<TRequest>.Get(request) is not { Length: > 0 } id) return continuation(request, context);
        if (!Guid.TryParseExact(id, "D", out var parsed)) throw ApiErrors.InvalidField("request_id", "must be a UUID such as 0192f3c4-....");
        return RequestIdField<TRequest>.IsCheckOnly(request) ? continuation(request, context) : OnceAsync(parsed, request, context, continuation);
    }

    private async Task<TResponse> OnceAsync<TRequest, TResponse>(
        Guid id, TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        var key = new RequestKey(Caller.Of(context).User, context.Method, id.ToString("D"));
        var now = await clock.NowAsync(context.CancellationToken); // By its own clock a replica would take claims of others for lost.
        var claim = await ClaimAsync(key, RequestIdField<TRequest>.HashRest(request), now, context);
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
        var hasLeft = false;
        try
        {
            var work = continuation(request, context);
            while (!hasLeft && await RunsLongAsync(work, context.CancellationToken))
            {
                hasLeft = context.CancellationToken.IsCancellationRequested;
                if (!hasLeft) now = await RenewAsync(key, now);
            }

            if (hasLeft) return await OutliveAsync(key, now, work, context);
            response = await work;
        }
        catch (Exception e) when (!hasLeft)
        {
            var told = errors.Map(e, context) ?? (RpcException)e;
            if (!claim.IsRepeat || told.StatusCode != StatusCode.NotFound || typeof(TResponse) != typeof(Empty))
            {
                await FreeAsync(key, now, context.Method, MayBeDone(told));
                throw told;
            }

            response = Activator.CreateInstance<TResponse>(); // What was to be removed is gone: the call before did it, and its answer was lost.
        }

        await KeepAsync(key, (IMessage)response, context.Method);
        return response;
    }

    /// <summary>
    /// A caller who has left asks again, perhaps elsewhere: it must not wait for what this call still waits for. Two that overlap make one
    /// thing. This one is waited for all the same, unless the server stops: the audit trail is to say how it ended, and not that it was
    /// cancelled. Of what goes on while the server stops nobody knows that.
    /// </summary>
    private async Task<TResponse> OutliveAsync<TResponse>(
        RequestKey key, DateTimeOffset claimed, Task<TResponse> work, ServerCallContext context)
    {
        await FreeAsync(key, claimed, context.Method, mayBeDone: true);
        try
        {
            return await work.WaitAsync(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            Auditor.Outlived(context);
            throw;
        }
    }

    /// <summary>Whether a failure leaves open what was done before it.</summary>
    private static bool MayBeDone(RpcException e) =>
        e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Aborted
            or StatusCode.Internal or StatusCode.Unknown;

    private async Task<bool> RunsLongAsync(Task work, CancellationToken left)
    {
        if (work.IsCompleted) return false;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(left);
        var first = await Task.WhenAny(work, Task.Delay(RenewPeriod, time, over.Token));
        await over.CancelAsync();
        return first != work;
    }

    /// <summary>Renews the claim and answers its new time.</summary>
    private async Task<DateTimeOffset> RenewAsync(RequestKey key, DateTimeOffset claimed)
    {
        try
        {
            var now = await clock.NowAsync(CancellationToken.None);
            return await requests.RenewAsync(key, claimed, now) ? now : claimed;
        }
        catch (System.Data.Common.DbException)
        {
            return claimed; // A repeat may run beside this call: two that overlap make one thing.
        }
    }

    /// <summary>A claim whose answer the database could not give may have been made: it is taken back.</summary>
    private async Task<RequestClaim> ClaimAsync(RequestKey key, byte[] hash, DateTimeOffset now, ServerCallContext context)
    {
        try
        {
            return await requests.ClaimAsync(key, hash, now, context.CancellationToken);
        }
        catch (Exception e) when (e is System.Data.Common.DbException or OperationCanceledException)
        {
            await FreeAsync(key, now, context.Method, mayBeDone: true);
            throw;
        }
    }

    /// <summary>Lets a repeat in. While the database does not answer that is tried again beside: nobody is to wait until the claim is too old.</summary>
    private async Task FreeAsync(RequestKey key, DateTimeOffset claimed, string method, bool mayBeDone)
    {
        try
        {
            await requests.AbandonAsync(key, claimed, mayBeDone, CancellationToken.None);
        }
        catch (System.Data.Common.DbException e)
        {
            log.IdNotFreed(method, key.RequestId, e);
            _ = FreeLaterAsync(key, claimed, mayBeDone);
        }
    }

    private async Task FreeLaterAsync(RequestKey key, DateTimeOffset claimed, bool mayBeDone)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < FreePatience;)
        {
            await Task.Delay(FreeRetry, time);
            try
            {
                await requests.AbandonAsync(key, claimed, mayBeDone, CancellationToken.None);
                return;
            }
            catch (System.Data.Common.DbException)
            {
                // It was told of at the first time.
            }
        }
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

    /// <summary>Secrets are never stored, not even in an answer.</summary>
    private static IMessage WithoutSecrets(IMessage response) => response switch
    {
        V1.CreateApiKeyResponse key => new V1.CreateApiKeyResponse { ApiKey = key.ApiKey },
        V1.CreateWebhookResponse made => new V1.CreateWebhookResponse { Webhook = made.Webhook },
        V1.RotateWebhookSecretResponse made => new V1.RotateWebhookSecretResponse { Webhook = made.Webhook, OldSecretExpireTime = made.OldSecretExpireTime },
        _ => response,
    };
}
