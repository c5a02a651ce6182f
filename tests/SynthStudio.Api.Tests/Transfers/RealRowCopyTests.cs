using System.Reflection;
using Google.Api;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Api.Formats;
using SynthStudio.Api.Services;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>The copy of real rows that is made to send them stays nowhere, and nobody gets it who lost the right to while it was made.</summary>
[TestClass]
public sealed class RealRowCopyTests : ApiTest
{
    private const string Csv = "n,zip\n1,007\n", Columns = """[{"name":"n","type":"Integer"},{"name":"zip","type":"Text"}]""";

    [TestMethod]
    [DataRow(true, DisplayName = "The data policy changed")]
    [DataRow(false, DisplayName = "The data set was deleted")]
    public async Task Who_lost_the_right_while_the_job_waited_gets_no_row(bool policy)
    {
        var (tenant, client, call) = await AskAsync();
        var worker = await TakeAsync(client, tenant);
        if (policy)
        {
            await Server.Get<DataPolicyStore>().SetAsync(
                tenant.Project, RealRowPolicy.Nobody, TimeProvider.System.GetUtcNow(), Cancellation);
        }
        else
        {
            var dataset = (await Server.Get<DatasetStore>().FindAsync(tenant.Dataset, Cancellation))!;
            await Server.Get<DatasetStore>().UpdateAsync(dataset with { DeleteTime = TimeProvider.System.GetUtcNow() }, Cancellation);
        }

        await worker.CompleteAsync(("table", Csv), ("columns", Columns));

        await RefusedAsync(
            policy ? StatusCode.PermissionDenied : StatusCode.NotFound, policy ? "REAL_ROWS_FORBIDDEN" : "RESOURCE_NOT_FOUND", () => call.ResponseStream.MoveNext(Cancellation));

        await ForgottenAsync(worker.Job);
        Assert.IsFalse(await NotedAsync(client, tenant), "None was sent.");
    }

    [TestMethod]
    public async Task Who_loses_the_right_while_rows_are_sent_gets_no_further_ones()
    {
        await using var server = await ApiServer.StartAsync(options => options.HeartbeatInterval = TimeSpan.FromSeconds(1));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        using var call = client.Datasets.DownloadDataset(new() { Name = tenant.Dataset }, cancellationToken: Cancellation);
        var worker = await TakeAsync(client, tenant, server);
        await worker.CompleteAsync(("table", "n\n" + new string('1', 48 << 20)), ("columns", """[{"name":"n","type":"Text"}]""")); // More than all buffers on the way hold.
        Assert.IsTrue(await call.ResponseStream.MoveNext(Cancellation));

        await server.Get<DataPolicyStore>().SetAsync(tenant.Project, RealRowPolicy.Nobody, TimeProvider.System.GetUtcNow(), Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation);

        await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", async () =>
        {
            while (await call.ResponseStream.MoveNext(Cancellation))
            {
            }
        });
        await ForgottenAsync(worker.Job, server);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "It waits in the queue")]
    [DataRow(true, DisplayName = "A worker makes it")]
    public async Task A_caller_who_leaves_takes_the_job_along(bool runs)
    {
        var (tenant, client, call) = await AskAsync();
        var job = await ListedAsync(client, tenant);
        var worker = runs ? await Server.Worker.TakeAsync(job) : null;

        call.Dispose();

        if (worker is not null)
        {
            await EventuallyAsync(() => Server.Get<JobDirectory>().GetAsync(job, Cancellation), found => found.State == WorkState.Cancelling);
            await worker.TellAsync(new WorkCancelled());
        }

        await ForgottenAsync(job);
        Assert.AreEqual(WorkState.Cancelled, (await Server.Get<IGrainFactory>().GetGrain<IJobGrain>(job).GetJobAsync(job)).State);
    }

    [TestMethod]
    public async Task A_job_that_failed_is_forgotten_too()
    {
        var (tenant, client, call) = await AskAsync();
        var worker = await TakeAsync(client, tenant);
        await worker.FailAsync("RAGGED_ROW");

        await RefusedAsync(StatusCode.FailedPrecondition, "RAGGED_ROW", () => call.ResponseStream.MoveNext(Cancellation));
        await ForgottenAsync(worker.Job);
    }

    [TestMethod]
    public async Task A_download_whose_job_comes_to_no_end_ends_in_the_time_that_a_transfer_has()
    {
        await using var server = await ApiServer.StartAsync(options => options.Transfers.MaxTime = TimeSpan.FromSeconds(6));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        using var call = client.Datasets.DownloadDataset(new() { Name = tenant.Dataset }, cancellationToken: Cancellation);
        var job = await ListedAsync(client, tenant);

        await RefusedAsync(StatusCode.FailedPrecondition, "TIME_LIMIT", () => call.ResponseStream.MoveNext(Cancellation));

        await ForgottenAsync(job, server);
    }

    [TestMethod]
    public async Task A_text_column_that_is_none_is_refused_before_the_first_row()
    {
        var (tenant, client, call) = await AskAsync(new() { Format = V1.RowFormat.JsonLines, TextColumns = { "n", "nn" } });
        await (await TakeAsync(client, tenant)).CompleteAsync(("table", Csv), ("columns", Columns));

        var (error, _) = await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => call.ResponseStream.MoveNext(Cancellation));

        Assert.Contains("column nn", error.Status.Detail);
        Assert.IsFalse(await NotedAsync(client, tenant), "None was sent.");
    }

    [TestMethod]
    public async Task What_a_replica_left_that_died_is_stopped_and_forgotten_by_another_one()
    {
        await using var server = await ApiServer.StartAsync(options => options.ObjectGrace = TimeSpan.Zero);
        var tenant = await Tenant.CreateAsync(server);
        var (waiting, done, young) = (await SubmitAsync("waiting"), await SubmitAsync("done"), await SubmitAsync("young"));
        var (table, columns) = await CompleteAsync(done);
        var (other, _) = await CompleteAsync(young);
        await AgeAsync(waiting, TimeSpan.FromHours(2.2));
        await AgeAsync(done, TimeSpan.FromHours(2.2));
        await AgeAsync(young, TimeSpan.FromHours(1.9));
        var objects = server.Get<IObjectStore>();

        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        await ForgottenAsync(done, server);
        Assert.IsFalse(await objects.ExistsAsync(table, Cancellation), "The rows go with the job.");
        Assert.IsFalse(await objects.ExistsAsync(columns, Cancellation));
        Assert.IsTrue(await objects.ExistsAsync(other, Cancellation), "Somebody may be sending them.");
        await EventuallyAsync(() => server.Get<JobIndex>().FindAsync(waiting, Cancellation), found => found!.Snapshot.State == WorkState.Cancelled);
        await AgeAsync(waiting, TimeSpan.FromHours(2.2));
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);
        await ForgottenAsync(waiting, server);

        async Task<string> SubmitAsync(string id)
        {
            var job = $"{tenant.Project}/jobs/{id}";
            await server.Get<JobDirectory>().SubmitAsync(job, Extraction((await server.Get<DatasetStore>().FindAsync(tenant.Dataset, Cancellation))!));
            return job;
        }

        async Task<(ObjectRef Table, ObjectRef Columns)> CompleteAsync(string job)
        {
            await (await server.Worker.TakeAsync(job)).CompleteAsync(("table", Csv + job), ("columns", Columns + new string(' ', job.Length)));
            var ended = await EventuallyAsync(() => server.Get<JobIndex>().FindAsync(job, Cancellation), found => found is { Snapshot.HasEnded: true });
            return (ended!.Snapshot.Result!.Artifacts["table"], ended.Snapshot.Result.Artifacts["columns"]);
        }

        async Task AgeAsync(string job, TimeSpan age)
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(server.Folder, "catalog.db")}");
            await connection.OpenAsync(Cancellation);
            await using var command = new SqliteCommand("UPDATE jobs SET create_time = create_time - @age WHERE name = @job AND create_time > @recent", connection);
            command.Parameters.AddWithValue("@age", (long)age.TotalMicroseconds);
            command.Parameters.AddWithValue("@recent", (long)(TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromHours(1)).TotalMicroseconds);
            command.Parameters.AddWithValue("@job", job);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    [TestMethod]
    public async Task A_purge_of_the_data_set_stops_the_job()
    {
        var (tenant, client, call) = await AskAsync();
        var job = await ListedAsync(client, tenant);
        await Server.Get<Lifecycle.Deletions>().PurgeDatasetAsync(tenant.Dataset, Cancellation);

        await RefusedAsync(StatusCode.FailedPrecondition, "CANCELLED", () => call.ResponseStream.MoveNext(Cancellation));

        Assert.AreEqual(WorkState.Cancelled, (await Server.Get<IGrainFactory>().GetGrain<IJobGrain>(job).GetJobAsync(job)).State);
        await ForgottenAsync(job);
    }

    [TestMethod]
    public async Task An_outage_of_the_cluster_interrupts_an_export_and_fails_it_not()
    {
        var tenant = await Tenant.CreateAsync(Server);
        foreach (var failure in (Exception[])[new StoreUnavailableException("away"), new TimeoutException("slow"), new Orleans.Runtime.SiloUnavailableException("gone")])
        {
            var jobs = ActivatorUtilities.CreateInstance<JobDirectory>(Server.Services, FailingGrains.Of(failure));

            var thrown = await Assert.ThrowsExactlyAsync<TransferInterruptedException>(() => ExportAsync(tenant, jobs, Server.Get<JobIndex>()));

            Assert.AreSame(failure, thrown.InnerException);
        }
    }

    [TestMethod]
    public async Task An_outage_of_the_database_while_the_job_is_waited_for_interrupts_the_export_and_stops_the_job()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await using var away = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System)
            .AddSynthStudioStorage(new StorageOptions { Root = Server.Folder })
            .AddSynthStudioCatalog($"Data Source={Path.Combine(Server.Folder, "nowhere", "catalog.db")}").BuildServiceProvider();

        var thrown = await Assert.ThrowsExactlyAsync<TransferInterruptedException>(
            () => ExportAsync(tenant, Server.Get<JobDirectory>(), away.GetRequiredService<JobIndex>()));

        Assert.IsInstanceOfType<System.Data.Common.DbException>(thrown.InnerException);
        var job = await ListedAsync(client, tenant);
        Assert.AreEqual(WorkState.Cancelled, (await Server.Get<IGrainFactory>().GetGrain<IJobGrain>(job).GetJobAsync(job)).State);
    }

    [TestMethod]
    public async Task An_export_whose_creator_lost_the_right_while_the_job_waited_sends_nothing()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var isSent = false;
        var export = ExportAsync(tenant, Server.Get<JobDirectory>(), Server.Get<JobIndex>(), () => isSent = true);
        var worker = await TakeAsync(client, tenant);
        await Server.Get<DataPolicyStore>().SetAsync(tenant.Project, RealRowPolicy.Nobody, TimeProvider.System.GetUtcNow(), Cancellation);
        await worker.CompleteAsync(("table", Csv), ("columns", Columns));

        var thrown = await Assert.ThrowsExactlyAsync<TransferException>(() => export);

        Assert.AreEqual(("CREATOR_NOT_ALLOWED", false), (thrown.Error.Reason, isSent));
        await ForgottenAsync(worker.Job);
    }

    private async Task ExportAsync(Tenant tenant, JobDirectory jobs, JobIndex index, Action? send = null)
    {
        var real = ActivatorUtilities.CreateInstance<RealRows>(Server.Services, jobs, index);
        var transfer = new TransferRecord
        {
            Name = tenant.Transfer, Project = tenant.Project, Creator = tenant.User, CreateTime = TimeProvider.System.GetUtcNow(), Endpoint = new(),
            Spec = new() { Table = new TableExport(tenant.Dataset, "public", "t", Overwrite: false, []) },
        };
        await ActivatorUtilities.CreateInstance<ExportSources>(Server.Services, real).ReadAsync(
            transfer, tenant.Dataset, [],
            _ =>
            {
                send?.Invoke();
                return Task.CompletedTask;
            },
            Cancellation);
    }

    private static JobSubmission Extraction(DatasetRecord dataset) =>
        new(dataset.Name, new ExtractionSpec { Data = DatasetReader.Input(dataset) }, 2, WorkRequirements.Cpu);

    private async Task<(Tenant Tenant, ApiClient Client, AsyncServerStreamingCall<HttpBody> Call)> AskAsync(V1.DownloadDatasetRequest? request = null)
    {
        var tenant = await Tenant.CreateAsync(Server);
        var client = Server.Client(tenant.Key);
        request ??= new();
        request.Name = tenant.Dataset;
        return (tenant, client, client.Datasets.DownloadDataset(request, cancellationToken: Cancellation));
    }

    private async Task<FakeWorker> TakeAsync(ApiClient client, Tenant tenant, ApiServer? server = null) =>
        await (server ?? Server).Worker.TakeAsync(await ListedAsync(client, tenant));

    private async Task<string> ListedAsync(ApiClient client, Tenant tenant) => (await EventuallyAsync(
        async () => (await client.Jobs.ListJobsAsync(new() { Parent = tenant.Project, Kind = V1.JobKind.Extraction })).Jobs,
        found => found.Count > 0)).Single().Name;

    private async Task ForgottenAsync(string job, ApiServer? server = null) =>
        await EventuallyAsync(() => (server ?? Server).Get<JobIndex>().FindAsync(job, Cancellation), found => found is null);

    private async Task<bool> NotedAsync(ApiClient client, Tenant tenant) =>
        (await client.Audit.ListAuditEntriesAsync(
            new() { Parent = tenant.Project, Filter = new() { Method = "DatasetService/DownloadDataset" } },
            cancellationToken: Cancellation))
            .AuditEntries.Any(entry => entry.Outcome == "OK");

    /// <summary>A cluster none of whose grains answers.</summary>
    public class FailingGrains : DispatchProxy
    {
        private Exception _failure = null!;

        public static IGrainFactory Of(Exception failure)
        {
            var proxy = Create<IGrainFactory, FailingGrains>();
            ((FailingGrains)(object)proxy)._failure = failure;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw _failure;
    }
}
