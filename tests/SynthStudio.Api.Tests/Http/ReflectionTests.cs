using Google.Protobuf.Reflection;
using V1Alpha = Grpc.Reflection.V1Alpha;
using V1Reflection = Grpc.Reflection.V1;

namespace SynthStudio.Api.Tests.Http;

/// <summary>What grpcurl and its like ask, in both versions of the protocol.</summary>
[TestClass]
public sealed class ReflectionTests : ApiTest
{
    private const string Service = "synthstudio.v1.GeneratorService";

    [TestMethod]
    public async Task The_services_and_their_files_are_told()
    {
        using var client = Server.Client(null);
        using var call = new V1Reflection.ServerReflection.ServerReflectionClient(client.Invoker).ServerReflectionInfo(cancellationToken: Cancellation);

        await call.RequestStream.WriteAsync(new() { ListServices = "" }, Cancellation);
        Assert.IsTrue(await call.ResponseStream.MoveNext(Cancellation));
        AssertServices(call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name));
        await call.RequestStream.WriteAsync(new() { FileContainingSymbol = Service }, Cancellation);
        Assert.IsTrue(await call.ResponseStream.MoveNext(Cancellation));
        AssertFile(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }

    [TestMethod]
    public async Task Older_clients_are_told_the_same()
    {
        using var client = Server.Client(null);
        using var call = new V1Alpha.ServerReflection.ServerReflectionClient(client.Invoker).ServerReflectionInfo(cancellationToken: Cancellation);

        await call.RequestStream.WriteAsync(new() { ListServices = "" }, Cancellation);
        Assert.IsTrue(await call.ResponseStream.MoveNext(Cancellation));
        AssertServices(call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name));
        await call.RequestStream.WriteAsync(new() { FileContainingSymbol = Service }, Cancellation);
        Assert.IsTrue(await call.ResponseStream.MoveNext(Cancellation));
        AssertFile(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
    }

    private static void AssertServices(IEnumerable<string> told)
    {
        var ours = typeof(V1.Job).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(V1.Job).Namespace && t.Name.EndsWith("Service", StringComparison.Ordinal) && t.IsAbstract && t.IsSealed)
            .Select(t => $"synthstudio.v1.{t.Name}");

        CollectionAssert.IsSubsetOf(ours.ToArray(), told.ToArray());
        Assert.HasCount(14, ours.ToList());
    }

    private static void AssertFile(IEnumerable<Google.Protobuf.ByteString> files)
    {
        var service = files.Select(FileDescriptorProto.Parser.ParseFrom).SelectMany(file => file.Service).Single(s => s.Name == "GeneratorService");
        Assert.IsTrue(service.Method.Any(m => m.Name == "TrainGenerator"));
    }
}
