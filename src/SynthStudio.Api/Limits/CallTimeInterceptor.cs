using Grpc.Core.Interceptors;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Limits;

/// <summary>
/// Breaks off unary calls that take too long, also where their clients set no deadline: what they ask for hears of it by the call's token. The innermost
/// interceptor: what the others note is noted in any case.
/// </summary>
internal sealed class CallTimeInterceptor(ApiOptions options, TimeProvider time) : Interceptor
{
    /// <summary>Calls that move bytes, or ask language models, take as long as those take, within limits of their own.</summary>
    private static readonly string[] Excepted = ["/synthstudio.v1.UploadService/", "/synthstudio.v1.AssistantService/", "/synthstudio.v1.GeneratorService/ImportGenerator"];

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (Array.Exists(Excepted, start => context.Method.StartsWith(start, StringComparison.Ordinal))) return await continuation(request, context);
        using var limit = new CancellationTokenSource(options.CallTimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.CancellationToken);
        try
        {
            return await continuation(request, new TimedCallContext(context, either.Token));
        }
        catch (Exception e) when (limit.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested && IsOfCancellation(e))
        {
            throw ApiErrors.TookTooLong(options.CallTimeLimit);
        }
    }

    private static bool IsOfCancellation(Exception e) => e is OperationCanceledException || e.InnerException is OperationCanceledException;
}
