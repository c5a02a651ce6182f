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

        for (var row = 0; row < lines.Count; row += RowsAStatement)
            await AddAsync(connection, [.. lines.Skip(row).Take(RowsAStatement)], [.. ends.Skip(row).Take(RowsAStatement)], cancellation);
        await transaction.CommitAsync(cancellation);
        return ends.ToDictionary(end => end.Key, end => (end.Value.Sequence, end.Value.Hash), StringComparer.Ordinal);
    }

    /// <summary>The chains' ends; until the transaction ends nobody else adds to them.</summary>
    private async Task<Dictionary<string, End>> LockAsync(DbConnection connection, string[] chains, CancellationToken cancellation)
    {
        var names = string.Join(", ", chains.Select((_, i) => $"@c{i}"));
        (string, object?)[] parameters = [.. chains.Select((chain, i) => ($"@c{i}", (object?)chain))];

        var (heads, last) = await FindAsync();
        if (heads.Count < chains.Length)
        {
            foreach (var chain in chains.Except(heads.Select(head => head.Chain)).Order(StringComparer.Ordinal))
            {
                await connection.Command(
                    "INSERT INTO audit_chains (name, head_sequence, head_hash) VALUES (@chain, 0, @root) ON CONFLICT (name) DO NOTHING",
                    ("@chain", chain), ("@root", AuditLine.Root(chain))).ExecuteAsync(cancellation);
            }

            (heads, last) = await FindAsync();
        }

        var now = Microseconds.From(time.GetUtcNow());
        return heads.ToDictionary(
            head => head.Chain,
            head => new End(head.Sequence, head.Hash, Microseconds.ToTime(Math.Max(now, last.TryGetValue(head.Chain, out var line) ? TimeOf(line) : 0))),
            StringComparer.Ordinal);

        // One after the other on one way to the database: the lines are looked for when the ends are held.
        async Task<(List<(string Chain, long Sequence, byte[] Hash)> Heads, Dictionary<string, string> Last)> FindAsync()
        {
            await using var command = connection.Command(
                $"""
                SELECT name, head_sequence, head_hash FROM audit_chains WHERE name IN ({names}) ORDER BY name {SqlDialect.ForUpdate};
                SELECT c.name, e.line FROM audit_chains c JOIN audit_entries e ON e.chain = c.name AND e.sequence = c.head_sequence WHERE c.name IN ({names})
                """,
                parameters); // In one order in all processes, so that two of them never wait for each other.
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var found = new List<(string, long, byte[])>(chains.Length);
            while (await reader.ReadAsync(cancellation)) found.Add((reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
            await reader.NextResultAsync(cancellation);
            var lines = new Dictionary<string, string>(StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellation)) lines.Add(reader.GetString(0), reader.GetString(1));
            return (found, lines);
        }
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

    /// <summary>Inserts lines and moves ends, there and back once.</summary>
    private static Task<int> AddAsync(
        DbConnection connection, (string Chain, long Sequence, string Line, byte[] Hash)[] lines, KeyValuePair<string, End>[] ends, CancellationToken cancellation)
    {
        var values = string.Join(", ", lines.Select((_, i) => $"(@c{i}, @s{i}, @l{i}, @h{i})"));
        (string, object?)[] parameters =
        [
            .. lines.SelectMany((line, i) => ((string, object?)[])[($"@c{i}", line.Chain), ($"@s{i}", line.Sequence), ($"@l{i}", line.Line), ($"@h{i}", line.Hash)]),
            .. ends.SelectMany((end, i) => ((string, object?)[])[($"@ec{i}", end.Key), ($"@es{i}", end.Value.Sequence), ($"@eh{i}", end.Value.Hash)]),
        ];
        var text = $"INSERT INTO audit_entries (chain, sequence, line, hash) VALUES {values}";
        if (ends.Length > 0)
        {
            var moved = string.Join(" UNION ALL ", ends.Select((_, i) => $"SELECT @ec{i} AS chain, @es{i} AS sequence, @eh{i} AS hash"));
            text += $"; UPDATE audit_chains SET head_sequence = v.sequence, head_hash = v.hash FROM ({moved}) AS v WHERE audit_chains.name = v.chain";
        }

        return connection.Command(text, parameters).ExecuteAsync(cancellation);
    }

    /// <summary>A chain's end, and the time of what is written after it: a clock that was set back does not reorder the lines.</summary>
    private sealed record End(long Sequence, byte[] Hash, DateTimeOffset Time);
}
