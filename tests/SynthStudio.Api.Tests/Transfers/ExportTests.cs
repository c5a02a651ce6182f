using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>Drawn rows go into a real PostgreSQL and a real store of objects: all of them or none, and over nothing that nobody asked to replace.</summary>
[TestClass]
public sealed class ExportTests : ApiTest
{
    private const string Schema = """
        {"Columns":[{"Name":"id","Kind":"Integer"},{"Name":"born","Kind":"Date"},{"Name":"seen","Kind":"DateTime","Format":"dd.MM.yyyy HH:mm"},
          {"Name":"score","Kind":"Decimal","DecimalPlaces":2},{"Name":"a \"plan\"","Kind":"Categorical"},{"Name":"ok","Kind":"Boolean"}]}
        """;

    private static readonly string[] Rows =
        ["id,born,seen,score,\"a \"\"plan\"\"\",ok\n1,2020-01-02,03.02.2020 10:00,1.50,basic,yes\n", "2,,,,,no\n3,1999-12-31,01.01.2000 00:00,-7.00,\"with \"\"quotes\"\", a comma\nand a line\",\n"];

    private static ApiServer _open = null!;
    private static NpgsqlConnectionStringBuilder _database = null!;
    private static S3Server _store = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _open = await ApiServer.StartAsync(options => options.Transfers.ReachTestServers());
        _database = new NpgsqlConnectionStringBuilder(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        _store = await S3Server.SharedAsync();
    }

    [ClassCleanup]
    public static async Task StopAsync() => await _open.DisposeAsync();

    [TestMethod]
    public async Task Rows_become_a_table_with_types_of_its_own()
    {
        var (tenant, client) = await DrawnAsync(Rows);
        var wanted = new V1.Transfer { Postgres = Endpoint(), TableExport = new() { Source = tenant.Synthetic, Table = "Drawn rows" } };

        var done = await EndAsync(client, tenant.Project, wanted);

        Assert.AreEqual((V1.TransferState.Succeeded, 3, Rows.Sum(part => part.Length)), (done.State, done.RowCount, done.SizeBytes), done.Error?.Message);
        CollectionAssert.AreEqual(
            new[] { "id bigint", "born date", "seen text", "score numeric", "a \"plan\" text", "ok boolean" },
            await ReadAsync("SELECT attname || ' ' || format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'public.\"Drawn rows\"'::regclass AND attnum > 0 ORDER BY attnum"));
        CollectionAssert.AreEqual(
            new[] { "1|2020-01-02|03.02.2020 10:00|1.50|basic|true", "2|||||false", "3|1999-12-31|01.01.2000 00:00|-7.00|with \"quotes\", a comma\nand a line|" },
            await ReadAsync(""""SELECT concat_ws('|', id, coalesce(born::text, ''), coalesce(seen, ''), coalesce(score::text, ''), coalesce("a ""plan""", ''), coalesce(ok::text, '')) FROM "Drawn rows" ORDER BY id""""));
        var record = (await _open.Get<TransferStore>().FindAsync(done.Name, Cancellation))!;
        var work = _open.Services.GetServices<ITransferWork>().Single(work => work.Does(record.Spec));
        var gone = record with { Attempt = 2, Spec = record.Spec with { Table = record.Spec.Table! with { Source = $"{tenant.Project}/syntheticDatasets/gone" } } };
        foreach (var late in new[] { record, gone })
        {
            var again = new TransferProgress();
            await work.RunAsync(late, "any", again, Cancellation);
            Assert.AreEqual((3, 0), (again.Rows, again.Bytes), "After a commit that nobody heard of it is done, and a second attempt does not even look for the rows.");
        }

        var second = await EndAsync(client, tenant.Project, wanted);
        Assert.AreEqual((V1.TransferState.Failed, "TABLE_EXISTS"), (second.State, second.Error?.Reason), second.Error?.Message);
        wanted.TableExport.Overwrite = true;
        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(client, tenant.Project, wanted)).State);
        CollectionAssert.AreEqual(new[] { "3" }, await ReadAsync("SELECT count(*)::text FROM \"Drawn rows\""));
    }

    [TestMethod]
    public async Task Tables_that_no_export_of_the_project_made_are_not_replaced()
    {
        var (tenant, client) = await DrawnAsync(Rows);
        var (other, another) = await DrawnAsync(Rows);
        await ReadAsync("CREATE TABLE payroll AS SELECT 7 AS kept; CREATE VIEW looks AS SELECT 7 AS kept; COMMENT ON VIEW looks IS 'SynthStudio " + tenant.Project + "/transfers/t'");
        await ReadAsync($"CREATE TABLE noted AS SELECT 7 AS kept; COMMENT ON TABLE noted IS 'See SynthStudio {tenant.Project}/transfers/t'");
        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(another, other.Project, Wanted(other, "theirs"))).State);

        foreach (var table in new[] { "payroll", "looks", "noted", "theirs" })
        {
            var failed = await EndAsync(client, tenant.Project, Wanted(tenant, table));
            Assert.AreEqual((V1.TransferState.Failed, "TABLE_EXISTS", table), (failed.State, failed.Error?.Reason, failed.Error?.Subject), failed.Error?.Message);
        }

        CollectionAssert.AreEqual(
            new[] { "7", "7", "7", "3" },
            await ReadAsync("SELECT kept::text FROM payroll UNION ALL SELECT kept::text FROM looks UNION ALL SELECT kept::text FROM noted UNION ALL SELECT count(*)::text FROM theirs"));
        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(another, other.Project, Wanted(other, "theirs"))).State, "Who made it replaces it.");

        static V1.Transfer Wanted(Tenant tenant, string table) =>
            new() { Postgres = Endpoint(), TableExport = new() { Source = tenant.Synthetic, Table = table, Overwrite = true } };
    }

    [TestMethod]
    public async Task A_value_that_does_not_fit_leaves_nothing_behind()
    {
        var (tenant, client) = await DrawnAsync(["id,ok\n1,yes\n2,ja\n"]);
        var wanted = new V1.Transfer { Postgres = Endpoint(), TableExport = new() { Source = tenant.Synthetic, Table = "partial" } };

        var failed = await EndAsync(client, tenant.Project, wanted);

        Assert.AreEqual((V1.TransferState.Failed, "VALUE_NOT_OF_TYPE", "ok"), (failed.State, failed.Error?.Reason, failed.Error?.Subject), failed.Error?.Message);
        Assert.DoesNotContain("ja", failed.Error!.Message.Replace("database", "", StringComparison.Ordinal));
        CollectionAssert.AreEqual(new[] { "" }, await ReadAsync("SELECT coalesce(to_regclass('partial')::text, '')"));
        wanted.TableExport.TextColumns.Add("ok");
        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(client, tenant.Project, wanted)).State);
        wanted.TableExport.Schema = "nowhere";
        Assert.AreEqual("RELATION_MISSING", (await EndAsync(client, tenant.Project, wanted)).Error.Reason);
    }

    [TestMethod]
    public async Task No_trace_holds_what_a_database_of_others_is_told_and_answers()
    {
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans.Enqueue($"{span.GetTagItem("db.query.text")} {string.Join(' ', span.Events.SelectMany(e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);
        var (tenant, client) = await DrawnAsync(["id,ok\n1,yes\n2,ja\n"]);

        var failed = await EndAsync(
            client, tenant.Project,
            new V1.Transfer { Postgres = Endpoint(), TableExport = new() { Source = tenant.Synthetic, Table = "untraced" } });
        await ReadAsync("SELECT 'heard'");

        Assert.AreEqual("VALUE_NOT_OF_TYPE", failed.Error?.Reason, failed.Error?.Message);
        Assert.IsTrue(spans.Any(span => span.Contains("heard", StringComparison.Ordinal)));
        Assert.AreEqual("", string.Join('\n', spans.Where(span => span.Contains("untraced", StringComparison.Ordinal))));
    }

    [TestMethod]
    [DataRow("", "NO_COLUMNS", "", DisplayName = "No header")]
    [DataRow("id,ok\n1\n", "SOURCE_DAMAGED", "", DisplayName = "A row too short")]
    [DataRow("id,ok\n1,yes\n", "COLUMN_MISSING", "okay", DisplayName = "A text column that is none")]
    public async Task Rows_that_cannot_be_exported_say_why(string csv, string reason, string text)
    {
        var (tenant, client) = await DrawnAsync([csv]);
        var wanted = new V1.Transfer { Bucket = Bucket(), ObjectExport = new() { Source = tenant.Synthetic, Key = $"{Guid.NewGuid():N}.jsonl", Format = V1.RowFormat.JsonLines } };
        if (text.Length > 0) wanted.ObjectExport.TextColumns.Add(text);

        var failed = await EndAsync(client, tenant.Project, wanted);

        Assert.AreEqual(
            (V1.TransferState.Failed, reason, text.Length > 0 ? text : tenant.Synthetic),
            (failed.State, failed.Error?.Reason, failed.Error?.Subject), failed.Error?.Message);
        if (text.Length == 0) return;
        using var download = client.Synthetics.DownloadSyntheticDataset(
            new() { Name = tenant.Synthetic, Format = V1.RowFormat.JsonLines, TextColumns = { text } }, cancellationToken: Cancellation);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => download.ResponseStream.MoveNext(Cancellation));
    }

    [TestMethod]
    public async Task Formulas_in_an_object_are_defused_where_that_is_asked_for()
    {
        var filler = string.Concat(Enumerable.Repeat("12345,-1.5,harmless\n", 8_000)); // Beyond one piece.
        var (tenant, client) = await DrawnAsync([$"id,score,text\n{filler}", "1,-2,=HYPERLINK(\"\"x\"\")\n", "2,+3,@sum\n"]);
        var wanted = new V1.Transfer { Bucket = Bucket(), ObjectExport = new() { Source = tenant.Synthetic, Key = $"{Guid.NewGuid():N}.csv", DefuseFormulas = true } };

        var done = await EndAsync(client, tenant.Project, wanted);

        Assert.AreEqual(V1.TransferState.Succeeded, done.State, done.Error?.Message);
        Assert.IsTrue(done.ObjectExport.DefuseFormulas);
        Assert.AreEqual($"id,score,text\n{filler}1,-2,'=HYPERLINK(\"\"x\"\")\n2,+3,'@sum\n", await ObjectAsync(wanted.ObjectExport.Key));
        wanted.ObjectExport.Format = V1.RowFormat.JsonLines;
        var (error, _) = await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => EndAsync(client, tenant.Project, wanted));
        Assert.AreEqual("transfer.object_export.defuse_formulas", error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!.FieldViolations.Single().Field);
    }

    [TestMethod]
    public async Task Rows_become_an_object_that_replaces_none_unless_asked()
    {
        string[] large = ["id\n", .. Enumerable.Range(0, 5).Select(_ => new string('7', 4 << 20) + "\n")];
        var (tenant, client) = await DrawnAsync(large);
        var wanted = new V1.Transfer { Bucket = Bucket(), ObjectExport = new() { Source = tenant.Synthetic, Key = $"out/{Guid.NewGuid():N}.csv" } };

        var done = await EndAsync(client, tenant.Project, wanted);

        Assert.AreEqual((V1.TransferState.Succeeded, large.Sum(part => part.Length)), (done.State, done.SizeBytes), done.Error?.Message);
        Assert.AreEqual(string.Concat(large), await ObjectAsync(wanted.ObjectExport.Key));
        var second = await EndAsync(client, tenant.Project, wanted);
        Assert.AreEqual((V1.TransferState.Failed, "OBJECT_EXISTS"), (second.State, second.Error?.Reason), second.Error?.Message);
        wanted.ObjectExport.Overwrite = true;
        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(client, tenant.Project, wanted)).State);
        wanted.Bucket.AccessKey = "ANOTHER";
        Assert.AreEqual("LOGIN_REFUSED", (await EndAsync(client, tenant.Project, wanted)).Error?.Reason);
    }

    [TestMethod]
    public async Task Objects_that_no_export_of_the_project_made_are_not_replaced()
    {
        var (tenant, client) = await DrawnAsync(["id\n1\n"]);
        var (other, another) = await DrawnAsync(["id\n2\n"]);
        var (backup, theirs) = ($"{Guid.NewGuid():N}.csv", $"{Guid.NewGuid():N}.csv");
        using (var store = Store())
        {
            await store.PutObjectAsync(
                new()
                {
                    BucketName = S3Server.Bucket, Key = backup, InputStream = new MemoryStream("kept"u8.ToArray()), UseChunkEncoding = false,
                },
                Cancellation);
        }

        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(another, other.Project, Wanted(other, theirs))).State);

        foreach (var key in new[] { backup, theirs })
        {
            var failed = await EndAsync(client, tenant.Project, Wanted(tenant, key));
            Assert.AreEqual((V1.TransferState.Failed, "OBJECT_EXISTS", key), (failed.State, failed.Error?.Reason, failed.Error?.Subject), failed.Error?.Message);
        }

        Assert.AreEqual(("kept", "id\n2\n"), (await ObjectAsync(backup), await ObjectAsync(theirs)));
        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(another, other.Project, Wanted(other, theirs))).State, "Who made it replaces it.");

        static V1.Transfer Wanted(Tenant tenant, string key) =>
            new() { Bucket = Bucket(), ObjectExport = new() { Source = tenant.Synthetic, Key = key, Overwrite = true } };
    }

    [TestMethod]
    public async Task Rows_become_parquet_and_json_lines_in_buckets_and_downloads()
    {
        var (tenant, client) = await DrawnAsync(Rows);
        using var http = _open.Http(tenant.Key);
        const string lines = "{\"id\":1,\"born\":\"2020-01-02\",\"seen\":\"03.02.2020 10:00\",\"score\":1.50,\"a \\\"plan\\\"\":\"basic\",\"ok\":true}\n"
            + "{\"id\":2,\"born\":null,\"seen\":null,\"score\":null,\"a \\\"plan\\\"\":null,\"ok\":false}\n"
            + "{\"id\":3,\"born\":\"1999-12-31\",\"seen\":\"01.01.2000 00:00\",\"score\":-7.00,\"a \\\"plan\\\"\":\"with \\\"quotes\\\", a comma\\nand a line\",\"ok\":null}\n";
        var wanted = new V1.Transfer { Bucket = Bucket(), ObjectExport = new() { Source = tenant.Synthetic, Key = $"{Guid.NewGuid():N}.jsonl", Format = V1.RowFormat.JsonLines } };

        var done = await EndAsync(client, tenant.Project, wanted);
        Assert.AreEqual((V1.TransferState.Succeeded, 3, lines.Length), (done.State, done.RowCount, done.SizeBytes), done.Error?.Message);
        Assert.AreEqual(lines, await ObjectAsync(wanted.ObjectExport.Key));
        Assert.AreEqual(lines, await http.GetStringAsync($"/v1/{tenant.Synthetic}:download?format=ROW_FORMAT_JSON_LINES", Cancellation));

        (wanted.ObjectExport.Key, wanted.ObjectExport.Format) = ($"{Guid.NewGuid():N}.parquet", V1.RowFormat.Parquet);
        wanted.ObjectExport.TextColumns.Add("id");
        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(client, tenant.Project, wanted)).State);
        using var call = client.Synthetics.DownloadSyntheticDataset(
            new() { Name = tenant.Synthetic, Format = V1.RowFormat.Parquet, TextColumns = { "id" } }, cancellationToken: Cancellation);
        using var download = new MemoryStream();
        while (await call.ResponseStream.MoveNext(Cancellation)) download.Write(call.ResponseStream.Current.Data.Span);
        await using var file = await Parquet.ParquetReader.CreateAsync(new MemoryStream(download.ToArray()));
        Assert.AreEqual((3L, typeof(ReadOnlyMemory<char>)), (file.RowGroups.Single().RowCount, file.Schema.DataFields[0].ClrType));

        await RefusedAsync(
            StatusCode.InvalidArgument, "INVALID_FIELD",
            () => DownloadAsync(new() { Name = tenant.Synthetic, Format = V1.RowFormat.Parquet, DefuseFormulas = true }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => DownloadAsync(new() { Name = tenant.Synthetic, TextColumns = { "id" } }));
        var (other, another) = await DrawnAsync(["id,ok\n1,yes\n2,ja\n"]);
        (wanted.ObjectExport.Source, wanted.ObjectExport.Key) = (other.Synthetic, $"{Guid.NewGuid():N}.parquet");
        var failed = await EndAsync(another, other.Project, wanted);
        Assert.AreEqual(("VALUE_NOT_OF_TYPE", "ok"), (failed.Error?.Reason, failed.Error?.Subject));
        using var refused = another.Synthetics.DownloadSyntheticDataset(
            new() { Name = other.Synthetic, Format = V1.RowFormat.JsonLines }, cancellationToken: Cancellation);
        await RefusedAsync(StatusCode.FailedPrecondition, "VALUE_NOT_OF_TYPE", () => refused.ResponseStream.MoveNext(Cancellation));

        async Task DownloadAsync(V1.DownloadSyntheticDatasetRequest request)
        {
            using var download = client.Synthetics.DownloadSyntheticDataset(request, cancellationToken: Cancellation);
            await download.ResponseStream.MoveNext(Cancellation);
        }
    }

    [TestMethod]
    public async Task Only_drawn_rows_of_the_project_are_exported_and_to_what_fits()
    {
        var (tenant, client) = await DrawnAsync(Rows);
        var other = await Tenant.CreateAsync(_open);
        foreach (var (transfer, code) in new (V1.Transfer, StatusCode)[]
                 {
                     (new() { Postgres = Endpoint(), TableExport = new() { Source = other.Synthetic, Table = "t" } }, StatusCode.NotFound),
                     (new() { Postgres = Endpoint(), TableExport = new() { Source = other.Dataset, Table = "t" } }, StatusCode.NotFound),
                     (new() { Postgres = Endpoint(), TableExport = new() { Source = tenant.Generator, Table = "t" } }, StatusCode.InvalidArgument),
                     (new() { Postgres = Endpoint(), TableExport = new() { Source = tenant.Synthetic, Table = new string('t', 64) } },
                         StatusCode.InvalidArgument),
                     (new() { Bucket = Bucket(), TableExport = new() { Source = tenant.Synthetic, Table = "t" } }, StatusCode.InvalidArgument),
                     (new() { Postgres = Endpoint(), ObjectExport = new() { Source = tenant.Synthetic, Key = "k" } }, StatusCode.InvalidArgument),
                     (new() { Bucket = Bucket(), ObjectExport = new() { Source = tenant.Synthetic, Key = "k/" } }, StatusCode.InvalidArgument),
                     (new() { Bucket = Bucket(), ObjectExport = new() { Source = $"{tenant.Project}/syntheticDatasets/none", Key = "k" } }, StatusCode.NotFound),
                 })
        {
            await RefusedAsync(code, null, () => client.Transfers.CreateTransferAsync(new() { Parent = tenant.Project, Transfer = transfer }).ResponseAsync);
        }
    }

    /// <summary>A tenant whose synthetic data set holds these parts of a CSV file, drawn from a model with a schema.</summary>
    private static async Task<(Tenant Tenant, ApiClient Client)> DrawnAsync(string[] parts)
    {
        var tenant = await Tenant.CreateAsync(_open);
        var client = _open.Client(tenant.Key);
        var worker = await _open.Worker.TakeAsync((await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name);
        var model = await _open.Worker.PutAsync(FakePackage.Of("the model", schema: Schema));
        await worker.TellAsync(new WorkCompleted(new WorkResult(new Dictionary<string, ObjectRef> { ["model"] = model }, new Dictionary<string, double>())));
        var store = _open.Get<SyntheticDatasetStore>();
        var stored = new List<PartRef>();
        foreach (var part in parts) stored.Add(new PartRef(stored.Count, part.Count(c => c == '\n'), await _open.Worker.PutAsync(part)));
        await store.UpdateAsync((await store.FindAsync(tenant.Synthetic))! with { State = ArtifactState.Ready, Parts = stored });
        return (tenant, client);
    }

    private static V1.PostgresEndpoint Endpoint() => new()
    {
        Host = _database.Host, Port = _database.Port, Database = _database.Database, User = _database.Username, Password = "any", Tls = V1.TransportSecurity.None,
    };

    private static V1.BucketEndpoint Bucket() => new() { Url = _store.Endpoint, Bucket = S3Server.Bucket, AccessKey = S3Server.Key, SecretKey = S3Server.Key };

    private async Task<V1.Transfer> EndAsync(ApiClient client, string project, V1.Transfer wanted)
    {
        var created = await client.Transfers.CreateTransferAsync(new() { Parent = project, Transfer = wanted, RequestId = Guid.NewGuid().ToString() });
        return await EventuallyAsync(
            async () => await client.Transfers.GetTransferAsync(new() { Name = created.Name }, cancellationToken: Cancellation),
            found => found.EndTime is not null);
    }

    private async Task<List<string>> ReadAsync(string query)
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var reader = await new NpgsqlCommand(query, connection).ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation)) rows.Add(reader.GetString(0));
        return rows;
    }

    private static AmazonS3Client Store() => new(
        new BasicAWSCredentials(S3Server.Key, S3Server.Key),
        new AmazonS3Config
        {
            ServiceURL = _store.Endpoint, ForcePathStyle = true, AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });

    private static async Task<string> ObjectAsync(string key)
    {
        using var client = Store();
        using var response = await client.GetObjectAsync(S3Server.Bucket, key);
        using var reader = new StreamReader(response.ResponseStream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
