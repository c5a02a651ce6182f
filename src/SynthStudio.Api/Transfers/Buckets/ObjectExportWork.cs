using SynthStudio.Api.Formats;
using SynthStudio.Api.Services;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage.S3;

namespace SynthStudio.Api.Transfers.Buckets;

/// <summary>
/// Puts rows into a bucket of somebody else: as one object, which is there whole or not at all, and in place of another one only when that
/// is asked for and an export of the same project made it: who asks may have less rights in that bucket than the connection's key.
/// </summary>
internal sealed class ObjectExportWork(ExportSources sources, ForeignPlaces places) : ITransferWork
{
    public bool Does(TransferSpec spec) => spec.Export is not null;

    public Task RunAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation) =>
        sources.ReadAsync(
            transfer, transfer.Spec.Export!.Source, transfer.Spec.Export.TextColumns,
            rows => SendAsync(transfer, secret, rows, progress, cancellation), cancellation);

    /// <summary>What was not completed was given up by who sent it.</summary>
    public Task CleanUpAsync(TransferRecord transfer, CancellationToken cancellation) => Task.CompletedTask;

    private async Task SendAsync(TransferRecord transfer, string secret, StoredRows rows, TransferProgress progress, CancellationToken cancellation)
    {
        var (export, address) = (transfer.Spec.Export!, transfer.Endpoint.Bucket!);
        using var bucket = places.Open(address, secret);
        await using var csv = rows.Open();
        try
        {
            if (export.Format == RowFormat.Csv)
            {
                await using var file = export.DefuseFormulas ? new EditedStream(csv, new FormulaDefuser()) : csv;
                await WriteAsync(file, cancellation);
                return;
            }

            await RowFiles.PipeAsync(
                (file, stop) => RowFiles.ConvertAsync(csv, rows.Columns, export.Format, file, written => progress.Add(written, 0), stop),
                WriteAsync, cancellation);
        }
        catch (ForeignBucketException e) when (e.Failure == ForeignBucketFailure.Exists)
        {
            var way = export.Overwrite
                ? $"it was made by no export of {transfer.Project}, or the access key may not look at it. Name another, or have this one removed in the bucket."
                : "name another, or ask for it to be replaced (overwrite), which is done where an export of this project made it.";
            throw new TransferException(TransferReasons.ObjectExists, $"The bucket {address.Bucket} has an object {export.Key} already: {way}", export.Key, e);
        }
        catch (ForeignBucketException e)
        {
            throw BucketErrors.Of(e, address, export.Key);
        }
        catch (ValueNotOfTypeException e)
        {
            throw new TransferException(TransferReasons.ValueNotOfType, e.Message, e.Column, e);
        }

        Task WriteAsync(Stream file, CancellationToken stop) => bucket.WriteAsync(
            file, export.Key, RowFiles.MediaType(export.Format), transfer.Name,
            export.Overwrite ? $"{transfer.Project}/transfers/" : null, bytes => progress.Add(0, bytes), stop);
    }
}
