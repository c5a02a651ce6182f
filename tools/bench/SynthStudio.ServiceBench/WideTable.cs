using Npgsql;
using SynthStudio.Testing.Servers;

namespace SynthStudio.ServiceBench;

/// <summary>A million rows of ten columns in PostgreSQL, and a server that may reach it.</summary>
internal sealed class WideTable : IAsyncDisposable
{
    public const int Rows = 1_000_000;
    public const string Query = "SELECT * FROM wide";

    private readonly PostgresServer _postgres;
    private readonly TemporaryFolder _folder;

    private WideTable(PostgresServer postgres, NpgsqlConnectionStringBuilder database, TemporaryFolder folder, ServedProcess server, string project)
    {
        (_postgres, Database, _folder, Server, Project) = (postgres, database, folder, server, project);
        Studio = new Studio(server.Channel);
        Transfers = new TransferService.TransferServiceClient(server.Channel);
    }

    public NpgsqlConnectionStringBuilder Database { get; }

    public ServedProcess Server { get; }

    public Studio Studio { get; }

    public string Project { get; }

    private TransferService.TransferServiceClient Transfers { get; }

    public static async Task<WideTable> StartAsync()
    {
        var postgres = await PostgresServer.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await PostgresServer.ExecuteAsync($"{database.ConnectionString};Command Timeout=120", $"""
            CREATE TABLE wide AS SELECT i AS id, i % 90 AS age, (i * 37 % 100000) / 100.0 AS income, md5(i::text) AS code, (ARRAY['basic', 'plus', 'pro'])[1 + i % 3] AS plan,
                DATE '2020-01-01' + i % 2000 AS since, i % 2 = 0 AS member, sqrt(i) AS score, now() + i * interval '1 second' AS seen, i % 7 AS visits
            FROM generate_series(1, {Rows}) AS i
            """);
        var folder = new TemporaryFolder();
        var server = await ServedProcess.StartHostAsync(
            folder["data"], Path.Combine(folder["data"], "admin.key"),
            new Dictionary<string, string> { ["Api:Transfers:AllowedNetworks:0"] = "127.0.0.0/8", ["Api:Transfers:AllowUnprotected"] = "true" });
        return new WideTable(postgres, database, folder, server, await new Studio(server.Channel).CreateProjectAsync());
    }

    /// <summary>Imports the table.</summary>
    /// <returns>How long the transfer took, and the data set.</returns>
    public async Task<(double Seconds, Dataset Dataset)> ImportAsync()
    {
        var done = await MoveAsync(new Transfer { QueryImport = new QueryImport { Query = Query } });
        return (
            (done.EndTime - done.StartTime).ToTimeSpan().TotalSeconds,
            await Studio.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = done.Dataset }));
    }

    /// <summary>Moves rows from or to the database.</summary>
    public async Task<Transfer> MoveAsync(Transfer transfer)
    {
        transfer.Postgres = new PostgresEndpoint
        {
            Host = Database.Host, Port = Database.Port, Database = Database.Database, User = Database.Username, Password = "any", Tls = TransportSecurity.None,
        };
        var moved = await Transfers.CreateTransferAsync(new CreateTransferRequest { Parent = Project, Transfer = transfer });
        while (moved.EndTime is null)
        {
            await Task.Delay(20);
            moved = await Transfers.GetTransferAsync(new GetTransferRequest { Name = moved.Name });
        }

        return moved.State == TransferState.Succeeded ? moved : throw new InvalidOperationException(moved.Error?.Message);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Dispose();
    }
}
