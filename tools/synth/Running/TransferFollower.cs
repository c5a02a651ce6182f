using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Waits for a transfer to end. Leaving leaves it going.</summary>
internal sealed class TransferFollower(SynthClient client, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(.5);

    /// <exception cref="JobFailedException">It failed or was cancelled.</exception>
    public async Task<Transfer> FollowAsync(Transfer transfer, string step, IProgressView view, CancellationToken cancellation)
    {
        while (transfer.EndTime is null)
        {
            await Task.Delay(Interval, time, cancellation);
            transfer = await client.Transfers.GetTransferAsync(new GetTransferRequest { Name = transfer.Name }, cancellationToken: cancellation);
            view.Show(new StepProgress(step, 0, Detail: $"{(transfer.RowCount > 0 ? $"{transfer.RowCount:N0} rows, " : "")}{Bytes.Short(transfer.SizeBytes)}"));
        }

        return transfer.State switch
        {
            TransferState.Succeeded => transfer,
            TransferState.Cancelled => throw new JobFailedException(new JobError { Message = $"{transfer.Name} was cancelled." }),
            _ => throw new JobFailedException(transfer.Error),
        };
    }
}
