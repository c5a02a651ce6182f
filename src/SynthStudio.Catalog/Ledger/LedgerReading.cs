using System.Data.Common;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>Reads ledgers, and never one that is not what was acknowledged.</summary>
internal static class LedgerReading
{
    private const string Head = "SELECT state, head_sequence, head_hash FROM privacy_populations WHERE name = @population " + SqlDialect.ForUpdate;
    private const string LastLines = "SELECT sequence, create_time, line, hash FROM privacy_entries WHERE population = @population ORDER BY sequence DESC LIMIT 2";
    private const string HashAt = "SELECT hash FROM privacy_entries WHERE population = @population AND sequence = @sequence";

    /// <summary>
    /// The ledger's end, checked: its last line hashes to what is noted, and what the anchor remembers is in the chain. From here to the end of the
    /// transaction it is nobody else's to change, so the anchor, which is read later, cannot be ahead of an end that is the newest.
    /// </summary>
    /// <returns>The ledger, and whether the anchor knows its end: it does not when whoever wrote that died in between.</returns>
    /// <exception cref="LedgerUnsafeException">A line was changed, or an older copy was put back.</exception>
    public static async Task<(Population Population, bool IsAnchored)> LoadAsync(
        DbConnection connection, LedgerServices services, string name, CancellationToken cancellation)
    {
        if (await connection.Command(Head, ("@population", name))
                .ReadAsync(r => (State: r.GetString(0), Sequence: r.GetInt64(1), Hash: r.GetFieldValue<byte[]>(2)), cancellation) is not [var head])
            throw new LedgerUnsafeException(name, "it is gone.");

        var lines = await connection.Command(LastLines, ("@population", name)).ReadAsync(
            r => (Sequence: r.GetInt64(0), Time: r.GetInt64(1), Text: r.GetString(2), Hash: r.GetFieldValue<byte[]>(3)), cancellation);
        var last = lines.Count > 0 ? lines[0] : (Sequence: 0, Time: 0, Text: "", Hash: LedgerLine.Root.ToArray());
        var previous = lines.Count > 1 ? lines[1].Hash : LedgerLine.Root.ToArray();
        if (last.Sequence != head.Sequence || !last.Hash.AsSpan().SequenceEqual(head.Hash)
            || (last.Sequence > 0 && !last.Hash.AsSpan().SequenceEqual(LedgerLine.Hash(services.Key.Chain, previous, last.Text))))
            throw new LedgerUnsafeException(name, $"its last line, {head.Sequence}, is not what was written.");

        var anchored = await CheckAnchorAsync(connection, services, name, head.Sequence, cancellation);
        return (new Population(name, CatalogJson.Read<LedgerState>(head.State), head.Sequence, head.Hash, last.Time), anchored == head.Sequence);
    }

    /// <summary>Every line, for an audit.</summary>
    public static Task<List<(string Text, byte[] Hash)>> LinesAsync(DbConnection connection, string population, CancellationToken cancellation) =>
        connection.Command("SELECT line, hash FROM privacy_entries WHERE population = @population ORDER BY sequence", ("@population", population))
            .ReadAsync(r => (r.GetString(0), r.GetFieldValue<byte[]>(1)), cancellation);

    /// <summary>The last line that the anchor knows; 0 for none.</summary>
    private static async Task<long> CheckAnchorAsync(
        DbConnection connection, LedgerServices services, string name, long sequence, CancellationToken cancellation)
    {
        if (await services.Anchor.FindAsync(name, cancellation) is not { } anchor) return 0;
        if (anchor.Sequence > sequence)
        {
            throw new LedgerUnsafeException(
                name, $"it ends at line {sequence}, but line {anchor.Sequence} was acknowledged: an older copy of the database was put back.");
        }

        var found = await connection.Command(HashAt, ("@population", name), ("@sequence", anchor.Sequence))
            .ReadAsync(r => Convert.ToHexStringLower(r.GetFieldValue<byte[]>(0)), cancellation);
        if (found is not [var hash] || hash != anchor.Hash)
            throw new LedgerUnsafeException(name, $"its line {anchor.Sequence} is not the one that was acknowledged: the database was put back and written on.");
        return anchor.Sequence;
    }
}
