using Google.Api;
using Npgsql;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>Real rows leave by downloads and exports: for whom the data policy names, read by a worker, noted before the first of them goes.</summary>
[TestClass]
public sealed class RealRowExportTests : ApiTest
{
    private const string Csv = "n,zip\n1,007\n,\"=2+3\"\n", Columns = """[{"name":"n","type":"Integer"},{"name":"zip","type":"Text"}]""";

    private static ApiServer _open = null!;
    private static NpgsqlConnectionStringBuilder _database = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _open = await ApiServer.StartAsync(options => options.Transfers.ReachTestServers());
        _database = new NpgsqlConnectionStringBuilder(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
    }

    [ClassCleanup]
    public static async Task StopAsync() => await _open.DisposeAsync();

    [TestMethod]
    [DataRow(V1.RowFormat.Unspecified, false, Csv)]
    [DataRow(V1.RowFormat.Csv, true, "n,zip\n1,007\n,\"'=2+3\"\n")]
    [DataRow(V1.RowFormat.JsonLines, false, "{\"n\":1,\"zip\":\"007\"}\n{\"n\":null,\"zip\":\"=2+3\"}\n")]
    public async Task A_download_has_all_rows_in_the_format_that_was_asked_for(V1.RowFormat format, bool defuses, string expected)
    {
        var tenant = await Tenant.CreateAsync(_open);
        using var client = _open.Client(tenant.Key);
        using var call = client.Datasets.DownloadDataset(
            new() { Name = tenant.Dataset, Format = format, DefuseFormulas = defuses }, cancellationToken: Cancellation);
        var job = await ReadAsync(client, tenant);

        var text = "";
        while (await call.ResponseStream.MoveNext(Cancellation)) text += call.ResponseStream.Current.Data.ToStringUtf8();

        Assert.AreEqual(expected, text);
        Assert.AreEqual(
            StatusCode.NotFound,
            (await Assert.ThrowsAsync<RpcException>(() => client.Jobs.GetJobAsync(new() { Name = job }).ResponseAsync)).StatusCode,
            "The copy goes with its job.");
        Assert.AreEqual(1, await NotedAsync(client, tenant, "DatasetService/DownloadDataset", "OK"));
        Assert.AreEqual(V1.PrivacyBadge.NotGuaranteed, (await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).PrivacyBadge);
    }

    [TestMethod]
    public async Task A_download_over_http_is_a_file_with_a_name()
    {
        var tenant = await Tenant.CreateAsync(_open);
        using var client = _open.Client(tenant.Key);
        using var http = _open.Http(tenant.Key);
        var asked = http.GetAsync($"/v1/{tenant.Dataset}:download?format=ROW_FORMAT_PARQUET&textColumns=n", Cancellation);
        await ReadAsync(client, tenant);

        using var answer = await asked;
        await using var file = await Parquet.ParquetReader.CreateAsync(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Cancellation)));

        Assert.AreEqual(("d.parquet", "application/vnd.apache.parquet"), (answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'), answer.Content.Headers.ContentType?.MediaType));
        Assert.AreEqual((2L, typeof(ReadOnlyMemory<char>)), (file.RowGroups.Single().RowCount, file.Schema.DataFields[0].ClrType));
    }

    [TestMethod]
    public async Task Whom_the_policy_does_not_name_gets_no_row_and_starts_no_job()
    {
        var tenant = await Tenant.CreateAsync(_open);
        using var owner = _open.Client(tenant.Key);
        var (user, key) = await _open.UserAsync();
        await _open.Get<ProjectStore>().SetRoleAsync(tenant.Project, user, ProjectRole.Editor);
        using var editor = _open.Client(key);
        using var admin = _open.Client(_open.AdminKey);
        foreach (var other in new[] { editor, admin })
        {
            await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => FirstAsync(other, new() { Name = tenant.Dataset }));
            await RefusedAsync(StatusCode.PermissionDenied, "REAL_ROWS_FORBIDDEN", () => CreateAsync(other, tenant, tenant.Dataset));
        }

        Assert.AreEqual(2, await NotedAsync(owner, tenant, "DatasetService/DownloadDataset", "PERMISSION_DENIED"), "Refusals are noted, too.");
        Assert.HasCount(0, (await owner.Jobs.ListJobsAsync(new() { Parent = tenant.Project, Kind = V1.JobKind.Extraction })).Jobs);

        var store = _open.Get<DatasetStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Dataset))! with { Withheld = true });
        await RefusedAsync(StatusCode.FailedPrecondition, "DATASET_WITHHELD", () => FirstAsync(owner, new() { Name = tenant.Dataset }));
        await RefusedAsync(StatusCode.FailedPrecondition, "DATASET_WITHHELD", () => CreateAsync(owner, tenant, tenant.Dataset));
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => FirstAsync(owner, new() { Name = tenant.EmptyDataset }));
        await RefusedAsync(StatusCode.NotFound, null, () => CreateAsync(owner, tenant, $"{tenant.Project}/datasets/none"));
    }

    [TestMethod]
    public async Task Real_rows_become_a_table_and_that_is_noted_as_access_to_them()
    {
        var tenant = await Tenant.CreateAsync(_open);
        using var client = _open.Client(tenant.Key);
        var transfer = await CreateAsync(client, tenant, tenant.Dataset);
        await ReadAsync(client, tenant);

        var done = await EndAsync(client, transfer);

        Assert.AreEqual((V1.TransferState.Succeeded, 2L), (done.State, done.RowCount), done.Error?.Message);
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"SELECT string_agg(concat_ws('|', coalesce(n::text, '-'), zip, pg_typeof(n)), ' ' ORDER BY n) FROM \"{done.TableExport.Table}\"", connection);
        Assert.AreEqual("1|007|bigint -|=2+3|bigint", await command.ExecuteScalarAsync(Cancellation));
        Assert.AreEqual(1, await NotedAsync(client, tenant, "TransferService/ExportRealRows", "OK"));
        Assert.AreEqual(V1.PrivacyBadge.NotGuaranteed, (await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).PrivacyBadge);
    }

    [TestMethod]
    public async Task Who_may_not_see_real_rows_any_more_has_none_sent()
    {
        var tenant = await Tenant.CreateAsync(_open);
        using var client = _open.Client(tenant.Key);
        await _open.Get<DataPolicyStore>().SetAsync(tenant.Project, RealRowPolicy.Nobody, TimeProvider.System.GetUtcNow(), Cancellation);
        var stored = new TransferRecord
        {
            Name = $"{tenant.Project}/transfers/late", Project = tenant.Project, Creator = tenant.User,
            CreateTime = TimeProvider.System.GetUtcNow(),
            SealedSecret = _open.Get<ConnectionStore>().Seal("any", $"{tenant.Project}/transfers/late"),
            Endpoint = new TransferEndpoint
            {
                Postgres = new PostgresAddress(
                    _database.Host!, _database.Port, _database.Database!, _database.Username!, TransportSecurity.None),
            },
            Spec = new TransferSpec { Table = new TableExport(tenant.Dataset, "public", "late", Overwrite: false, []) },
        };
        Assert.IsTrue(await _open.Get<TransferStore>().TryCreateAsync(stored, most: 10, Cancellation));

        var done = await EndAsync(client, new() { Name = stored.Name });

        Assert.AreEqual((V1.TransferState.Failed, "CREATOR_NOT_ALLOWED"), (done.State, done.Error?.Reason), done.Error?.Message);
        Assert.AreEqual(0, await NotedAsync(client, tenant, "TransferService/ExportRealRows", "OK"));
    }

    [TestMethod]
    public async Task A_file_that_cannot_be_read_fails_with_what_the_worker_says()
    {
        var tenant = await Tenant.CreateAsync(_open);
        using var client = _open.Client(tenant.Key);
        var transfer = await CreateAsync(client, tenant, tenant.Dataset);
        await (await TakeAsync(client, tenant)).FailAsync("RAGGED_ROW");

        Assert.AreEqual(("RAGGED_ROW", tenant.Dataset), ((await EndAsync(client, transfer)).Error.Reason, (await EndAsync(client, transfer)).Error.Subject));
    }

    /// <summary>A worker reads the data set.</summary>
    private async Task<string> ReadAsync(ApiClient client, Tenant tenant)
    {
        var worker = await TakeAsync(client, tenant);
        Assert.AreEqual("t.csv", ((ExtractionSpec)worker.Order.Spec).Data.FileName);
        await worker.CompleteAsync(("table", Csv), ("columns", Columns));
        return worker.Job;
    }

    private async Task<FakeWorker> TakeAsync(ApiClient client, Tenant tenant)
    {
        var jobs = await EventuallyAsync(
            async () => (await client.Jobs.ListJobsAsync(new() { Parent = tenant.Project, Kind = V1.JobKind.Extraction })).Jobs, found => found.Count > 0);
        return await _open.Worker.TakeAsync(jobs.Single().Name);
    }

    private async Task<int> NotedAsync(ApiClient client, Tenant tenant, string method, string outcome) =>
        (await client.Audit.ListAuditEntriesAsync(
            new() { Parent = tenant.Project, Filter = new() { Method = method } }, cancellationToken: Cancellation))
            .AuditEntries.Count(entry => entry.Outcome == outcome);

    private async Task<HttpBody?> FirstAsync(ApiClient client, V1.DownloadDatasetRequest request)
    {
        using var call = client.Datasets.DownloadDataset(request, cancellationToken: Cancellation);
        return await call.ResponseStream.MoveNext(Cancellation) ? call.ResponseStream.Current : null;
    }

    private static async Task<V1.Transfer> CreateAsync(ApiClient client, Tenant tenant, string source) => await client.Transfers.CreateTransferAsync(new()
    {
        Parent = tenant.Project,
        Transfer = new()
        {
            Postgres = new()
            {
                Host = _database.Host, Port = _database.Port, Database = _database.Database, User = _database.Username, Password = "any",
                Tls = V1.TransportSecurity.None,
            },
            TableExport = new() { Source = source, Table = $"t{Guid.NewGuid():N}" },
        },
    });

    private async Task<V1.Transfer> EndAsync(ApiClient client, V1.Transfer transfer) => await EventuallyAsync(
        async () => await client.Transfers.GetTransferAsync(new() { Name = transfer.Name }, cancellationToken: Cancellation),
        found => found.EndTime is not null);
}
