using System.Diagnostics;
using Npgsql;
using SynthStudio.Testing.Servers;

namespace SynthStudio.ServiceBench;

/// <summary>A million rows of ten columns from PostgreSQL into a data set, beside the same COPY read by a client that throws it away.</summary>
internal static class ImportSpeed
{
    private const int Rows = 1_000_000;
    private const string Query = "SELECT * FROM wide";

    public static async Task<Measured> MeasureAsync(BenchOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync();
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await PostgresServer.ExecuteAsync($"{database.ConnectionString};Command Timeout=120", $"""
            CREATE TABLE wide AS SELECT i AS id, i % 90 AS age, (i * 37 % 100000) / 100.0 AS income, md5(i::text) AS code, (ARRAY['basic', 'plus', 'pro'])[1 + i % 3] AS plan,
                DATE '2020-01-01' + i % 2000 AS since, i % 2 = 0 AS member, sqrt(i) AS score, now() + i * interval '1 second' AS seen, i % 7 AS visits
            FROM generate_series(1, {Rows}) AS i
            """);
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartHostAsync(
            folder["data"], Path.Combine(folder["data"], "admin.key"),
            new Dictionary<string, string> { ["Api:Transfers:AllowedNetworks:0"] = "127.0.0.0/8", ["Api:Transfers:AllowUnprotected"] = "true" });
        var studio = new Studio(server.Channel);
        var project = await studio.CreateProjectAsync();
        var transfers = new TransferService.TransferServiceClient(server.Channel);

        var (alone, bytes) = await CopyAsync(database.ConnectionString);
        var best = double.MaxValue;
        for (var round = 0; round < 2; round++) best = Math.Min(best, await ImportAsync(studio, transfers, project, database)); // The first is compiled while it runs.
        return new Measured(
            "import from PostgreSQL, 1,000,000 rows x 10 columns",
            $"{Rows / best:N0} rows/s, {bytes / best / 1e6:N0} MB/s; COPY alone {Rows / alone:N0} rows/s ({alone / best:P0} of it)", "", "half of COPY alone");
    }

    private static async Task<(double Seconds, long Bytes)> CopyAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var (clock, bytes, buffer) = (Stopwatch.StartNew(), 0L, new byte[1 << 20]);
        using var copy = await connection.BeginTextExportAsync($"COPY ({Query}) TO STDOUT (FORMAT csv, HEADER true)");
        while (await copy.BaseStream.ReadAsync(buffer) is > 0 and var read) bytes += read;
        return (clock.Elapsed.TotalSeconds, bytes);
    }

    private static async Task<double> ImportAsync(Studio studio, TransferService.TransferServiceClient transfers, string project, NpgsqlConnectionStringBuilder database)
    {
        var transfer = await transfers.CreateTransferAsync(new CreateTransferRequest
        {
            Parent = project,
            Transfer = new Transfer
            {
                Postgres = new PostgresEndpoint
                {
                    Host = database.Host, Port = database.Port, Database = database.Database, User = database.Username, Password = "any", Tls = TransportSecurity.None,
                },
                QueryImport = new QueryImport { Query = Query },
            },
        });
        while (transfer.EndTime is null)
        {
            await Task.Delay(20);
            transfer = await transfers.GetTransferAsync(new GetTransferRequest { Name = transfer.Name });
        }

        if (transfer.State == TransferState.Succeeded) // Reading the table is another measurement, and would disturb the next round.
            await studio.Jobs.CancelJobAsync(new CancelJobRequest { Name = (await studio.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = transfer.Dataset })).Job });
        return transfer.State == TransferState.Succeeded ? (transfer.EndTime - transfer.StartTime).ToTimeSpan().TotalSeconds : throw new InvalidOperationException(transfer.Error?.Message);
    }
}
