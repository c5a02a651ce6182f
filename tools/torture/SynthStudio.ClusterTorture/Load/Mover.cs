using System.Globalization;
using System.Text;

namespace SynthStudio.ClusterTorture;

/// <summary>
/// A user who has rows come from a database of others, and drawn rows go there; that database is the only one that nothing strikes.
/// </summary>
internal sealed class Mover(
    TortureCluster cluster, ForeignDatabase foreign, Journal journal, string project, int seed,
    Func<TimeSpan> now, CancellationToken giveUp)
{
    private const double Imports = 0.5;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromSeconds(4);

    private readonly Random _dice = new(seed);
    private readonly Client _client = new(cluster.Replicas, journal, seed, giveUp);

    /// <summary>Goes on until it is told to stop, and then waits for what it has begun.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (; !stop.IsCancellationRequested; await Task.Delay(Pause, giveUp))
        {
            try
            {
                await (_dice.NextDouble() < Imports || journal.Rows.IsEmpty ? ImportAsync() : ExportAsync());
            }
            catch (TortureException)
            {
                // It is in the journal.
            }
        }
    }

    private async Task ImportAsync()
    {
        var (rows, shift) = (_dice.Next(200, 5_000), _dice.Next(1000));
        var content = new StringBuilder("code,days,ward\n");
        for (var row = 1; row <= rows; row++) content.Append(CultureInfo.InvariantCulture, $"{row},{(row + shift) % 31},ward {row % 3}\n");
        var transfer = new Transfer
        {
            Postgres = foreign.Endpoint(),
            QueryImport = new QueryImport
            {
                Query = string.Create(CultureInfo.InvariantCulture, $"SELECT i AS code, (i + {shift}) % 31 AS days, 'ward ' || i % 3 AS ward FROM generate_series(1, {rows}) AS i ORDER BY i"),
            },
        };
        var bytes = Encoding.UTF8.GetBytes(content.ToString());
        var done = await EndAsync(transfer, name => new AcknowledgedTransfer(name, rows));
        if (done.State != TransferState.Succeeded) return; // The check tells of it.
        var dataset = await _client.AskAsync(
            async studio => await studio.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = done.Dataset }, _client.Limits));
        journal.Uploads[dataset.Name] = new(dataset.Name, bytes);
        journal.Jobs[dataset.Job] = new(dataset.Job, JobKind.Profiling, dataset.Name);
        await new Watcher(_client, journal, now).FollowAsync(dataset.Job);
    }

    private async Task ExportAsync()
    {
        var drawn = journal.Rows.ToArray();
        var (synthetic, rows, _) = drawn[_dice.Next(drawn.Length)];
        var table = string.Create(CultureInfo.InvariantCulture, $"drawn_{journal.Transfers.Count}_{_dice.Next()}");
        await EndAsync(
            new Transfer { Postgres = foreign.Endpoint(), TableExport = new TableExport { Source = synthetic, Table = table } },
            name => new(name, rows, table, synthetic));
    }

    /// <summary>Asks for a transfer and waits for its end.</summary>
    private async Task<Transfer> EndAsync(Transfer wanted, Func<string, AcknowledgedTransfer> acknowledged)
    {
        var bytes = new byte[16];
        _dice.NextBytes(bytes);
        var request = new CreateTransferRequest { Parent = project, Transfer = wanted, RequestId = new Guid(bytes).ToString("D") };
        var transfer = await _client.AskAsync(async _ => await Service.CreateTransferAsync(request, _client.Limits));
        journal.Transfers.Add(acknowledged(transfer.Name));
        while (transfer.State is TransferState.Pending or TransferState.Running)
        {
            await Task.Delay(Look, giveUp);
            transfer = await _client.AskAsync(async _ => await Service.GetTransferAsync(new GetTransferRequest { Name = transfer.Name }, _client.Limits));
        }

        return transfer;
    }

    private TransferService.TransferServiceClient Service => new(_client.Channel);
}
