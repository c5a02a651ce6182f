using System.Data;
using System.Data.Common;

namespace SynthStudio.Catalog.Audit;

/// <summary>Writes a batch of events to the ends of their chains in one transaction.</summary>
internal sealed class AuditWriter(DbDataSource database, TimeProvider time)
{
    /// <summary>Lines of a statement: databases allow a limited number of parameters.</summary>
    private const int LinesAStatement = 100;

    private const string AddChain = """
        INSERT INTO audit_chains (name, head_sequence, head_hash) VALUES (@chain, 0, @root) ON CONFLICT (name) DO NOTHING
        """;

    private const string FindHead = "SELECT head_sequence, head_hash FROM audit_chains WHERE name = @chain " + SqlDialect.ForUpdate;
    private const string LastLine = "SELECT line FROM audit_entries WHERE chain = @chain AND sequence = @sequence";
    private const string MoveHead = "UPDATE audit_chains SET head_sequence = @sequence, head_hash = @hash WHERE name = @chain";

    /// <summary>Writes the events, in the order given within a chain; all or none.</summary>
    /// <returns>The new ends by chain.</returns>
    public async Task<Dictionary<string, (long Sequence, byte[] Hash)>> WriteAsync(IReadOnlyList<(string Chain, AuditEvent Event)> events, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var heads = new Dictionary<string, (long Sequence, byte[] Hash)>(StringComparer.Ordinal);

        // In one order in all processes, so that two of them never wait for each other.
        foreach (var chain in events.GroupBy(e => e.Chain, e => e.Event, StringComparer.Ordinal).OrderBy(chain => chain.Key, StringComparer.Ordinal))
            heads[chain.Key] = await AppendAsync(connection, chain.Key, [.. chain], cancellation);

        await transaction.CommitAsync(cancellation);
        return heads;
    }

    private async Task<(long Sequence, byte[] Hash)> AppendAsync(DbConnection connection, string chain, IReadOnlyList<AuditEvent> events, CancellationToken cancellation)
    {
        var (sequence, hash, last) = await LockAsync(connection, chain, cancellation);
        var now = Microseconds.ToTime(Math.Max(Microseconds.From(time.GetUtcNow()), Microseconds.From(last))); // A clock that was set back does not reorder the lines.
        var lines = new (string Line, byte[] Hash)[events.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = AuditLine.Write(new AuditEntry(sequence + 1 + i, now, events[i]));
            var next = new byte[AuditLine.HashBytes];
            AuditLine.Hash(hash, line, next);
            (lines[i], hash) = ((line, next), next);
        }

        for (var first = 0; first < lines.Length; first += LinesAStatement)
            await InsertAsync(connection, chain, sequence + 1 + first, lines.AsMemory(first, Math.Min(LinesAStatement, lines.Length - first)), cancellation);
        sequence += lines.Length;
        await connection.Command(MoveHead, ("@chain", chain), ("@sequence", sequence), ("@hash", hash)).ExecuteAsync(cancellation);
        return (sequence, hash);
    }

    /// <summary>The chain's end; until the transaction ends nobody else adds to it.</summary>
    private static async Task<(long Sequence, byte[] Hash, DateTimeOffset Time)> LockAsync(DbConnection connection, string chain, CancellationToken cancellation)
    {
        var heads = await ReadAsync();
        if (heads.Count == 0)
        {
            await connection.Command(AddChain, ("@chain", chain), ("@root", AuditLine.Root(chain))).ExecuteAsync(cancellation);
            heads = await ReadAsync();
        }

        var (sequence, hash) = heads[0];
        var lines = await connection.Command(LastLine, ("@chain", chain), ("@sequence", sequence)).ReadAsync(r => r.GetString(0), cancellation);
        return (sequence, hash, lines is [var line] ? TimeOf(line) : default);

        Task<List<(long Sequence, byte[] Hash)>> ReadAsync() =>
            connection.Command(FindHead, ("@chain", chain)).ReadAsync(r => (r.GetInt64(0), r.GetFieldValue<byte[]>(1)), cancellation);
    }

    /// <summary>A line that was tampered with is found by going along the chain; it does not keep others from being written.</summary>
    private static DateTimeOffset TimeOf(string line)
    {
        try
        {
            return AuditLine.Read(line).Time;
        }
        catch (FormatException)
        {
            return default;
        }
    }

    private static Task<int> InsertAsync(
        DbConnection connection, string chain, long first, ReadOnlyMemory<(string Line, byte[] Hash)> lines, CancellationToken cancellation)
    {
        var parameters = new List<(string, object?)>(1 + (3 * lines.Length)) { ("@chain", chain) };
        var values = new string[lines.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = $"(@chain, @n{i}, @l{i}, @h{i})";
            parameters.Add(($"@n{i}", first + i));
            parameters.Add(($"@l{i}", lines.Span[i].Line));
            parameters.Add(($"@h{i}", lines.Span[i].Hash));
        }

        var text = $"INSERT INTO audit_entries (chain, sequence, line, hash) VALUES {string.Join(", ", values)}";
        return connection.Command(text, [.. parameters]).ExecuteAsync(cancellation);
    }
}
