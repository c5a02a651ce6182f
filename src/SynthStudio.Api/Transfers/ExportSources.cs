using SynthStudio.Api.Authorization;
using SynthStudio.Api.Formats;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers;

/// <summary>
/// Finds rows for those who send them away. That real ones are is in audit trail and privacy ledger before the first of them leaves.
/// </summary>
internal sealed class ExportSources(
    SyntheticDatasetStore synthetics, DatasetStore datasets, DrawnRows drawn, RealRows real, RealRowGate gate, PrivacyLedger ledger,
    AuditTrail trail)
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
    /// <exception cref="TransferException">The source is not ready, or is gone, or cannot be read, or who asked for it may
    /// not see its rows any more.</exception>
    /// <exception cref="TransferInterruptedException">The cluster, or this server's own database, does not answer.</exception>
    public async Task ReadAsync(
        TransferRecord transfer, string source, IReadOnlyCollection<string> asText, Func<StoredRows, Task> send,
        CancellationToken cancellation)
    {
        try
        {
            if (IsOfRealRows(transfer.Spec))
            {
                await ReadRealAsync(transfer, source, asText, send, cancellation);
                return;
            }

            var rows = await synthetics.FindAsync(source, cancellation) is { State: ArtifactState.Ready } found ? found : throw Gone(source);
            await send(await drawn.TypedAsync(rows, asText, cancellation));
        }
        catch (NoSuchColumnException e)
        {
            throw new TransferException(TransferReasons.ColumnMissing, e.Message, e.Column, e);
        }
        catch (NoHeaderException e)
        {
            throw new TransferException(TransferReasons.NoColumns, $"{source} cannot be exported: it has no columns.", source, e);
        }
        catch (InvalidDataException e)
        {
            throw new TransferException(TransferReasons.SourceDamaged, $"{source} cannot be exported, its rows are damaged: {e.Message}", source, e);
        }
    }

    private async Task ReadRealAsync(
        TransferRecord transfer, string source, IReadOnlyCollection<string> asText, Func<StoredRows, Task> send,
        CancellationToken cancellation)
    {
        var dataset = await FindReadableAsync(source, cancellation);
        var isSending = false;
        try
        {
            await real.ReadAsync(
                dataset, asText,
                async (rows, stop) =>
                {
                    await FindReadableAsync(source, stop); // Much may have changed while its job waited.
                    if (!await gate.MayAsync(transfer.Project, transfer.Creator, stop)) throw TransferException.NotAllowed(transfer);
                    await ledger.RecordNonPrivateAsync(source, "export", transfer.Name, transfer.Creator, stop);
                    await trail.AppendAsync(
                        transfer.Project,
                        new AuditEvent
                        {
                            Actor = transfer.Creator, Method = RealRowsExported, Resource = source, Outcome = "OK",
                            RequestId = transfer.Name,
                        },
                        CancellationToken.None);
                    isSending = true;
                    await send(rows);
                },
                cancellation);
        }
        catch (RowsNotReadException e)
        {
            throw new TransferException(e.Reason ?? TransferReasons.Abandoned, e.Message, source, e);
        }
        catch (Exception e) when (!isSending && !cancellation.IsCancellationRequested && TransferInterruptedException.IsOfOurs(e))
        {
            throw new TransferInterruptedException(e);
        }
    }

    private async Task<DatasetRecord> FindReadableAsync(string source, CancellationToken cancellation) =>
        await datasets.FindAsync(source, cancellation) is { State: DatasetState.Ready, Withheld: false } ready ? ready : throw Gone(source);

    private static TransferException Gone(string source) => new(TransferReasons.SourceGone, $"{source} is not ready, or was deleted before the export began.", source);
}
