using Google.Protobuf;
using Google.Protobuf.Reflection;
using SynthStudio.Api.Authorization;

namespace SynthStudio.Api.Tests.Access;

/// <summary>Every method of the API, found by reflection, callable without generated code.</summary>
internal sealed record Rpc(MethodDescriptor Descriptor)
{
    public static IReadOnlyList<Rpc> All { get; } =
    [
        .. typeof(V1.Job).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Reflection", StringComparison.Ordinal) && t.GetProperty("Descriptor")?.PropertyType == typeof(FileDescriptor))
            .Select(t => (FileDescriptor)t.GetProperty("Descriptor")!.GetValue(null)!)
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods)
            .Select(method => new Rpc(method)),
    ];

    public string FullName => $"/{Descriptor.Service.FullName}/{Descriptor.Name}";

    public RpcRule Rule => RpcRules.ByMethod[FullName];

    public override string ToString() => FullName;

    /// <summary>A request that names a resource in the field that the rule looks at.</summary>
    public IMessage Request(string? resource)
    {
        var request = (IMessage)Activator.CreateInstance(Descriptor.InputType.ClrType)!;
        if (resource is null) return request;
        var target = request;
        var path = Rule.Field.Split('.');
        foreach (var part in path[..^1])
        {
            var field = target.Descriptor.FindFieldByName(part);
            var inner = (IMessage)Activator.CreateInstance(field.MessageType.ClrType)!;
            field.Accessor.SetValue(target, inner);
            target = inner;
        }

        target.Descriptor.FindFieldByName(path[^1]).Accessor.SetValue(target, resource);
        return request;
    }

    /// <summary>Calls the method and answers how it ended.</summary>
    public async Task<StatusCode> CallAsync(CallInvoker invoker, IMessage request, CancellationToken cancellation) =>
        (await FindErrorAsync(invoker, request, cancellation))?.StatusCode ?? StatusCode.OK;

    /// <summary>Calls the method and answers all that an error tells of how it ended.</summary>
    public async Task<string> DescribeAsync(CallInvoker invoker, IMessage request, CancellationToken cancellation) =>
        await FindErrorAsync(invoker, request, cancellation) is { } error
            ? $"{error.StatusCode} {error.Status.Detail} {error.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()} {error.GetRpcStatus()?.GetDetail<Google.Rpc.BadRequest>()}" // None of both where the time was over.
            : "OK";

    private async Task<RpcException?> FindErrorAsync(CallInvoker invoker, IMessage request, CancellationToken cancellation)
    {
        var marshaller = Marshallers.Create(bytes => bytes, bytes => bytes);
        var type = (Descriptor.IsClientStreaming, Descriptor.IsServerStreaming) switch
        {
            (true, true) => MethodType.DuplexStreaming,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            _ => MethodType.Unary,
        };
        var method = new Method<byte[], byte[]>(type, Descriptor.Service.FullName, Descriptor.Name, marshaller, marshaller);
        var patience = type == MethodType.ServerStreaming ? 10 : 60; // Streams that wait for news never answer.
        var options = new CallOptions(cancellationToken: cancellation, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(patience));
        try
        {
            switch (type)
            {
                case MethodType.Unary:
                    await invoker.AsyncUnaryCall(method, null, options, request.ToByteArray());
                    break;
                case MethodType.ServerStreaming:
                    using (var call = invoker.AsyncServerStreamingCall(method, null, options, request.ToByteArray()))
                        await call.ResponseStream.MoveNext(cancellation); // The first message proves access.
                    break;
                case MethodType.ClientStreaming:
                    using (var call = invoker.AsyncClientStreamingCall(method, null, options))
                    {
                        await ApiTest.SendAsync(async () =>
                        {
                            await call.RequestStream.WriteAsync(request.ToByteArray(), cancellation);
                            await call.RequestStream.CompleteAsync();
                        });
                        await call;
                    }

                    break;
                default:
                    throw new NotSupportedException($"{FullName} is of a kind that the tests cannot call yet.");
            }

            return null;
        }
        catch (RpcException e)
        {
            return e;
        }
    }
}
