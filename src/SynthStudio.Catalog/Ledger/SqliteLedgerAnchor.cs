namespace SynthStudio.Catalog;

/// <summary>The anchor in a SQLite file of its own. Keep it where backups of the catalog are not restored to.</summary>
public sealed class SqliteLedgerAnchor : ILedgerAnchor, IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS ledger_heads (population TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL, hash TEXT NOT NULL)
        """;

    private const string Advance = """
        INSERT INTO ledger_heads (population, sequence, hash) VALUES (@population, @sequence, @hash)
        ON CONFLICT (population) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash WHERE excluded.sequence > ledger_heads.sequence
        """;

    private readonly SqliteDataSource _database;

    /// <param name="path">The file; made, for its user only, when it is not there.</param>
    public SqliteLedgerAnchor(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _database = new SqliteDataSource($"Data Source={path}");
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA journal_mode = WAL; {Schema};";
        command.ExecuteNonQuery();
    }

    public async Task<LedgerHead?> FindAsync(string population, CancellationToken cancellation) =>
        await _database.ReadAsync(
            "SELECT sequence, hash FROM ledger_heads WHERE population = @population", row => new LedgerHead(row.GetInt64(0), row.GetString(1)),
            cancellation, ("@population", population)) is [var head] ? head : null;

    public async Task AdvanceAsync(IReadOnlyList<(string Population, LedgerHead Head)> heads, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var (population, head) in heads)
        {
            await connection.Command(Advance, ("@population", population), ("@sequence", head.Sequence), ("@hash", head.Hash))
                .ExecuteAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    public void Dispose() => _database.Dispose();
}
