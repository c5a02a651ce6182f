using System.Text;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SynthStudio.Api.Transfers;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Api.Tests.Transfers;

/// <summary>
/// Rows come in from a real PostgreSQL by a query that can do nothing else; what goes wrong says
/// what to do; and passwords stay where they are.
/// </summary>
[TestClass]
public sealed partial class QueryImportTests : ApiTest
{
    private const string Password = "correct-horse-battery-staple";

    private static ApiServer _open = null!;
    private static NpgsqlConnectionStringBuilder _database = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context)
    {
        _open = await ApiServer.StartAsync(options => Allow(options.Transfers));
        var postgres = await PostgresServer.SharedAsync();
        _database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await PostgresServer.ExecuteAsync(_database.ConnectionString, """
            CREATE TYPE mood AS ENUM ('sad', 'glad');
            CREATE TABLE visits (id bigint, at timestamptz, day date, price numeric(10, 2), share double precision, ok boolean, note text, code uuid, took interval, state mood, tags text[], body jsonb);
            INSERT INTO visits VALUES
                (1, '2025-03-01 10:00:00+01', '2025-03-01', 12.50, 0.1, true, 'plain', '00000000-0000-0000-0000-000000000001', '90 minutes', 'glad', '{a}', '{}'),
                (2, NULL, NULL, NULL, NULL, false, E'with "quotes", a comma\nand a line', NULL, NULL, NULL, NULL, NULL),
                (3, '2025-07-01 10:00:00+02', '2025-07-02', -3, 1e300, NULL, '', NULL, '1 day', 'sad', NULL, NULL);
            """);
    }

    [ClassCleanup]
    public static async Task StopAsync() => await _open.DisposeAsync();

    [TestMethod]
    public async Task The_rows_of_a_query_become_a_data_set()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var request = new V1.CreateTransferRequest
        {
            Parent = project, TransferId = "t", RequestId = Guid.NewGuid().ToString(),
            Transfer = new()
            {
                Postgres = Endpoint(),
                QueryImport = new()
                {
                    Query = "SELECT id, at, day, price, share, ok, note, code, took, state FROM visits ORDER BY id; ",
                    Dataset = new() { DatasetId = "visits", DisplayName = "Visits", SchemaJson = """{"columns":{"id":"integer"}}""" },
                },
            },
        };
        var created = await client.Transfers.CreateTransferAsync(request);
        Assert.AreEqual(created, await client.Transfers.CreateTransferAsync(request));
        Assert.AreEqual($"{project}/datasets/visits", created.Dataset);

        var done = await EndAsync(client, created);

        Assert.AreEqual((V1.TransferState.Succeeded, 3, 1), (done.State, done.RowCount, done.Attempt), done.Error?.Message);
        Assert.AreEqual("", done.Postgres.Password);
        Assert.AreEqual(
            "id,at,day,price,share,ok,note,code,took,state\n"
            + "1,2025-03-01 09:00:00+00,2025-03-01,12.50,0.1,t,plain,00000000-0000-0000-0000-000000000001,PT1H30M,glad\n"
            + "2,,,,,f,\"with \"\"quotes\"\", a comma\nand a line\",,,\n"
            + "3,2025-07-01 08:00:00+00,2025-07-02,-3.00,1e+300,,\"\",,P1D,sad\n",
            await ContentAsync(done.Dataset));
        var dataset = await client.Datasets.GetDatasetAsync(new() { Name = done.Dataset });
        Assert.AreEqual(("Visits", V1.DatasetState.Profiling, "query.csv", done.SizeBytes), (dataset.DisplayName, dataset.State, dataset.FileName, dataset.SizeBytes));
        var trail = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project, Filter = new() { Resource = done.Name } })).AuditEntries;
        CollectionAssert.AreEquivalent(
            new[] { "TransferService/CreateTransfer", "TransferService/CreateTransfer", "TransferService/EndTransfer" }, trail.Select(entry => entry.Method).ToArray());
        Assert.HasCount(1, (await client.Transfers.ListTransfersAsync(new() { Parent = project })).Transfers);
    }

    [TestMethod]
    public async Task Passwords_are_sealed_and_forgotten_and_stand_nowhere()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var connection = await client.Connections.CreateConnectionAsync(
            new() { Parent = project, ConnectionId = "warehouse", Connection = new() { Postgres = Endpoint() }, RequestId = Guid.NewGuid().ToString() });
        Assert.AreEqual(("", _database.Host), (connection.Postgres.Password, connection.Postgres.Host));
        Assert.AreEqual(connection, await client.Connections.GetConnectionAsync(new() { Name = connection.Name }));
        Assert.AreEqual(connection, (await client.Connections.ListConnectionsAsync(new() { Parent = project })).Connections.Single());
        var transfers = _open.Get<TransferStore>();
        await using var gate = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await gate.OpenAsync(Cancellation);
        await using (var shut = new NpgsqlCommand("SELECT pg_advisory_lock(1)", gate)) await shut.ExecuteNonQueryAsync(Cancellation);
        var slow = await client.Transfers.CreateTransferAsync(
            new() { Parent = project, RequestId = Guid.NewGuid().ToString(), Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT pg_advisory_xact_lock(1)::text" } } });
        Assert.IsNotNull((await transfers.FindAsync(slow.Name, Cancellation))!.SealedSecret);
        await gate.CloseAsync();

        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(client, slow)).State);
        Assert.IsNull((await transfers.FindAsync(slow.Name, Cancellation))!.SealedSecret);
        var named = await client.Transfers.CreateTransferAsync(
            new() { Parent = project, Transfer = new() { Connection = connection.Name, QueryImport = new() { Query = "VALUES (1)" } } });
        Assert.AreEqual(V1.TransferState.Succeeded, (await EndAsync(client, named)).State);

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_open.Folder, "*", SearchOption.AllDirectories))
            Assert.AreEqual(-1, (await ContentOfAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Password)), file);

        await client.Connections.DeleteConnectionAsync(new() { Name = connection.Name });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Transfers.CreateTransferAsync(
            new() { Parent = project, Transfer = new() { Connection = connection.Name, QueryImport = new() { Query = "VALUES (1)" } } }).ResponseAsync);
    }

    [TestMethod]
    [DataRow("SELECT * FROM nowhere", "RELATION_MISSING", "nowhere")]
    [DataRow("SELECT nothing FROM visits", "COLUMN_MISSING", "nothing")]
    [DataRow("SELEC 1", "QUERY_INVALID", "near character 1")]
    [DataRow("SELECT 1; DROP TABLE visits", "QUERY_INVALID", "one SELECT")]
    [DataRow("SELECT 1; COMMIT; DROP TABLE visits", "QUERY_INVALID", "one SELECT")]
    [DataRow("DELETE FROM visits RETURNING id", "QUERY_INVALID", "one SELECT")]
    [DataRow("WITH gone AS (DELETE FROM visits RETURNING id) SELECT * FROM gone", "QUERY_INVALID", "")]
    [DataRow("SELECT 1 AS a INTO made", "QUERY_INVALID", "")]
    [DataRow("SELECT 1) TO PROGRAM 'touch /tmp/synthstudio-pwned' --", "QUERY_INVALID", "one SELECT")]
    [DataRow("SELECT 1) TO STDOUT; DROP TABLE visits; --", "QUERY_INVALID", "one SELECT")]
    [DataRow("SELECT 1 /* without an end", "QUERY_INVALID", "")]
    [DataRow("SELECT set_config('transaction_read_only', 'off', true), nextval('made_seq')", "RELATION_MISSING", "made_seq")]
    [DataRow("SELECT tags FROM visits", "COLUMN_TYPE_UNSUPPORTED", "text[]")]
    [DataRow("SELECT id, body FROM visits", "COLUMN_TYPE_UNSUPPORTED", "jsonb")]
    [DataRow("SELECT id, note AS id FROM visits", "DUPLICATE_COLUMN", "AS")]
    [DataRow("SELECT FROM visits", "NO_COLUMNS", "")]
    [DataRow("SELECT * FROM pg_class", "COLUMN_TYPE_UNSUPPORTED", "")]
    [DataRow("SELECT $1", "QUERY_INVALID", "parameters")]
    [DataRow("SELECT 1 / (id - id) AS secret FROM visits", "QUERY_FAILED", "22012")]
    [DataRow("SELECT note::int AS n FROM visits", "QUERY_FAILED", "22P02")]
    public async Task A_query_that_is_wrong_says_what_to_do(string query, string reason, string said)
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var created = await client.Transfers.CreateTransferAsync(
            new() { Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = query } } });

        var done = await EndAsync(client, created);

        Assert.AreEqual((V1.TransferState.Failed, reason), (done.State, done.Error?.Reason), done.Error?.Message);
        Assert.Contains(said, done.Error!.Message);
        Assert.DoesNotContain("plain", done.Error.Message, "Values of rows are not told.");
        await EventuallyAsync(() => FindAsync(client, created.Dataset), found => found is null); // The empty data set goes.
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        Assert.AreEqual(3L, await new NpgsqlCommand("SELECT count(*) FROM visits", connection).ExecuteScalarAsync(Cancellation));
    }

    [TestMethod]
    public async Task A_query_that_ends_in_a_comment_or_begins_with_a_word_other_than_select_is_taken()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        foreach (var query in new[] { "SELECT id FROM visits -- that's all", "TABLE pg_database_owner_of_nothing", "VALUES (1), (2)", "WITH v AS (SELECT id FROM visits) SELECT * FROM v", "(SELECT ';' AS a)" })
        {
            var done = await EndAsync(client, await client.Transfers.CreateTransferAsync(
                new() { Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = query } } }));
            if (query.StartsWith("TABLE", StringComparison.Ordinal)) Assert.AreEqual("RELATION_MISSING", done.Error.Reason);
            else Assert.AreEqual(V1.TransferState.Succeeded, done.State, $"{query}: {done.Error?.Message}");
        }
    }

    [TestMethod]
    public async Task What_goes_beyond_a_limit_is_refused()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        await ReasonAsync(new() { Query = "SELECT * FROM generate_series(1, 3000000)", MaxRows = 10_000 }, "TOO_MANY_ROWS");
        await ReasonAsync(new() { Query = "SELECT pg_sleep(60)::text", StatementTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) }, "QUERY_TOO_SLOW");
        using var admin = _open.Client(_open.AdminKey);
        await admin.Cluster.SetProjectShareAsync(new() { Project = project, Weight = 1, MaxStoredBytes = 1000 });
        await ReasonAsync(new() { Query = "SELECT * FROM generate_series(1, 1000)" }, "QUOTA_EXCEEDED");
        var exact = await client.Transfers.CreateTransferAsync(
            new() { Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT * FROM generate_series(1, 7)", MaxRows = 7 } } });
        Assert.AreEqual(
            (V1.TransferState.Succeeded, 7),
            ((await EndAsync(client, exact)).State, (await client.Transfers.GetTransferAsync(new() { Name = exact.Name })).RowCount));

        async Task ReasonAsync(V1.QueryImport import, string reason)
        {
            var done = await EndAsync(client, await client.Transfers.CreateTransferAsync(
                new() { Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = import } }));
            Assert.AreEqual((V1.TransferState.Failed, reason), (done.State, done.Error?.Reason), done.Error?.Message);
        }
    }

    [TestMethod]
    public async Task A_database_that_cannot_be_reached_or_does_not_let_in_says_why()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        await DemandPasswordAsync("guarded");
        await ReasonAsync(e => e.Port = Ports.FindFree(), "ENDPOINT_UNREACHABLE");
        await ReasonAsync(e => e.Database = "nothing", "DATABASE_UNKNOWN");
        await ReasonAsync(e => e.User = "guarded", "LOGIN_REFUSED");
        await ReasonAsync(e => e.User = "nobody_of_that_name", "LOGIN_REFUSED");
        await ReasonAsync(e => e.Host = "no-such-host.invalid", "ADDRESS_NOT_ALLOWED");
        await ReasonAsync(e => e.Tls = V1.TransportSecurity.Verified, "TLS_FAILED");
        await PostgresServer.ExecuteAsync(_database.ConnectionString, "GRANT SELECT (id) ON visits TO guarded");
        await ReasonAsync(e => (e.User, e.Password) = ("guarded", "the right one"), "ENDPOINT_FORBIDS");

        async Task ReasonAsync(Action<V1.PostgresEndpoint> change, string reason)
        {
            var endpoint = Endpoint();
            change(endpoint);
            var done = await EndAsync(client, await client.Transfers.CreateTransferAsync(
                new() { Parent = project, Transfer = new() { Postgres = endpoint, QueryImport = new() { Query = "SELECT note FROM visits" } } }));
            Assert.AreEqual((V1.TransferState.Failed, reason), (done.State, done.Error?.Reason), done.Error?.Message);
        }
    }

    [TestMethod]
    public async Task Only_public_addresses_are_reached_with_tls_unless_the_operator_allows_others()
    {
        var (client, project) = await OwnerAsync(); // Of a server that allows nothing.
        foreach (var (change, field) in new (Action<V1.PostgresEndpoint>, string)[]
                 {
                     (e => e.Host = "127.0.0.1", "transfer.postgres.host"), (e => e.Host = "10.0.0.1", "transfer.postgres.host"), (e => e.Host = "::1", "transfer.postgres.host"),
                     (e => e.Host = "/var/run/postgresql", "transfer.postgres.host"), (e => e.Host = "a.example.org,b.example.org", "transfer.postgres.host"),
                     (e => e.Tls = V1.TransportSecurity.None, "transfer.postgres.tls"), (e => e.Port = 70_000, "transfer.postgres.port"), (e => e.Password = "", "transfer.postgres.password"),
                     (e => e.Database = "a\nb", "transfer.postgres.database"),
                 })
        {
            var endpoint = new V1.PostgresEndpoint { Host = "db.example.org", Database = "d", User = "u", Password = "p" };
            change(endpoint);
            var (_, info) = await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Transfers.CreateTransferAsync(
                new() { Parent = project, Transfer = new() { Postgres = endpoint, QueryImport = new() { Query = "SELECT 1" } } }).ResponseAsync);
            Assert.AreEqual(field, info.Metadata["field"]);
        }

        var created = await client.Transfers.CreateTransferAsync(new()
        {
            Parent = project,
            Transfer = new()
            {
                Postgres = new() { Host = "localhost", Port = _database.Port, Database = "d", User = "u", Password = "p" },
                QueryImport = new() { Query = "SELECT 1" },
            },
        });
        Assert.AreEqual("ADDRESS_NOT_ALLOWED", (await EndAsync(client, created)).Error.Reason);
        // It is tidied up after the end.
        await EventuallyAsync(
            async () => await client.Datasets.ListDatasetsAsync(new() { Parent = project }), page => page.Datasets.Count == 0);
    }

    [TestMethod]
    public async Task A_transfer_is_cancelled_and_leaves_nothing()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var created = await client.Transfers.CreateTransferAsync(new()
        {
            Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT i, pg_sleep(0.01)::text AS pause FROM generate_series(1, 1000000) AS i" } },
        });
        await EventuallyAsync(async () => await client.Transfers.GetTransferAsync(new() { Name = created.Name }), t => t.State == V1.TransferState.Running);

        await client.Transfers.CancelTransferAsync(new() { Name = created.Name });

        Assert.AreEqual(V1.TransferState.Cancelled, (await EndAsync(client, created)).State);
        await EventuallyAsync(() => FindAsync(client, created.Dataset), found => found is null);
        Assert.AreEqual(V1.TransferState.Cancelled, (await client.Transfers.CancelTransferAsync(new() { Name = created.Name })).State, "Once more changes nothing.");
    }

    [TestMethod]
    public async Task Transfers_of_a_project_are_limited_and_are_for_its_editors()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var (viewer, key) = await _open.UserAsync();
        await _open.Get<ProjectStore>().SetRoleAsync(project, viewer, ProjectRole.Viewer);
        using var looking = _open.Client(key);
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => looking.Transfers.ListTransfersAsync(new() { Parent = project }).ResponseAsync);
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => looking.Connections.ListConnectionsAsync(new() { Parent = project }).ResponseAsync);
        for (var i = 0; i < 4; i++)
        {
            await client.Transfers.CreateTransferAsync(
                new() { Parent = project, Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT pg_sleep(60)::text" } } });
        }

        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => client.Transfers.CreateTransferAsync(new()
        {
            Parent = project,
            Transfer = new() { Postgres = Endpoint(), QueryImport = new() { Query = "SELECT 1", Dataset = new() { DatasetId = "fifth" } } },
        }).ResponseAsync);
        Assert.IsNull(await FindAsync(client, $"{project}/datasets/fifth"));
        foreach (var transfer in (await client.Transfers.ListTransfersAsync(new() { Parent = project })).Transfers)
        {
            await client.Transfers.CancelTransferAsync(new() { Name = transfer.Name });
            await EndAsync(client, transfer);
        }
    }

    private static void Allow(TransferOptions options)
    {
        options.ReachTestServers();
        options.MaxPerProject = 4;
        options.AtOnce = 4;
    }

    private static UploadFlow Failing(string method, Exception failure) =>
        ActivatorUtilities.CreateInstance<UploadFlow>(_open.Services, FailingUploadStore.Of(_open.Get<IUploadStore>(), method, failure));

    private static V1.PostgresEndpoint Endpoint() => new()
    {
        Host = _database.Host, Port = _database.Port, Database = _database.Database, User = _database.Username, Password = Password,
        Tls = V1.TransportSecurity.None,
    };

    /// <summary>Makes a role that the server lets in by its password only.</summary>
    private async Task DemandPasswordAsync(string role)
    {
        await PostgresServer.ExecuteAsync(_database.ConnectionString, $"""
            CREATE ROLE {role} LOGIN PASSWORD 'the right one';
            DO $$ BEGIN
                EXECUTE format('COPY (SELECT unnest(array[''host all {role} 127.0.0.1/32 scram-sha-256'', ''host all all 127.0.0.1/32 trust''])) TO %L', current_setting('hba_file'));
                PERFORM pg_reload_conf();
            END $$;
            """);
        var without = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Username = role, Pooling = false };
        await EventuallyAsync(() => IsLetInAsync(without.ConnectionString), isLetIn => !isLetIn); // It reads its file by and by.
    }

    private async Task<bool> IsLetInAsync(string connectionString)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(Cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>What is in a file that its server may be writing; nothing where it has deleted it.</summary>
    private async Task<byte[]> ContentOfAsync(string file)
    {
        try
        {
            await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, Cancellation);
            return bytes.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    private async Task<V1.Transfer> EndAsync(ApiClient client, V1.Transfer transfer) => await EventuallyAsync(
        async () => await client.Transfers.GetTransferAsync(new() { Name = transfer.Name }, cancellationToken: Cancellation),
        found => found.EndTime is not null);

    private static async Task<V1.Dataset?> FindAsync(ApiClient client, string dataset)
    {
        try
        {
            return await client.Datasets.GetDatasetAsync(new() { Name = dataset });
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    private static async Task<string> ContentAsync(string dataset, ApiServer? server = null)
    {
        server ??= _open;
        using var reader = new StreamReader(await server.Get<IObjectStore>().OpenReadAsync((await server.Get<DatasetStore>().FindAsync(dataset))!.Object!));
        return await reader.ReadToEndAsync();
    }

    private static async Task RefusedAsync(StatusCode code, string? reason, Func<Task> call, StatusCode orElse)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        Assert.IsTrue(error.StatusCode == code || error.StatusCode == orElse, $"{error.StatusCode}, not {code} {reason}");
    }

    /// <summary>Work of any kind.</summary>
    private sealed class Work(Func<CancellationToken, Task> work) : ITransferWork
    {
        public bool Does(TransferSpec spec) => true;

        public Task RunAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation) => work(cancellation);

        public Task CleanUpAsync(TransferRecord transfer, CancellationToken cancellation) => Task.CompletedTask;
    }
}
