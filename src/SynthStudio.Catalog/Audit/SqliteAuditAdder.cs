using Microsoft.Data.Sqlite;

namespace SynthStudio.Catalog.Audit;

/// <summary>In SQLite: one connection that stays open, two statements prepared once, and a synchronisation of the disk.</summary>
internal sealed class SqliteAuditAdder(SqliteDataSource database) : IAuditAdder
{
    private Open? _open;

    public Task<IReadOnlyList<string>> AddAsync(
        IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines, CancellationToken cancellation)
    {
        try
        {
            _open ??= new Open(database.Open());
            return Task.FromResult(_open.Add(ends, lines)); // A file: there is nothing to wait for that would free a thread.
        }
        catch
        {
            Dispose(); // The next batch is written by a new one.
            throw;
        }
    }

    public void Dispose()
    {
        _open?.Dispose();
        _open = null;
    }

    private sealed class Open : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _move, _add;

        public Open(SqliteConnection connection)
        {
            _connection = connection;
            _move = Prepare(
                "UPDATE audit_chains SET head_sequence = @sequence, head_hash = @hash WHERE name = @chain AND head_sequence = @was_at AND head_hash = @was",
                ("@sequence", SqliteType.Integer), ("@hash", SqliteType.Blob), ("@chain", SqliteType.Text), ("@was_at", SqliteType.Integer), ("@was", SqliteType.Blob));
            _add = Prepare(
                "INSERT INTO audit_entries (chain, sequence, line, hash) VALUES (@chain, @sequence, @line, @hash)",
                ("@chain", SqliteType.Text), ("@sequence", SqliteType.Integer), ("@line", SqliteType.Text), ("@hash", SqliteType.Blob));
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

        public void Dispose()
        {
            _move.Dispose();
            _add.Dispose();
            _connection.Dispose();
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
