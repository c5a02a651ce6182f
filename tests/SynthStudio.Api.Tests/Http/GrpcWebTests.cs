using Grpc.Health.V1;
using Grpc.Net.Client.Web;

namespace SynthStudio.Api.Tests.Http;

/// <summary>What browsers speak: gRPC-Web over HTTP/1.1.</summary>
[TestClass]
public sealed class GrpcWebTests : ApiTest
{
    [TestMethod]
    [DataRow(GrpcWebMode.GrpcWeb)]
    [DataRow(GrpcWebMode.GrpcWebText)]
    public async Task Calls_streams_and_rich_errors_pass(GrpcWebMode mode)
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = new ApiClient(Server.HttpAddress, tenant.Key, new GrpcWebHandler(mode, new HttpClientHandler()));

        Assert.AreEqual(tenant.Project, (await client.Projects.GetProjectAsync(new() { Name = tenant.Project })).Name);
        await RefusedAsync(StatusCode.NotFound, "RESOURCE_NOT_FOUND", () => client.Jobs.GetJobAsync(new() { Name = tenant.Project + "/jobs/none" }).ResponseAsync);

        using var watch = client.Jobs.WatchJob(new() { Name = tenant.Job });
        Assert.IsTrue(await watch.ResponseStream.MoveNext(Cancellation), "Events arrive while the job waits.");
        var worker = await Server.Worker.TakeAsync(tenant.Job);
        await worker.FailAsync("EMPTY");
        V1.ProgressEvent last = new();
        while (await watch.ResponseStream.MoveNext(Cancellation)) last = watch.ResponseStream.Current;
        Assert.AreEqual(V1.JobState.Failed, last.State);
    }

    [TestMethod]
    public async Task Health_is_answered_by_grpc_too()
    {
        using var client = Server.Client(null);

        var answer = await new Health.HealthClient(client.Invoker).CheckAsync(new HealthCheckRequest());

        Assert.AreEqual(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }
}
