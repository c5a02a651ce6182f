using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Catalog.Tests.Audit;

/// <summary>An audit trail in a database of its own.</summary>
internal sealed class AuditFixture : IAsyncDisposable
{
    public const string Chain = "projects/p";

    private readonly string _folder = Directory.CreateTempSubdirectory("audit-").FullName;
    private readonly List<AuditTrail> _open = [];

    private AuditFixture(string? postgres)
    {
        if (postgres is null) CatalogSchema.Apply($"Data Source={File}");
        Database = postgres is null ? new SqliteDataSource($"Data Source={File}") : PostgresDatabase.Open(postgres);
        Anchor = new SqliteLedgerAnchor(Path.Combine(_folder, "safe", "anchor.db"));
        Trail = Open();
    }

    public DbDataSource Database { get; }

    public SqliteLedgerAnchor Anchor { get; }

    public AuditTrail Trail { get; }

    private string File => Path.Combine(_folder, "catalog.db");

    public static async Task<AuditFixture> CreateAsync(Provider provider = Provider.Sqlite) =>
        new(provider == Provider.Postgres ? await PostgresDatabases.CreateAsync() : null);

    /// <summary>The same trail as another process sees it.</summary>
    public AuditTrail Open()
    {
        _open.Add(new AuditTrail(
            Database, LedgerKey.Open(Path.Combine(_folder, "safe", "key")), Anchor, TimeProvider.System, NullLogger<AuditTrail>.Instance));
        return _open[^1];
    }

    /// <summary>The privacy ledger in the same database.</summary>
    public PrivacyLedger OpenLedger() => new(Database, LedgerKey.Open(Path.Combine(_folder, "safe", "key")), Anchor, TimeProvider.System);

    public static AuditEvent Event(int number, string actor = "users/u") => new()
    {
        Actor = actor, Method = "DatasetService/UpdateDataset", Resource = $"projects/p/datasets/d{number}", Outcome = "OK", Address = "127.0.0.1",
    };

    /// <summary>Writes entries one after the other.</summary>
    public async Task WriteAsync(int count)
    {
        for (var i = 1; i <= count; i++) await Trail.AppendAsync(Chain, Event(i));
    }

    /// <summary>Has the end signed and kept, as happens every moment.</summary>
    public async Task AnchorAsync()
    {
        var head = (await Trail.HeadAsync(Chain))!;
        await Anchor.AdvanceAsync([($"audit/{Chain}", new LedgerHead(head.Sequence, Convert.ToHexStringLower(head.Hash) + Convert.ToHexStringLower(head.Signature)))], default);
    }

    /// <summary>What somebody does who can write into the database.</summary>
    public async Task TamperAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var trail in _open) await trail.DisposeAsync();
        Anchor.Dispose();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
