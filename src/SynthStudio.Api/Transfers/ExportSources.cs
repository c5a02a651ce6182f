using SynthStudio.Api.Authorization;
using SynthStudio.Api.Formats;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers;

/// <summary>Finds rows for those who send them away. That real ones are is in audit trail and privacy ledger before the first of them leaves.</summary>
internal sealed class ExportSources(SyntheticDatasetStore synthetics, DatasetStore datasets, DrawnRows drawn, RealRows real, PrivacyLedger ledger, AuditTrail trail)
{
    /// <summary>What an export of real rows is in the audit trail.</summary>
    public const string RealRowsExported = "TransferService/ExportRealRows";

    /// <summary>Whether a transfer exports real rows.</summary>
    public static bool IsOfRealRows(TransferSpec spec) => (spec.Table?.Source ?? spec.Export?.Source) is { } source && ResourcePattern.Dataset.Matches(source);

    /// <summary>Hands the rows that a transfer exports to who sends them.</summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="source">Its source: a synthetic data set or a data set.</param>
    /// <param name="asText">Columns that are texts, whatever they hold.</param>
    /// <param name="send">Sends them.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="TransferException">The source is not ready, or is gone, or cannot be read.</exception>
    public async Task ReadAsync(TransferRecord transfer, string source, IReadOnlyCollection<string> asText, Func<StoredRows, Task> send, CancellationToken cancellation)
    {
        if (!IsOfRealRows(transfer.Spec))
        {
            var rows = await synthetics.FindAsync(source, cancellation) is { State: ArtifactState.Ready } found ? found : throw Gone(source);
            await send(await drawn.TypedAsync(rows, asText, cancellation));
            return;
        }

        var dataset = await datasets.FindAsync(source, cancellation) is { State: DatasetState.Ready, Withheld: false } ready ? ready : throw Gone(source);
        try
        {
            await real.ReadAsync(
                dataset, asText,
                async rows =>
                {
                    await ledger.RecordNonPrivateAsync(source, "export", transfer.Name, transfer.Creator, cancellation);
                    await trail.AppendAsync(
                        transfer.Project, new AuditEvent { Actor = transfer.Creator, Method = RealRowsExported, Resource = source, Outcome = "OK", RequestId = transfer.Name });
                    await send(rows);
                },
                cancellation);
        }
        catch (RowsNotReadException e)
        {
            throw new TransferException(e.Job.Error?.Reason ?? TransferReasons.Abandoned, e.Message, source, e);
        }
    }

    private static TransferException Gone(string source) => new(TransferReasons.SourceGone, $"{source} is not ready, or was deleted before the export began.", source);
}
