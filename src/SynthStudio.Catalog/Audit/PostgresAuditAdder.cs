using System.Data.Common;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// In PostgreSQL: one prepared statement, and so one way there and back, however many lines and chains there are. Its commit does not wait
/// for the disk; the commit of a message into the database's log does, which takes along all that is before it there.
/// </summary>
internal sealed class PostgresAuditAdder(DbDataSource database) : IAuditAdder
{
    /// <summary>Rows are locked in the order of their names, as by all who write, so that two processes never wait for each other.</summary>
    private const string Add = """
        WITH unsynced AS (SELECT set_config('synchronous_commit', 'off', true)),
        asked AS (
            SELECT * FROM unnest(CAST(@chains AS text[]), CAST(@was_at AS bigint[]), CAST(@was AS bytea[]), CAST(@is_at AS bigint[]), CAST(@is AS bytea[]))
                AS a (chain, was_at, was, is_at, is_hash)),
        held AS (
            SELECT c.name FROM audit_chains c JOIN asked a ON a.chain = c.name AND a.was_at = c.head_sequence AND a.was = c.head_hash ORDER BY c.name FOR UPDATE OF c),
        moved AS (
            UPDATE audit_chains c SET head_sequence = a.is_at, head_hash = a.is_hash FROM asked a JOIN held h ON h.name = a.chain WHERE c.name = a.chain RETURNING c.name),
        added AS (
            INSERT INTO audit_entries (chain, sequence, line, hash)
            SELECT l.chain, l.sequence, l.line, l.hash
            FROM unnest(CAST(@line_chains AS text[]), CAST(@sequences AS bigint[]), CAST(@lines AS text[]), CAST(@hashes AS bytea[])) AS l (chain, sequence, line, hash)
            JOIN moved m ON m.name = l.chain)
        SELECT name FROM moved CROSS JOIN unsynced
        """;

    /// <summary>A transaction that writes, since one that does not would not wait for the disk; and how many of the ends are there.</summary>
    private const string Sync = """
        SELECT pg_logical_emit_message(true, 'synthstudio', CAST('' AS text)), (
            SELECT count(*) FROM unnest(CAST(@chains AS text[]), CAST(@sequences AS bigint[]), CAST(@hashes AS bytea[])) AS w (chain, sequence, hash)
            JOIN audit_entries e ON e.chain = w.chain AND e.sequence = w.sequence AND e.hash = w.hash)
        """;

    public async Task<IReadOnlyList<string>> AddAsync(
        IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines, CancellationToken cancellation) =>
        await database.ReadAsync(
            Add, row => row.GetString(0), cancellation,
            ("@chains", ends.Keys.ToArray()),
            ("@was_at", ends.Values.Select(end => end.Was.Sequence).ToArray()),
            ("@was", ends.Values.Select(end => end.Was.Hash).ToArray()),
            ("@is_at", ends.Values.Select(end => end.Is.Sequence).ToArray()),
            ("@is", ends.Values.Select(end => end.Is.Hash).ToArray()),
            ("@line_chains", lines.Select(line => line.Chain).ToArray()),
            ("@sequences", lines.Select(line => line.Sequence).ToArray()),
            ("@lines", lines.Select(line => line.Line).ToArray()),
            ("@hashes", lines.Select(line => line.Hash).ToArray()));

    public async Task SyncAsync(IReadOnlyDictionary<string, AuditEnd> written)
    {
        var found = await database.ReadAsync(
            Sync, row => row.GetInt64(1), CancellationToken.None,
            ("@chains", written.Keys.ToArray()),
            ("@sequences", written.Values.Select(end => end.Sequence).ToArray()),
            ("@hashes", written.Values.Select(end => end.Hash).ToArray()));
        if (found[0] != written.Count) throw new IOException("The database lost entries of the audit trail that it had taken.");
    }

    public void Dispose()
    {
    }
}
