using System.Runtime.CompilerServices;
using Grpc.Core.Interceptors;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Telemetry;

namespace SynthStudio.Api;

/// <summary>
/// The interceptors of the API as one. The server would look up each of several in the container at every call, and wait for each in a frame of its own;
/// here they are put together once a method, and one that has nothing to wait for hands on the task of the next.
/// </summary>
internal sealed class InterceptorChain : Interceptor
{
    private readonly Interceptor[] _innermostFirst;

    /// <summary>What a method's calls go through, by the service's own part: the server has one such delegate a method.</summary>
    private readonly ConditionalWeakTable<Delegate, Delegate> _composed = [];

    private InterceptorChain(Interceptor[] innermostFirst) => _innermostFirst = innermostFirst;

    /// <summary>All of them, or, for measurements, those of some names.</summary>
    public static InterceptorChain Of(IServiceProvider services, Func<string, bool>? includes = null)
    {
        Interceptor[] outermostFirst =
        [
            services.GetRequiredService<TelemetryInterceptor>(),
            services.GetRequiredService<AuditInterceptor>(),
            services.GetRequiredService<ErrorInterceptor>(),
            services.GetRequiredService<AccessInterceptor>(),
            services.GetRequiredService<RequestIdInterceptor>(),
            services.GetRequiredService<CallTimeInterceptor>(),
        ];
        return new InterceptorChain([.. outermostFirst.Where(interceptor => includes?.Invoke(interceptor.GetType().Name) != false).Reverse()]);
    }

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        Compose(
            continuation,
            static (interceptor, next) => (request, context) => interceptor.UnaryServerHandler(request, context, next))(
            request, context);

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        Compose(
            continuation,
            static (interceptor, next) => (stream, context) => interceptor.ClientStreamingServerHandler(stream, context, next))(
            requestStream, context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Compose(
            continuation,
            static (interceptor, next) => (request, stream, context) =>
                interceptor.ServerStreamingServerHandler(request, stream, context, next))(
            request, responseStream, context);

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Compose(
            continuation,
            static (interceptor, next) => (requests, responses, context) =>
                interceptor.DuplexStreamingServerHandler(requests, responses, context, next))(
            requestStream, responseStream, context);

    private TMethod Compose<TMethod>(TMethod service, Func<Interceptor, TMethod, TMethod> wrap)
        where TMethod : Delegate =>
        _composed.TryGetValue(service, out var known) ? (TMethod)known : ComposeAnew(service, wrap);

    private TMethod ComposeAnew<TMethod>(TMethod service, Func<Interceptor, TMethod, TMethod> wrap)
        where TMethod : Delegate
    {
        var composed = _innermostFirst.Aggregate(service, (next, interceptor) => wrap(interceptor, next));
        return (TMethod)_composed.GetValue(service, _ => composed);
    }
}
