using System.Data.Common;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage;

namespace SynthStudio.Catalog.Secrets;

/// <summary>
/// Seals stored secrets by the current master key that an earlier one sealed, so that that can be forgotten. Each secret is exchanged by a
/// statement of its own, for the one that was read: it is there and opens at every moment, a pass that dies is gone on with by the next,
/// and of several at once, or of one beside somebody who changes a secret, none undoes anything.
/// </summary>
public sealed class SecretSeals
{
    /// <summary>Rows that are read at once.</summary>
    private const int Batch = 500;

    private readonly DbDataSource _database;
    private readonly MasterKey _master;
    private readonly IReadOnlyList<SealedColumn> _columns;

    internal SecretSeals(DbDataSource database, MasterKey master, SecondFactorSeals factors)
    {
        (_database, _master) = (database, master);
        _columns = [SigningKeyStore.Column, ProjectKeyStore.Column, ConnectionStore.Connections, ConnectionStore.Transfers, factors.Column];
    }

    /// <summary>Seals all that need it anew.</summary>
    /// <param name="includeEarlierForms">Also what stands there as an earlier version stored it, which no master key has to do with:
    /// servers of that version do not open it any more then.</param>
    /// <param name="cancellation">Stops the call; what is sealed anew stays so.</param>
    /// <returns>What it came to, by kind.</returns>
    public async Task<IReadOnlyList<ResealedSecrets>> ResealAsync(bool includeEarlierForms, CancellationToken cancellation = default)
    {
        var kinds = new List<ResealedSecrets>();
        foreach (var column in _columns) kinds.Add(await ResealAsync(column, includeEarlierForms, cancellation));
        return kinds;
    }

    private async Task<ResealedSecrets> ResealAsync(SealedColumn column, bool includeEarlierForms, CancellationToken cancellation)
    {
        var found = new ResealedSecrets(column.Kind, 0, 0, 0);
        var after = "";
        while (await ReadAsync(column, $"{column.Key} > @key ORDER BY {column.Key} LIMIT {Batch}", after, cancellation) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                found = await ResealAsync(column, row, includeEarlierForms, cancellation) switch
                {
                    Outcome.Gone => found,
                    Outcome.Resealed => found with { Count = found.Count + 1, Resealed = found.Resealed + 1 },
                    Outcome.Unreadable => found with { Count = found.Count + 1, Unreadable = found.Unreadable + 1 },
                    _ => found with { Count = found.Count + 1 },
                };
            }

            after = rows[^1].Key;
        }

        return found;
    }

    private async Task<Outcome> ResealAsync(SealedColumn column, Row row, bool includeEarlierForms, CancellationToken cancellation)
    {
        while (true)
        {
            if (column.IsEarlier(row.Box) ? !includeEarlierForms : _master.IsCurrent(row.Box)) return Outcome.Stays;
            byte[] sealedAnew;
            try
            {
                sealedAnew = SealAnew(column, row);
            }
            catch (SealBrokenException)
            {
                return Outcome.Unreadable; // The others need not wait for it.
            }

            var changed = await _database.ExecuteAsync(
                $"UPDATE {column.Table} SET {column.Secret} = @new WHERE {column.Key} = @key AND {column.Secret} = @old", cancellation,
                ("@new", sealedAnew), ("@key", row.Key), ("@old", row.Box));
            if (changed == 1) return Outcome.Resealed;

            // Somebody was faster: they sealed it anew too, or exchanged the secret, or it is gone.
            if (await ReadAsync(column, $"{column.Key} = @key", row.Key, cancellation) is not [var now]) return Outcome.Gone;
            row = now;
        }
    }

    private byte[] SealAnew(SealedColumn column, Row row)
    {
        var purpose = column.Purpose(row.Key, row.Owner);
        return _master.Seal(column.IsEarlier(row.Box) ? column.OpenEarlier(row.Box, row.Key) : _master.Open(row.Box, purpose), purpose);
    }

    private Task<List<Row>> ReadAsync(SealedColumn column, string which, string key, CancellationToken cancellation) => _database.ReadAsync(
        $"SELECT {column.Key}, {column.Owner ?? column.Key}, {column.Secret} FROM {column.Table} WHERE {column.Secret} IS NOT NULL AND {which}",
        row => new Row(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2)), cancellation, ("@key", key));

    private enum Outcome
    {
        Stays,
        Resealed,
        Unreadable,
        Gone,
    }

    private sealed record Row(string Key, string Owner, byte[] Box);
}
