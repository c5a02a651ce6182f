using System.Data;
using System.Data.Common;

namespace SynthStudio.Catalog.Audit;

/// <summary>Writes a batch of events to the ends of their chains in one transaction, with a few statements however many chains there are.</summary>
internal sealed class AuditWriter(DbDataSource database, TimeProvider time)
{
    /// <summary>Rows of a statement: databases allow a limited number of parameters.</summary>
    private const int RowsAStatement = 250;

    /// <summary>Writes the events, in the order given within a chain; all or none.</summary>
    /// <returns>The new ends by chain.</returns>
    public async Task<Dictionary<string, (long Sequence, byte[] Hash)>> WriteAsync(IReadOnlyList<(string Chain, AuditEvent Event)> events, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var ends = await LockAsync(connection, [.. events.Select(e => e.Chain).Distinct(StringComparer.Ordinal)], cancellation);
        var lines = new List<(string Chain, long Sequence, string Line, byte[] Hash)>(events.Count);
        foreach (var (chain, what) in events)
        {
            var end = ends[chain];
            var line = AuditLine.Write(new AuditEntry(end.Sequence + 1, end.Time, what));
            var hash = new byte[AuditLine.HashBytes];
            AuditLine.Hash(end.Hash, line, hash);
            ends[chain] = end with { Sequence = end.Sequence + 1, Hash = hash };
            lines.Add((chain, end.Sequence + 1, line, hash));
        }

        foreach (var part in lines.Chunk(RowsAStatement)) await InsertAsync(connection, part, cancellation);
        foreach (var part in ends.Chunk(RowsAStatement)) await MoveAsync(connection, part, cancellation);
        await transaction.CommitAsync(cancellation);
        return ends.ToDictionary(end => end.Key, end => (end.Value.Sequence, end.Value.Hash), StringComparer.Ordinal);
    }

    /// <summary>The chains' ends; until the transaction ends nobody else adds to them.</summary>
    private async Task<Dictionary<string, End>> LockAsync(DbConnection connection, string[] chains, CancellationToken cancellation)
    {
        var names = string.Join(", ", chains.Select((_, i) => $"@c{i}"));
        (string, object?)[] parameters = [.. chains.Select((chain, i) => ($"@c{i}", (object?)chain))];

        // In one order in all processes, so that two of them never wait for each other.
        var find = $"SELECT name, head_sequence, head_hash FROM audit_chains WHERE name IN ({names}) ORDER BY name {SqlDialect.ForUpdate}";
        var heads = await connection.Command(find, parameters).ReadAsync(Head, cancellation);
        if (heads.Count < chains.Length)
        {
            foreach (var chain in chains.Except(heads.Select(head => head.Chain)).Order(StringComparer.Ordinal))
            {
                await connection.Command(
                    "INSERT INTO audit_chains (name, head_sequence, head_hash) VALUES (@chain, 0, @root) ON CONFLICT (name) DO NOTHING",
                    ("@chain", chain), ("@root", AuditLine.Root(chain))).ExecuteAsync(cancellation);
            }

            heads = await connection.Command(find, parameters).ReadAsync(Head, cancellation);
        }

        var last = (await connection.Command(
            $"""
            SELECT c.name, e.line FROM audit_chains c JOIN audit_entries e ON e.chain = c.name AND e.sequence = c.head_sequence WHERE c.name IN ({names})
            """,
            parameters).ReadAsync(r => (r.GetString(0), r.GetString(1)), cancellation)).ToDictionary(StringComparer.Ordinal);
        var now = Microseconds.From(time.GetUtcNow());
        return heads.ToDictionary(
            head => head.Chain,
            head => new End(head.Sequence, head.Hash, Microseconds.ToTime(Math.Max(now, last.TryGetValue(head.Chain, out var line) ? TimeOf(line) : 0))),
            StringComparer.Ordinal);

        static (string Chain, long Sequence, byte[] Hash) Head(DbDataReader row) => (row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
    }

    /// <summary>A line that was tampered with is found by going along the chain; it does not keep others from being written.</summary>
    private static long TimeOf(string line)
    {
        try
        {
            return Microseconds.From(AuditLine.Read(line).Time);
        }
        catch (FormatException)
        {
            return 0;
        }
    }

    private static Task<int> InsertAsync(DbConnection connection, (string Chain, long Sequence, string Line, byte[] Hash)[] lines, CancellationToken cancellation)
    {
        var values = string.Join(", ", lines.Select((_, i) => $"(@c{i}, @s{i}, @l{i}, @h{i})"));
        (string, object?)[] parameters = [.. lines.SelectMany((line, i) => ((string, object?)[])
            [($"@c{i}", line.Chain), ($"@s{i}", line.Sequence), ($"@l{i}", line.Line), ($"@h{i}", line.Hash)])];
        return connection.Command($"INSERT INTO audit_entries (chain, sequence, line, hash) VALUES {values}", parameters).ExecuteAsync(cancellation);
    }

    private static Task<int> MoveAsync(DbConnection connection, KeyValuePair<string, End>[] ends, CancellationToken cancellation)
    {
        var values = string.Join(" UNION ALL ", ends.Select((_, i) => $"SELECT @c{i} AS chain, @s{i} AS sequence, @h{i} AS hash"));
        (string, object?)[] parameters = [.. ends.SelectMany((end, i) => ((string, object?)[])
            [($"@c{i}", end.Key), ($"@s{i}", end.Value.Sequence), ($"@h{i}", end.Value.Hash)])];
        return connection.Command(
            $"UPDATE audit_chains SET head_sequence = v.sequence, head_hash = v.hash FROM ({values}) AS v WHERE audit_chains.name = v.chain",
            parameters).ExecuteAsync(cancellation);
    }

    /// <summary>A chain's end, and the time of what is written after it: a clock that was set back does not reorder the lines.</summary>
    private sealed record End(long Sequence, byte[] Hash, DateTimeOffset Time);
}
