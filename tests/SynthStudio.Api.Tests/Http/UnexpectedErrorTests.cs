using SynthStudio.Api.Uploads;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Http;

/// <summary>What a client sees when something breaks inside.</summary>
[TestClass]
public sealed class UnexpectedErrorTests : ApiTest
{
    [TestMethod]
    public async Task A_lost_object_is_told_without_the_inside()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var dataset = await Server.Get<SynthStudio.Catalog.DatasetStore>().FindAsync(tenant.Dataset, Cancellation);
        var lost = await Server.Worker.PutAsync($"lost {Guid.NewGuid()}");
        await Server.Get<SynthStudio.Catalog.DatasetStore>().UpdateAsync(dataset! with { Profile = lost }, Cancellation);
        await Server.Get<IObjectStore>().DeleteAsync(lost.Key, DateTimeOffset.MaxValue, Cancellation);
        Server.Logs.Expect("met a stored object that is gone or damaged");

        var (error, _) = await RefusedAsync(StatusCode.DataLoss, "OBJECT_DAMAGED", () => client.Datasets.GetDatasetProfileAsync(
            new() { Name = tenant.Dataset + "/profile" }).ResponseAsync);

        Assert.DoesNotContain(lost.Sha256, error.Status.Detail);
        Assert.IsTrue(Server.Logs.Contains(lost.Sha256), "The operator sees what is lost.");
    }

    [TestMethod]
    public async Task What_goes_with_a_silo_or_a_database_says_that_the_same_call_may_be_made_again()
    {
        var (client, project) = await OwnerAsync();
        Exception[] passing =
        [
            new AwayException(), new InvalidOperationException("as EF says it", new AwayException()), new StoreUnavailableException("away"),
            new Orleans.Runtime.Messaging.ConnectionFailedException("a gateway"),
            new Orleans.Runtime.OrleansException("no active nodes are compatible"),
            new Orleans.Serialization.CodecNotFoundException("a library's"), new TimeoutException(),
        ];
        foreach (var failure in passing)
        {
            Server.Get<FakeMethods>().Failure = failure;
            if (failure is AwayException or InvalidOperationException) Server.Logs.Expect("could not use the database");
            await RefusedAsync(StatusCode.Unavailable, null, () => client.Uploads.CreateUploadAsync(
                new() { Parent = project, Upload = new() { FileName = "t.csv", SchemaJson = FakeMethods.Fails } }).ResponseAsync);
        }
    }

    [TestMethod]
    public async Task What_the_library_refuses_by_itself_is_explained_too()
    {
        using var client = Server.Client((await Server.UserAsync()).Key);
        var (error, _) = await RefusedAsync(StatusCode.ResourceExhausted, "TOO_LARGE", () => client.Projects.CreateProjectAsync(
            new() { Project = new() { DisplayName = new string('x', 5 << 20) } }).ResponseAsync);
        Assert.Contains("4 MiB", error.Status.Detail);

        var bytes = Marshallers.Create(b => b, b => b);
        var unknown = new Method<byte[], byte[]>(MethodType.Unary, "synthstudio.v1.JobService", "Steal", bytes, bytes);
        await RefusedAsync(StatusCode.Unimplemented, "NO_SUCH_METHOD", () => client.Invoker.AsyncUnaryCall(unknown, null, new CallOptions(), []).ResponseAsync);
        var garbled = new Method<byte[], byte[]>(MethodType.Unary, "synthstudio.v1.JobService", "GetJob", bytes, bytes);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_MESSAGE", () => client.Invoker.AsyncUnaryCall(garbled, null, new CallOptions(), [0x0a, 0xff]).ResponseAsync);
    }

    [TestMethod]
    public async Task A_caller_who_leaves_in_the_middle_of_a_stream_is_no_error_of_ours()
    {
        using var client = Server.Client(null);
        var reflection = new Grpc.Reflection.V1.ServerReflection.ServerReflectionClient(client.Invoker);
        for (var i = 0; i < 300; i++)
        {
            using var call = reflection.ServerReflectionInfo(cancellationToken: Cancellation);
            await call.RequestStream.WriteAsync(new() { ListServices = "" }, Cancellation);
            await call.RequestStream.WriteAsync(new() { ListServices = "" }, Cancellation);
            Assert.IsTrue(await call.ResponseStream.MoveNext(Cancellation));
        }
    }

    [TestMethod]
    public void Media_types_follow_the_name()
    {
        Assert.AreEqual("text/csv", MediaTypes.Of("A.CSV"));
        Assert.AreEqual("application/gzip", MediaTypes.Of("a.csv.gz"));
        Assert.AreEqual("application/octet-stream", MediaTypes.Of("a"));
    }

    private sealed class AwayException : System.Data.Common.DbException
    {
        public override bool IsTransient => true;
    }
}
