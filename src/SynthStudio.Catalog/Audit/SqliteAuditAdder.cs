using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// In SQLite: one connection that stays open and statements prepared once. It commits with <c>synchronous=NORMAL</c>, which holds others up for
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
        private readonly List<IDisposable> _owned = [];
        private readonly Statement _begin, _move, _add, _commit;

        /// <summary>
        /// SQLite's log. It is there while the connection is open; what was in an older one is in the database, synchronised. Its locks are
        /// on other files.
        /// </summary>
        private readonly SafeFileHandle _log;

        public Open(SqliteDataSource database)
        {
            // Not from the pool, whose other users rely on full synchronisation.
            using var alone = new SqliteDataSource(new SqliteConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
            _connection = alone.Open();
            try
            {
                raw.sqlite3_busy_timeout(_connection.Handle, _connection.DefaultTimeout * 1000); // Nobody else repeats it, as commands do.
                Prepare("PRAGMA synchronous = NORMAL").Execute();
                _begin = Prepare("BEGIN IMMEDIATE");
                _move = Prepare("UPDATE audit_chains SET head_sequence = ?1, head_hash = ?2 WHERE name = ?3 AND head_sequence = ?4 AND head_hash = ?5");
                _add = Prepare("INSERT INTO audit_entries (chain, sequence, line, hash) VALUES (?1, ?2, ?3, ?4)");
                _commit = Prepare("COMMIT");
                _owned.Add(_log = File.OpenHandle(
                    raw.sqlite3_db_filename(_connection.Handle, "main").utf8_to_string() + "-wal", FileMode.Open, FileAccess.ReadWrite,
                    FileShare.ReadWrite | FileShare.Delete));
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        /// <summary>After an exception the connection is to be closed, which takes back what was not committed.</summary>
        public IReadOnlyList<string> Add(IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines)
        {
            _begin.Execute();
            var moved = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (chain, (was, now)) in ends)
            {
                if (_move.Execute(now.Sequence, now.Hash, chain, was.Sequence, was.Hash) == 1) moved.Add(chain);
            }

            foreach (var line in lines)
            {
                if (moved.Contains(line.Chain)) _add.Execute(line.Chain, line.Sequence, line.Line, line.Hash);
            }

            _commit.Execute();
            return [.. moved];
        }

        public void Sync() => RandomAccess.FlushToDisk(_log);

        public void Dispose()
        {
            foreach (var owned in _owned) owned.Dispose();
            _connection.Dispose();
        }

        private Statement Prepare(string text)
        {
            var statement = new Statement(_connection.Handle!, text);
            _owned.Add(statement);
            return statement;
        }
    }

    /// <summary>
    /// A statement without rows, prepared once: by SQLite's own interface, since a caller waits for each, and a third of that were the
    /// commands about them.
    /// </summary>
    private sealed class Statement : IDisposable
    {
        private readonly sqlite3 _connection;
        private readonly sqlite3_stmt _statement;

        public Statement(sqlite3 connection, string text)
        {
            _connection = connection;
            Check(raw.sqlite3_prepare_v2(connection, text, out _statement));
        }

        /// <returns>How many rows it changed, where it changes rows.</returns>
        /// <exception cref="SqliteException">The database does not take it.</exception>
        public int Execute(params ReadOnlySpan<object> values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                Check(values[i] switch
                {
                    long number => raw.sqlite3_bind_int64(_statement, i + 1, number),
                    string text => raw.sqlite3_bind_text(_statement, i + 1, text),
                    byte[] bytes => raw.sqlite3_bind_blob(_statement, i + 1, bytes),
                    var other => throw new ArgumentException($"No value of a line is a {other.GetType()}."),
                });
            }

            Check(raw.sqlite3_step(_statement));
            var changed = raw.sqlite3_changes(_connection);
            Check(raw.sqlite3_reset(_statement));
            return changed;
        }

        public void Dispose() => _statement.Dispose();

        private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _connection);
    }
}
