using System.Data.Common;
using System.Threading.Channels;

namespace SynthStudio.Catalog;

/// <summary>
/// The progress log in the catalog's database. One loop owns the one writing connection and commits whatever has gathered while it wrote the last
/// (group commit), so the cost of a commit is shared by all jobs that report at the same time.
/// </summary>
internal sealed class ProgressLog : IProgressLog, IAsyncDisposable
{
    private const int MaxBatch = 1024;

    private readonly DbDataSource _database;
    private readonly Func<Task<IProgressWriter>> _openWriter;
    private readonly Channel<Append> _appends = Channel.CreateBounded<Append>(
        new BoundedChannelOptions(8 * MaxBatch) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Task _writer;

    private ProgressLog(DbDataSource database, Func<Task<IProgressWriter>> openWriter)
    {
        (_database, _openWriter) = (database, openWriter);
        _writer = Task.Run(WriteLoopAsync);
    }

    /// <summary>The log in a database of either kind.</summary>
    public static ProgressLog Of(DbDataSource database) => database is SqliteDataSource file
        ? new ProgressLog(file, () => Task.FromResult<IProgressWriter>(new SqliteProgressWriter(file.Open())))
        : new ProgressLog(database, async () => new PostgresProgressWriter(await database.OpenConnectionAsync()));

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
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            "SELECT event FROM progress_events WHERE job = @job AND sequence > @after ORDER BY sequence LIMIT @limit",
            ("@job", job), ("@after", after), ("@limit", limit))
            .ReadAsync(row => CatalogJson.Read<ProgressEvent>(row.GetFieldValue<byte[]>(0)), cancellation);
    }

    public async Task<long> LastSequenceAsync(string job, CancellationToken cancellation) => (await _database.ReadAsync(
        "SELECT coalesce(max(sequence), 0) FROM progress_events WHERE job = @job", row => row.GetInt64(0), cancellation, ("@job", job)))[0];

    public Task DeleteAsync(string job, CancellationToken cancellation) =>
        _database.ExecuteAsync("DELETE FROM progress_events WHERE job = @job", cancellation, ("@job", job));

    /// <summary>Writes what was handed over and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _appends.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteLoopAsync()
    {
        var batch = new List<Append>(MaxBatch);
        IProgressWriter? writer = null;
        while (await _appends.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _appends.Reader.TryRead(out var append)) batch.Add(append);
            try
            {
                writer ??= await _openWriter();
                await writer.WriteAsync(batch);
            }
            catch (Exception e) when (e is DbException or InvalidOperationException)
            {
                // Disk full, file or server gone, another process held the lock too long: every caller of this batch hears of it and may try again.
                foreach (var append in batch) append.Done.TrySetException(e);
                if (writer is not null) await writer.DisposeAsync();
                writer = null;
            }
        }

        if (writer is not null) await writer.DisposeAsync();
    }
}
