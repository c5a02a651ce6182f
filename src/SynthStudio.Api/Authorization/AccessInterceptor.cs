using Google.Protobuf;
using Grpc.Core.Interceptors;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Requests;

namespace SynthStudio.Api.Authorization;

/// <summary>
/// Puts every kind of call through the <see cref="AccessPolicy"/>, and its messages through <see cref="RequestShape"/>, before any service
/// sees it. What it lets in and changes something is noted from here on: nobody else can fill a trail with what they never did.
/// </summary>
internal sealed class AccessInterceptor(
    AccessPolicy policy, RequestLimits limits, Auditor auditor, ApiOptions options, TimeProvider time)
    : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var check = CheckAsync(request, context);
        return check.IsCompletedSuccessfully ? continuation(request, context) : CheckedAsync(check, request, context, continuation);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var rule = await policy.AdmitAsync(context);
        await policy.CheckAsync(rule, (IMessage)request, context);
        RequestShape.Check((IMessage)request);
        await using var place = await limits.EnterStreamAsync(context);
        await auditor.BeginStreamAsync(context, rule, rule.Resource((IMessage)request));
        await continuation(request, responseStream, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var rule = await policy.AdmitAsync(context);
        await using var place = await limits.EnterStreamAsync(context);
        return await continuation(new CheckedReader<TRequest>(requestStream, rule, policy, auditor, options, time, context), context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var rule = await policy.AdmitAsync(context);
        await using var place = await limits.EnterStreamAsync(context);
        await continuation(new CheckedReader<TRequest>(requestStream, rule, policy, auditor, options, time, context), responseStream, context);
    }

    private static async Task<TResponse> CheckedAsync<TRequest, TResponse>(
        ValueTask check, TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        await check;
        return await continuation(request, context);
    }

    /// <summary>
    /// Admits a call with one message. Has mostly nothing to wait for: callers and roles are remembered for a while,
    /// and only changes wait for the trail.
    /// </summary>
    private async ValueTask CheckAsync<TRequest>(TRequest request, ServerCallContext context)
        where TRequest : class
    {
        var rule = await policy.AdmitAsync(context);
        await policy.CheckAsync(rule, (IMessage)request, context);
        RequestShape.Check((IMessage)request);
        await auditor.BeginAsync(context, rule, request);
    }

    /// <summary>
    /// Checks the first message of a stream, every later one that names another resource or ends what the stream is for, and others when the last check
    /// is older than <see cref="ApiOptions.HeartbeatInterval"/>. The call begins with the first: before, nobody knows what it is about.
    /// </summary>
    private sealed class CheckedReader<T>(
        IAsyncStreamReader<T> inner, RpcRule rule, AccessPolicy policy, Auditor auditor, ApiOptions options, TimeProvider time, ServerCallContext context)
        : IAsyncStreamReader<T>
    {
        private string? _checked;
        private long _time;

        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await ReadAsync(cancellationToken)) return false;
            if (rule.Pattern is not null) await CheckNameAsync(rule.Resource((IMessage)inner.Current!));
            RequestShape.Check((IMessage)inner.Current!);
            return true;
        }

        private async ValueTask CheckNameAsync(string name)
        {
            if (_checked is null || (name.Length > 0 && name != _checked))
            {
                await policy.CheckAsync(rule, name, context);
                if (_checked is null) await auditor.BeginRequestsAsync(context, rule, name);
                _checked = name;
            }
            else if (inner.Current is V1.WriteUploadRequest { Finish: true } || time.GetElapsedTime(_time) >= options.HeartbeatInterval)
            {
                await policy.RecheckAsync(rule, _checked, context);
            }
            else
            {
                return;
            }

            _time = time.GetTimestamp();
        }

        /// <summary>A read that fails below the protocol, often before the call's token is cancelled, means that nobody is there any more.</summary>
        private async Task<bool> ReadAsync(CancellationToken cancellationToken)
        {
            try
            {
                var read = inner.MoveNext(cancellationToken);
                return read.IsCompleted ? await read : await read.WaitAsync(options.StreamIdleLimit, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw ApiErrors.StreamIdle(options.StreamIdleLimit);
            }
            catch (Exception e) when (e is InvalidOperationException or IOException and not (BadHttpRequestException or InvalidProtocolBufferException))
            {
                throw new CallerLeftException(e);
            }
        }
    }
}
