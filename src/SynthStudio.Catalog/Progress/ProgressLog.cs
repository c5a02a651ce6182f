using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace SynthStudio.Catalog;

/// <summary>
/// The progress log in SQLite. One loop owns the one writing connection and commits whatever has gathered while it wrote the last
/// (group commit), so the cost of a commit is shared by all jobs that report at the same time.
/// </summary>
/// <remarks>
/// It commits with <c>synchronous=NORMAL</c>: an acknowledged event survives the death of the process, and a loss of power may take the
/// newest events with it, in order, never one from the middle. A job's acknowledged state does not depend on them: grains keep it in
/// their own storage, with full synchronisation.
/// </remarks>
internal sealed class SqliteProgressLog : IProgressLog, IAsyncDisposable
{
    private const int MaxBatch = 1024;

    private readonly SqliteDataSource _database;
    private readonly Channel<Append> _appends = Channel.CreateBounded<Append>(
        new BoundedChannelOptions(8 * MaxBatch) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Task _writer;

    public SqliteProgressLog(SqliteDataSource database)
    {
        _database = database;
        _writer = Task.Run(WriteLoopAsync);
    }

    public async Task AppendAsync(string job, IReadOnlyList<ProgressEvent> events, CancellationToken cancellation)
    {
        if (events.Count == 0) return;
        var rows = new (long, byte[])[events.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = (events[i].Sequence, CatalogJson.WriteUtf8(events[i]));
        var append = new Append(job, rows, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _appends.Writer.WriteAsync(append, cancellation);
        await append.Done.Task; // Not cancellable: once handed over, what happened is to be known.
    }

    public async Task<IReadOnlyList<ProgressEvent>> ReadAsync(string job, long after, int limit, CancellationToken cancellation)
    {
        await using var connection = _database.Open();
        return await connection.Command(
            "SELECT event FROM progress_events WHERE job = @job AND sequence > @after ORDER BY sequence LIMIT @limit",
            ("@job", job), ("@after", after), ("@limit", limit))
            .ReadAsync(row => CatalogJson.Read<ProgressEvent>(row.GetFieldValue<byte[]>(0)), cancellation);
    }

    public async Task<long> LastSequenceAsync(string job, CancellationToken cancellation)
    {
        await using var connection = _database.Open();
        await using var command = connection.Command("SELECT coalesce(max(sequence), 0) FROM progress_events WHERE job = @job", ("@job", job));
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task DeleteAsync(string job, CancellationToken cancellation)
    {
        await using var connection = _database.Open();
        await connection.Command("DELETE FROM progress_events WHERE job = @job", ("@job", job)).ExecuteAsync(cancellation);
    }

    /// <summary>Writes what was handed over and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _appends.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteLoopAsync()
    {
        var batch = new List<Append>(MaxBatch);
        ProgressWriter? writer = null;
        while (await _appends.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _appends.Reader.TryRead(out var append)) batch.Add(append);
            try
            {
                writer ??= new ProgressWriter(_database.Open());
                writer.Write(batch);
            }
            catch (Exception e) when (e is SqliteException or InvalidOperationException)
            {
                // Disk full, file gone, another process held the lock too long: every caller of this batch hears of it and may try again.
                foreach (var append in batch) append.Done.TrySetException(e);
                writer?.Dispose();
                writer = null;
            }
        }

        writer?.Dispose();
    }
}
