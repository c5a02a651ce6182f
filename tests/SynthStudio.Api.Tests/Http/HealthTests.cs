using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SynthStudio.Api.Readiness;
using SynthStudio.Catalog;
using Serving = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace SynthStudio.Api.Tests.Http;

/// <summary>Live and ready, over HTTP and by gRPC: always the same answer.</summary>
[TestClass]
public sealed class HealthTests : ApiTest
{
    [TestMethod]
    public async Task A_server_that_can_work_is_live_and_ready()
    {
        Assert.AreEqual((HttpStatusCode.OK, "Healthy", "process: Healthy"), await AskAsync(Server, "live"));
        Assert.AreEqual((HttpStatusCode.OK, "Healthy", "process: Healthy, catalog: Healthy, grains: Healthy, objects: Healthy, leaving: Healthy"), await AskAsync(Server, "ready"));
        Assert.AreEqual(Serving.Serving, await CheckAsync(Server, ""));
        Assert.AreEqual(Serving.Serving, await CheckAsync(Server, "live"));
    }

    [TestMethod]
    public async Task A_service_that_is_not_known_is_not_found()
    {
        using var client = Server.Client(null);

        await RefusedAsync(StatusCode.NotFound, null, () => new Health.HealthClient(client.Invoker).CheckAsync(new() { Service = "none" }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_server_without_its_catalog_is_live_but_not_ready_and_names_what_is_missing()
    {
        await using var server = await ApiServer.StartAsync();
        await using (var connection = await server.Get<SqliteDataSource>().OpenConnectionAsync(Cancellation))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE projects RENAME TO lost";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        Assert.AreEqual((HttpStatusCode.OK, "Healthy", "process: Healthy"), await AskAsync(server, "live"));
        Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Unhealthy", "process: Healthy, catalog: Unhealthy, grains: Healthy, objects: Healthy, leaving: Healthy"), await AskAsync(server, "ready"));
        Assert.AreEqual(Serving.NotServing, await CheckAsync(server, ""));
        Assert.AreEqual(Serving.Serving, await CheckAsync(server, "live"));
    }

    [TestMethod]
    public async Task Checks_are_told_as_figures_too()
    {
        var told = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "synthstudio.health") listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => told[$"{tags[0].Key} {tags[0].Value}"] = value);
        listener.Start();
        var report = new HealthReport(
            new Dictionary<string, HealthReportEntry>
            {
                ["this"] = Entry(HealthStatus.Healthy), ["that"] = Entry(HealthStatus.Degraded), ["other"] = Entry(HealthStatus.Unhealthy),
            },
            TimeSpan.Zero);

        // Servers of other tests tell of theirs at times, in the same place.
        await EventuallyAsync(TellAsync, isTold => isTold);

        Assert.AreEqual((1.0, 0.5, 0.0), (told["check this"], told["check that"], told["check other"]));

        async Task<bool> TellAsync()
        {
            await new HealthMeter().PublishAsync(report, Cancellation);
            listener.RecordObservableInstruments();
            return told.ContainsKey("check this");
        }

        static HealthReportEntry Entry(HealthStatus status) => new(status, null, TimeSpan.Zero, null, null);
    }

    [TestMethod]
    public async Task A_server_without_its_objects_is_live_but_not_ready()
    {
        await using var server = await ApiServer.StartAsync();
        Directory.Delete(Path.Combine(server.Folder, "objects"), recursive: true);

        Assert.AreEqual((HttpStatusCode.OK, "Healthy", "process: Healthy"), await AskAsync(server, "live"));
        Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "Unhealthy", "process: Healthy, catalog: Healthy, grains: Healthy, objects: Unhealthy, leaving: Healthy"), await AskAsync(server, "ready"));
    }

    [TestMethod]
    public async Task A_server_that_is_asked_to_stop_says_that_it_is_not_ready_and_serves_until_its_time_is_over()
    {
        var delay = TimeSpan.FromSeconds(10);
        await using var server = await ApiServer.StartAsync(options => options.LeavingDelay = delay);
        using var http = server.Http(server.AdminKey);
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        using var watch = client.Jobs.WatchJob(new() { Name = tenant.Job });
        Assert.IsTrue(await watch.ResponseStream.MoveNext(Cancellation));
        var next = watch.ResponseStream.MoveNext(Cancellation);
        var asked = Stopwatch.StartNew();
        server.Get<IHostApplicationLifetime>().StopApplication(); // As a signal does, before the host begins to stop its services.
        var stopping = server.StopAsync();

        var (code, _, checks) = await AskAsync(server, "ready");
        Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "process: Healthy, catalog: Healthy, grains: Healthy, objects: Healthy, leaving: Unhealthy"), (code, checks));
        Assert.AreEqual(Serving.NotServing, await CheckAsync(server, ""));
        Assert.AreEqual((HttpStatusCode.OK, "Healthy", "process: Healthy"), await AskAsync(server, "live"));
        using (var served = await http.GetAsync("/v1/projects", Cancellation)) Assert.AreEqual(HttpStatusCode.OK, served.StatusCode);
        Assert.IsTrue(!next.IsCompleted || await next, "Who watches a job goes on.");
        using (var another = client.Jobs.WatchJob(new() { Name = tenant.Job })) Assert.IsTrue(await another.ResponseStream.MoveNext(Cancellation));
        await stopping;

        Assert.IsGreaterThanOrEqualTo(delay, asked.Elapsed);
        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => AskAsync(server, "live"));
    }

    private async Task<(HttpStatusCode Code, string Status, string Checks)> AskAsync(ApiServer server, string question)
    {
        using var http = server.Http(null);
        using var answer = await http.GetAsync($"/healthz/{question}", Cancellation);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        var checks = json.RootElement.GetProperty("checks").EnumerateObject().Select(check => $"{check.Name}: {check.Value.GetString()}");
        return (answer.StatusCode, json.RootElement.GetProperty("status").GetString()!, string.Join(", ", checks));
    }

    private async Task<Serving> CheckAsync(ApiServer server, string service)
    {
        using var client = server.Client(null);
        return (await new Health.HealthClient(client.Invoker).CheckAsync(new() { Service = service }, cancellationToken: Cancellation)).Status;
    }
}
