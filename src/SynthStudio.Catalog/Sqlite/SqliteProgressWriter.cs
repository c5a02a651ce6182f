using Microsoft.Data.Sqlite;

namespace SynthStudio.Catalog;

/// <summary>Appends to the progress log in SQLite: one connection, statements prepared once.</summary>
/// <remarks>
/// It commits with <c>synchronous=NORMAL</c>: an acknowledged event survives the death of the process, and a loss of power may take the
/// newest events with it, in order, never one from the middle. A job's acknowledged state does not depend on them: grains keep it in
/// their own storage, with full synchronisation.
/// </remarks>
internal sealed class SqliteProgressWriter : IProgressWriter
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteParameter _job;
    private readonly SqliteParameter _sequence;
    private readonly SqliteParameter _event;

    public SqliteProgressWriter(SqliteConnection connection)
    {
        _connection = connection;
        Execute("PRAGMA synchronous = NORMAL");
        _insert = connection.CreateCommand();
        _insert.CommandText = "INSERT INTO progress_events (job, sequence, event) VALUES (@job, @sequence, @event)";
        _job = _insert.Parameters.Add("@job", SqliteType.Text);
        _sequence = _insert.Parameters.Add("@sequence", SqliteType.Integer);
        _event = _insert.Parameters.Add("@event", SqliteType.Blob);
        _insert.Prepare();
    }

    public Task WriteAsync(IReadOnlyList<Append> batch)
    {
        Write(batch); // A file: there is nothing to wait for that would free a thread.
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _insert.Dispose();
        // Back to the pool as it came: others of its users rely on full synchronisation.
        if (_connection.State == System.Data.ConnectionState.Open) Execute("PRAGMA synchronous = FULL");
        _connection.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(IReadOnlyList<Append> batch)
    {
        var conflicts = new Dictionary<Append, SqliteException>();
        using (var transaction = _connection.BeginTransaction(deferred: false))
        {
            _insert.Transaction = transaction;
            foreach (var append in batch)
            {
                if (append.Rows.Length > 1) transaction.Save("append");
                try
                {
                    Insert(append);
                }
                catch (SqliteException e) when (SqlErrors.IsUniqueViolation(e))
                {
                    if (append.Rows.Length > 1) transaction.Rollback("append");
                    conflicts.Add(append, e);
                }
            }

            transaction.Commit();
        }

        foreach (var (append, conflict) in conflicts) append.Done.TrySetException(new SequenceConflictException(append.Job, conflict));
    }

    private void Insert(Append append)
    {
        _job.Value = append.Job;
        foreach (var (sequence, value) in append.Rows)
        {
            _sequence.Value = sequence;
            _event.Value = value;
            _insert.ExecuteNonQuery();
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
