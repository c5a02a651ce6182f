using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;

namespace SynthStudio.Catalog.Audit;

/// <summary>
/// Writes batches of events to the ends of their chains, with a few statements however many chains there are. Ends are remembered, so that what follows is
/// added without a look (<see cref="IAuditAdder"/>); where an end is not known, or somebody else moved it, ends are looked up and held.
/// </summary>
/// <param name="database">The catalog.</param>
/// <param name="time">The clock.</param>
/// <param name="adder">What adds to ends that are remembered; null for the database's own.</param>
internal sealed class AuditWriter(DbDataSource database, TimeProvider time, IAuditAdder? adder = null) : IDisposable
{
    /// <summary>Rows of a statement: databases allow a limited number of parameters.</summary>
    private const int RowsAStatement = 250;

    /// <summary>Ends that are remembered: with more chains than that in use, all are looked up again.</summary>
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, AuditEnd> _remembered = new(StringComparer.Ordinal);
    private readonly IAuditAdder _adder = adder ?? AdderOf(database);

    /// <summary>The way of a database itself to add to ends that are remembered.</summary>
    public static IAuditAdder AdderOf(DbDataSource database) =>
        database is SqliteDataSource file ? new SqliteAuditAdder(file) : new PostgresAuditAdder(database);

    /// <summary>
    /// Writes the events, in the order given within a chain; of each chain all or none. They survive the death of this process, and a loss
    /// of power from <see cref="SyncAsync"/> on.
    /// </summary>
    /// <param name="events">The events.</param>
    /// <param name="committed">Told of each chain whose events are written, with its new end.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="DbException">Chains that were not told of may or may not have their events.</exception>
    public async Task WriteAsync(IReadOnlyList<(string Chain, AuditEvent Event)> events, Action<string, AuditEnd> committed, CancellationToken cancellation)
    {
        var left = events.ToLookup(e => e.Chain, e => e.Event, StringComparer.Ordinal)
            .ToDictionary(chain => chain.Key, chain => chain.ToArray(), StringComparer.Ordinal);
        foreach (var (chain, end) in await AddToRememberedAsync(left, cancellation))
        {
            left.Remove(chain);
            committed(chain, end);
        }

        if (left.Count == 0) return;
        foreach (var (chain, end) in await AddToHeldAsync(left, cancellation))
        {
            _remembered[chain] = end;
            committed(chain, end);
        }
    }

    /// <summary>Writes one event whose number is beyond another one, if the chain still ends where its lines were looked at.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="what">The event.</param>
    /// <param name="looked">Where the chain ended.</param>
    /// <param name="beyond">The event's number is greater than this, and than the end's.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The new end; null when somebody added to the chain meanwhile, and nothing was written.</returns>
    public async Task<AuditEnd?> WriteAfterAsync(
        string chain, AuditEvent what, (long Sequence, byte[] Hash) looked, long beyond, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var end = (await HoldAsync(connection, [chain], cancellation))[chain];
        if (end.Sequence != looked.Sequence || !end.Hash.AsSpan().SequenceEqual(looked.Hash)) return null;
        var (line, added) = end.Add(chain, what, time.GetUtcNow(), Math.Max(end.Sequence, beyond) + 1);
        await AddAsync(connection, [line], [KeyValuePair.Create(chain, added)], cancellation);
        await transaction.CommitAsync(cancellation);
        return added;
    }

    /// <inheritdoc cref="IAuditAdder.SyncAsync"/>
    public Task SyncAsync(IReadOnlyDictionary<string, AuditEnd> written) => _adder.SyncAsync(written);

    public void Dispose() => _adder.Dispose();

    /// <summary>Adds to the chains whose ends are remembered and still are their ends; answers these.</summary>
    private async Task<Dictionary<string, AuditEnd>> AddToRememberedAsync(Dictionary<string, AuditEvent[]> events, CancellationToken cancellation)
    {
        var ends = new Dictionary<string, (AuditEnd Was, AuditEnd Is)>(StringComparer.Ordinal);
        var lines = new List<NewLine>();
        foreach (var (chain, added) in events)
        {
            if (_remembered.TryGetValue(chain, out var end)) ends.Add(chain, (end, Extend(chain, end, added, lines)));
        }

        var moved = new Dictionary<string, AuditEnd>(StringComparer.Ordinal);
        if (ends.Count == 0) return moved;
        foreach (var chain in await _adder.AddAsync(ends, lines, cancellation)) moved.Add(chain, _remembered[chain] = ends[chain].Is);
        foreach (var chain in ends.Keys.Where(chain => !moved.ContainsKey(chain))) _remembered.TryRemove(chain, out _);
        return moved;
    }

    /// <summary>Looks the ends up, holds them and adds to them, all chains in one transaction.</summary>
    private async Task<Dictionary<string, AuditEnd>> AddToHeldAsync(Dictionary<string, AuditEvent[]> events, CancellationToken cancellation)
    {
        if (_remembered.Count > MostRemembered) _remembered.Clear();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        var ends = await HoldAsync(connection, [.. events.Keys], cancellation);
        var lines = new List<NewLine>();
        foreach (var (chain, added) in events) ends[chain] = Extend(chain, ends[chain], added, lines);
        for (var row = 0; row < lines.Count; row += RowsAStatement)
            await AddAsync(connection, [.. lines.Skip(row).Take(RowsAStatement)], [.. ends.Skip(row).Take(RowsAStatement)], cancellation);
        await transaction.CommitAsync(cancellation);
        return ends;
    }

    private AuditEnd Extend(string chain, AuditEnd end, AuditEvent[] events, List<NewLine> lines)
    {
        var now = time.GetUtcNow();
        foreach (var what in events)
        {
            (var line, end) = end.Add(chain, what, now);
            lines.Add(line);
        }

        return end;
    }

    /// <summary>The chains' ends; until the transaction ends nobody else adds to them.</summary>
    private static async Task<Dictionary<string, AuditEnd>> HoldAsync(DbConnection connection, string[] chains, CancellationToken cancellation)
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

        return heads.ToDictionary(
            head => head.Chain,
            head => new AuditEnd(
                head.Sequence, head.Hash, last.TryGetValue(head.Chain, out var line) ? TimeOf(line) : DateTimeOffset.UnixEpoch),
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
    private static DateTimeOffset TimeOf(string line) => AuditLine.TryRead(line, out var entry) ? entry.Time : DateTimeOffset.UnixEpoch;

    /// <summary>Inserts lines and moves ends, there and back once.</summary>
    private static Task<int> AddAsync(DbConnection connection, NewLine[] lines, KeyValuePair<string, AuditEnd>[] ends, CancellationToken cancellation)
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
}
