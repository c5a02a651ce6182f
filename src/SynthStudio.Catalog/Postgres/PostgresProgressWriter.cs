using System.Data.Common;

namespace SynthStudio.Catalog;

/// <summary>Appends to the progress log in PostgreSQL: a batch is one statement, and so one round trip and one synchronisation of the disk.</summary>
internal sealed class PostgresProgressWriter(DbConnection connection) : IProgressWriter
{
    private const string Insert = """
        INSERT INTO progress_events (job, sequence, event)
        SELECT * FROM unnest(CAST(@jobs AS text[]), CAST(@sequences AS bigint[]), CAST(@events AS bytea[]))
        """;

    public async Task WriteAsync(IReadOnlyList<Append> batch)
    {
        try
        {
            await InsertAsync(batch);
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            // Some sequence is taken, and nothing was written: each append for itself then, and those that conflict hear of it.
            foreach (var append in batch) await WriteAloneAsync(append);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task WriteAloneAsync(Append append)
    {
        try
        {
            await InsertAsync([append]);
            append.Done.TrySetResult();
        }
        catch (DbException e) when (SqlErrors.IsUniqueViolation(e))
        {
            append.Done.TrySetException(new SequenceConflictException(append.Job, e));
        }
    }

    private async Task InsertAsync(IReadOnlyList<Append> batch)
    {
        var rows = batch.Sum(append => append.Rows.Length);
        var (jobs, sequences, events) = (new string[rows], new long[rows], new byte[rows][]);
        var i = 0;
        foreach (var append in batch)
        {
            foreach (var (sequence, value) in append.Rows) (jobs[i], sequences[i], events[i++]) = (append.Job, sequence, value);
        }

        await connection.Command(Insert, ("@jobs", jobs), ("@sequences", sequences), ("@events", events)).ExecuteAsync(CancellationToken.None);
    }
}
