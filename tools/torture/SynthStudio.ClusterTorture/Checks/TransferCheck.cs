using System.Text;

namespace SynthStudio.ClusterTorture;

/// <summary>The promise about transfers: each that was acknowledged ended well, once, with exactly its rows. What came is compared with the uploads.</summary>
internal static class TransferCheck
{
    public static async Task<Finding> RunAsync(Journal journal, TortureCluster cluster, Stores stores, ForeignDatabase foreign)
    {
        var broken = new List<string>();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var client = new Client(cluster.Replicas, journal, 0, limit.Token);
        var ends = (await stores.ReadAsync(
                "SELECT name, state, rows_moved, coalesce(error, '') FROM transfers", r => (Name: r.GetString(0), State: r.GetString(1), Rows: r.GetInt64(2), Error: r.GetString(3))))
            .ToDictionary(t => t.Name);
        foreach (var transfer in journal.Transfers)
        {
            try
            {
                if (!ends.TryGetValue(transfer.Name, out var end)) broken.Add($"{transfer.Name} was acknowledged and is not there");
                else if (end.State != "Succeeded" || end.Rows != transfer.Rows) broken.Add($"{transfer.Name} is {end.State} with {end.Rows} of {transfer.Rows} rows {end.Error}");
                else if (transfer.Table.Length > 0 && !await IsThereAsync(transfer)) broken.Add($"{transfer.Name}: {transfer.Table} has other rows than {transfer.Source}");
            }
            catch (Exception e) when (e is OperationCanceledException or TortureException)
            {
                broken.Add($"{transfer.Source} is not delivered: {e.Message}");
            }
        }

        broken.AddRange(ends.Keys.Except(journal.Transfers.Select(t => t.Name)).Select(t => $"{t} was begun by nobody"));
        broken.AddRange((await foreign.ListAsync()).Except(journal.Transfers.Select(t => t.Table)).Select(t => $"the table {t} is nobody's"));
        return new("every transfer ended well, with exactly its rows, once", journal.Transfers.Count, broken);

        async Task<bool> IsThereAsync(AcknowledgedTransfer transfer)
        {
            var csv = await client.AskAsync(studio => User.ReadRowsAsync(studio, transfer.Source, client.Limits));
            var drawn = Encoding.UTF8.GetString(csv).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
            return await foreign.ReadAsync(transfer.Table) is { } rows && rows.Order(StringComparer.Ordinal).SequenceEqual(drawn.Order(StringComparer.Ordinal));
        }
    }
}
