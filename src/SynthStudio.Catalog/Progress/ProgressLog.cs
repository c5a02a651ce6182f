using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>
/// The progress log in the catalog's database. One connection writes, for all jobs that report at the same time together.
/// </summary>
internal sealed class ProgressLog : IProgressLog, IAsyncDisposable
{
    private readonly DbDataSource _database;
    private readonly Func<Task<IProgressWriter>> _openWriter;
    private readonly GroupCommit<Append> _appends;
    private IProgressWriter? _writer;

    private ProgressLog(DbDataSource database, Func<Task<IProgressWriter>> openWriter)
    {
        (_database, _openWriter) = (database, openWriter);
        _appends = new(WriteAsync);
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
        await _appends.WriteAsync(new Append(job, rows), cancellation);
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
        await _appends.DisposeAsync();
        if (_writer is not null) await _writer.DisposeAsync();
    }

    private async Task WriteAsync(IReadOnlyList<Append> batch)
    {
        try
        {
            _writer ??= await _openWriter();
            await _writer.WriteAsync(batch);
        }
        catch
        {
            // The next batch is written by a new one, however this one ends.
            var broken = _writer;
            _writer = null;
            if (broken is not null) await broken.DisposeAsync();
            throw;
        }
    }
}
