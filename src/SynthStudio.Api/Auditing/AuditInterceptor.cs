using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core.Interceptors;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Idempotency;

namespace SynthStudio.Api.Auditing;

/// <summary>
/// Has it noted how calls ended that change something or tell of real rows; outside of what makes errors, so that it sees them. Changes are
/// noted too when they begin, and streams to the caller before anything leaves, both where they are admitted, or once a mail proved who
/// calls; of such streams here only those that were refused.
/// </summary>
internal sealed class AuditInterceptor(Auditor auditor) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RuleOf(context) is not { } rule || (RequestIdField<TRequest>.IsCheckOnly(request) && rule.IsChange)
            ? continuation(request, context)
            : NotedAsync(rule, request, context, continuation);

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (RuleOf(context) is not { } rule) return await continuation(requestStream, context);
        var first = new FirstName<TRequest>(requestStream, rule);
        return await NoteAsync(context, () => continuation(first, context), _ => first.Name, "");
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        if (RuleOf(context) is not { } rule)
        {
            await continuation(request, responseStream, context);
            return;
        }

        var resource = rule.Resource((IMessage)request);
        await NoteAsync<object?>(
            context,
            async () =>
            {
                await continuation(request, responseStream, context);
                return null;
            },
            _ => resource,
            "");
    }

    private Task<TResponse> NotedAsync<TRequest, TResponse>(
        RpcRule rule, TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        var requestId = RequestIdField<TRequest>.Exists ? RequestIdField<TRequest>.Get(request) : "";
        var resource = rule.Resource((IMessage)request);
        return NoteAsync(
            context, () => continuation(request, context),
            response => MadeBy(context, response as IMessage) is { Length: > 0 } made ? made : resource, requestId,
            response => AuditDetail.Of((IMessage)request, response as IMessage));
    }

    private static RpcRule? RuleOf(ServerCallContext context) =>
        RpcRules.ByMethod.TryGetValue(context.Method, out var rule) && rule.Audited != Audited.No ? rule : null;

    /// <summary>The name in an answer, or where a call that creates something answers with more than that thing, in the thing.</summary>
    private static string MadeBy(ServerCallContext context, IMessage? response)
    {
        if (response is null) return "";
        if (NameIn(response) is { Length: > 0 } name) return name;
        if (!context.Method[(context.Method.LastIndexOf('/') + 1)..].StartsWith("Create", StringComparison.Ordinal)) return "";
        return response.Descriptor.Fields.InDeclarationOrder()
            .Select(field =>
                field is { FieldType: FieldType.Message, IsRepeated: false } && field.Accessor.GetValue(response) is IMessage inner
                    ? NameIn(inner)
                    : "")
            .FirstOrDefault(inner => inner.Length > 0, "");
    }

    private static string NameIn(IMessage message) =>
        message.Descriptor.FindFieldByName("name") is { } field && field.Accessor.GetValue(message) is string name ? name : "";

    private async Task<T> NoteAsync<T>(
        ServerCallContext context, Func<Task<T>> call, Func<T?, string> resource, string requestId, Func<T?, string>? detail = null)
    {
        T response;
        try
        {
            response = await call();
        }
        catch (RpcException e)
        {
            await auditor.EndAsync(context, resource(default), requestId, e, detail?.Invoke(default) ?? "");
            throw;
        }

        await auditor.EndAsync(context, resource(response), requestId, null, detail?.Invoke(response) ?? "");
        return response;
    }

    /// <summary>Keeps the resource that the first message of a stream names.</summary>
    private sealed class FirstName<T>(IAsyncStreamReader<T> inner, RpcRule rule) : IAsyncStreamReader<T>
    {
        public string Name { get; private set; } = "";

        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await inner.MoveNext(cancellationToken)) return false;
            if (Name.Length == 0) Name = rule.Resource((IMessage)inner.Current!);
            return true;
        }
    }
}
