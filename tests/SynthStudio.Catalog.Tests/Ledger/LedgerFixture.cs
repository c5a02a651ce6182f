using System.Buffers.Binary;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog.Tests.Ledger;

/// <summary>A ledger in a database of its own.</summary>
internal sealed class LedgerFixture : IAsyncDisposable
{
    public const string Dataset = "projects/p/datasets/d";

    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-").FullName;

    private readonly DbDataSource _database;

    private LedgerFixture(string? postgres)
    {
        if (postgres is null) CatalogSchema.Apply($"Data Source={File}");
        _database = postgres is null ? new SqliteDataSource($"Data Source={File}") : PostgresDatabase.Open(postgres);
        Ledger = Open();
    }

    /// <summary>The file of a ledger in SQLite.</summary>
    public string File => Path.Combine(_folder, "catalog.db");

    public PrivacyLedger Ledger { get; }

    public static async Task<LedgerFixture> CreateAsync(Provider provider = Provider.Sqlite) =>
        new(provider == Provider.Postgres ? await PostgresDatabases.CreateAsync() : null);

    /// <summary>The same ledger as another process sees it.</summary>
    public PrivacyLedger Open(TimeProvider? time = null, Action<LedgerStep>? onStep = null) => new(
        _database, LedgerKey.Open(Path.Combine(_folder, "safe", "key")), OpenAnchor(), time ?? TimeProvider.System, onStep);

    /// <summary>What is remembered outside the database.</summary>
    public SqliteLedgerAnchor OpenAnchor() => new(Path.Combine(_folder, "safe", "anchor.db"));

    public static BudgetRequest Request(string job, double epsilon, double delta = 1e-6, string dataset = Dataset) =>
        new(dataset, "projects/p/generators/g", job, new PrivacyTerms { Epsilon = epsilon, Delta = delta }, "users/u");

    public Task ReserveAsync(string job, double epsilon, double delta = 1e-6, string dataset = Dataset) =>
        Ledger.ReserveAsync(Request(job, epsilon, delta, dataset), default);

    /// <summary>What a training says whose noise did this.</summary>
    public static PrivacyStatement Statement(double epsilon, string events) => new() { Guaranteed = true, Epsilon = epsilon, Delta = 1e-6, EventJson = events };

    public async Task<PopulationBudget> StandingAsync(string dataset = Dataset) => (await Ledger.GetBudgetAsync(dataset)).Tightest;

    public async Task<IReadOnlyList<LedgerEntry>> EntriesAsync() =>
        [.. (await Ledger.ListAsync(Dataset, new PageRequest(1000))).Items.Select(i => i.Line.Entry).Reverse()];

    /// <summary>The fingerprints of rows, as a worker writes them.</summary>
    public static string Fingerprints(bool whole, params IEnumerable<ulong> rows)
    {
        var values = rows.Order().ToArray();
        var bytes = new byte[values.Length * sizeof(ulong)];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), values[i]);
        return $$"""{"whole":{{(whole ? "true" : "false")}},"fingerprints":"{{Convert.ToBase64String(bytes)}}","repeated":0,"groups":""}""";
    }

    public void Execute(string sql)
    {
        using var connection = _database.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
