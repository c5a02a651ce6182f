using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Transfers;

/// <summary>Carries out one kind of transfer.</summary>
internal interface ITransferWork
{
    /// <summary>Whether a transfer is of this kind.</summary>
    bool Does(TransferSpec spec);

    /// <summary>Moves the rows. What an earlier attempt did is done already, or done again from the beginning: the outcome is there once.</summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="secret">Password or secret key of its endpoint.</param>
    /// <param name="progress">Told of what was moved.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="TransferException">It cannot be done.</exception>
    Task RunAsync(TransferRecord transfer, string secret, TransferProgress progress, CancellationToken cancellation);

    /// <summary>Takes away what a transfer left that failed or was cancelled.</summary>
    Task CleanUpAsync(TransferRecord transfer, CancellationToken cancellation);
}
