using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// In SQLite: one connection that stays open and two statements prepared once. It commits with <c>synchronous=NORMAL</c>, which holds others up for
/// microseconds, and the disk is synchronised beside: that of the log that commits are appended to. Whatever another connection commits with full
/// synchronisation takes the lines before it along.
/// </summary>
internal sealed class SqliteAuditAdder(SqliteDataSource database) : IAuditAdder
{
    private readonly Lock _opening = new();
    private Open? _open;

    public Task<IReadOnlyList<string>> AddAsync(
        IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines, CancellationToken cancellation)
    {
        try
        {
            return Task.FromResult(Opened().Add(ends, lines)); // A file: there is nothing to wait for that would free a thread.
        }
        catch
        {
            Dispose(); // The next batch is written by a new one.
            throw;
        }
    }

    public Task SyncAsync(IReadOnlyDictionary<string, AuditEnd> written)
    {
        // Whether they are there is not looked at: a file loses nothing while this process lives.
        Opened().Sync();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Open? open;
        lock (_opening) (open, _open) = (_open, null);
        open?.Dispose();
    }

    private Open Opened()
    {
        lock (_opening) return _open ??= new Open(database);
    }

    private sealed class Open : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _move, _add;

        /// <summary>SQLite's log. It is there while the connection is open; what was in an older one is in the database, synchronised. Its locks are on other files.</summary>
        private readonly SafeFileHandle _log;

        public Open(SqliteDataSource database)
        {
            // Not from the pool, whose other users rely on full synchronisation.
            using var alone = new SqliteDataSource(new SqliteConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
            _connection = alone.Open();
            try
            {
                using (var relaxed = Prepare("PRAGMA synchronous = NORMAL")) relaxed.ExecuteNonQuery();
                _move = Prepare(
                    "UPDATE audit_chains SET head_sequence = @sequence, head_hash = @hash WHERE name = @chain AND head_sequence = @was_at AND head_hash = @was",
                    ("@sequence", SqliteType.Integer), ("@hash", SqliteType.Blob), ("@chain", SqliteType.Text), ("@was_at", SqliteType.Integer), ("@was", SqliteType.Blob));
                _add = Prepare(
                    "INSERT INTO audit_entries (chain, sequence, line, hash) VALUES (@chain, @sequence, @line, @hash)",
                    ("@chain", SqliteType.Text), ("@sequence", SqliteType.Integer), ("@line", SqliteType.Text), ("@hash", SqliteType.Blob));
                _log = File.OpenHandle(
                    raw.sqlite3_db_filename(_connection.Handle, "main").utf8_to_string() + "-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            }
            catch
            {
                _connection.Dispose();
                throw;
            }
        }

        public IReadOnlyList<string> Add(IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines)
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            (_move.Transaction, _add.Transaction) = (transaction, transaction);
            var moved = ends.Where(end => Execute(_move, end.Value.Is.Sequence, end.Value.Is.Hash, end.Key, end.Value.Was.Sequence, end.Value.Was.Hash) == 1)
                .Select(end => end.Key).ToHashSet(StringComparer.Ordinal);
            foreach (var line in lines.Where(line => moved.Contains(line.Chain))) Execute(_add, line.Chain, line.Sequence, line.Line, line.Hash);
            transaction.Commit();
            return [.. moved];
        }

        public void Sync() => RandomAccess.FlushToDisk(_log);

        public void Dispose()
        {
            _move.Dispose();
            _add.Dispose();
            _connection.Dispose();
            _log.Dispose();
        }

        private static int Execute(SqliteCommand command, params ReadOnlySpan<object> values)
        {
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
            return command.ExecuteNonQuery();
        }

        private SqliteCommand Prepare(string text, params ReadOnlySpan<(string Name, SqliteType Type)> parameters)
        {
            var command = _connection.CreateCommand();
            command.CommandText = text;
            foreach (var (name, type) in parameters) command.Parameters.Add(name, type);
            command.Prepare();
            return command;
        }
    }
}
