using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;
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

    /// <summary>What the trails said of errors.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    private string File => Path.Combine(_folder, "catalog.db");

    public static async Task<AuditFixture> CreateAsync(Provider provider = Provider.Sqlite) =>
        new(provider == Provider.Postgres ? await PostgresDatabases.CreateAsync() : null);

    /// <summary>The same trail as another process sees it.</summary>
    /// <param name="anchor">What its process keeps ends in; null for the one of all.</param>
    /// <param name="time">Its clock; null for the system's.</param>
    /// <param name="adder">What it adds with; null for the database's own.</param>
    public AuditTrail Open(ILedgerAnchor? anchor = null, TimeProvider? time = null, IAuditAdder? adder = null)
    {
        _open.Add(new AuditTrail(
            Database, LedgerKey.Open(Path.Combine(_folder, "safe", "key")), anchor ?? Anchor, time ?? TimeProvider.System, new ErrorLog(Errors), adder));
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
    public Task AnchorAsync() => Trail.AnchorAsync();

    /// <summary>What somebody does who can write into the database.</summary>
    public async Task TamperAsync(string sql, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await Database.OpenConnectionAsync();
        await connection.Command(sql, parameters).ExecuteAsync(default);
    }

    /// <summary>
    /// Puts lines in the place of all that are there, each with the hash that fits, and their end in the place of the end: the chain alone
    /// does not tell.
    /// </summary>
    public async Task ForgeAsync(Func<string, string> change, int take = int.MaxValue)
    {
        var (hash, last) = (AuditLine.Root(Chain), 0L);
        var lines = new List<(long Sequence, string Line)>();
        await foreach (var (sequence, line, _) in Trail.LinesAsync(Chain)) lines.Add((sequence, change(line)));
        await TamperAsync("DELETE FROM audit_entries WHERE chain = @chain", ("@chain", Chain));
        foreach (var (sequence, line) in lines.Take(take))
        {
            var next = new byte[AuditLine.HashBytes];
            AuditLine.Hash(hash, line, next);
            (hash, last) = (next, sequence);
            await TamperAsync("INSERT INTO audit_entries VALUES (@chain, @sequence, @line, @hash)", ("@chain", Chain), ("@sequence", sequence), ("@line", line), ("@hash", hash));
        }

        await TamperAsync("UPDATE audit_chains SET head_sequence = @last, head_hash = @hash WHERE name = @chain", ("@last", last), ("@hash", hash), ("@chain", Chain));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var trail in _open) await trail.DisposeAsync();
        Anchor.Dispose();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class ErrorLog(ConcurrentQueue<string> errors) : ILogger<AuditTrail>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => level >= LogLevel.Error;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> format)
        {
            if (IsEnabled(level)) errors.Enqueue(format(state, exception));
        }
    }
}
