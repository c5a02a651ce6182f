namespace SynthStudio.Orchestration;

/// <summary>
/// The ledger of what was released from populations of people, in every data set that holds them. Each call is one durable transaction and can
/// be repeated: the job's name makes it happen once.
/// </summary>
public interface IPrivacyLedger
{
    /// <summary>
    /// Sets a job's price aside in every population of the data set, or in none; for a declared part of the data set beside what other parts cost.
    /// Durable when it answers.
    /// </summary>
    /// <exception cref="BudgetExhaustedException">It does not fit; the exception says what would.</exception>
    /// <exception cref="PartitionException">The part is none that was declared, or the promise is for units that may be in several.</exception>
    /// <exception cref="LedgerUnsafeException">The ledger is not what was acknowledged.</exception>
    Task ReserveAsync(BudgetRequest request, CancellationToken cancellation);

    /// <summary>Notes that the job is let at the data: from here on its price is spent. To be called, and to have answered, before that.</summary>
    /// <exception cref="ReservationMissingException">The job has no reservation, or gave it back.</exception>
    /// <exception cref="LedgerUnsafeException">The ledger is not what was acknowledged.</exception>
    Task TouchAsync(string job, CancellationToken cancellation);

    /// <summary>Notes that the job's result is released, and what its noise did.</summary>
    Task CommitAsync(string job, PrivacyStatement statement, CancellationToken cancellation);

    /// <summary>Gives back what a job reserved if it was never let at the data; true when it was given back now.</summary>
    Task<bool> ReleaseAsync(string job, CancellationToken cancellation);

    /// <summary>Whether the job was let at the data: its price is spent, and <see cref="ReleaseAsync"/> gives nothing back.</summary>
    Task<bool> IsSpentAsync(string job, CancellationToken cancellation);

    /// <summary>Generators with untouched reservations for trainings that the catalog does not know.</summary>
    Task<IReadOnlyList<string>> ListWithStraysAsync(CancellationToken cancellation);

    /// <summary>Gives back untouched reservations of a generator whose trainings never came to be: its grain died in between.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="known">The trainings it knows of.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <returns>The trainings whose reservations were given back now.</returns>
    Task<IReadOnlyList<string>> ReleaseStraysAsync(string generator, IReadOnlyCollection<string> known, CancellationToken cancellation);

    /// <summary>Notes a release that no noise protects. Repeating it changes nothing.</summary>
    /// <param name="dataset">The data set it tells of.</param>
    /// <param name="what">model, profile or evaluation_report.</param>
    /// <param name="subject">The resource that holds it.</param>
    /// <param name="actor">Who caused it.</param>
    /// <param name="cancellation">Stops the call.</param>
    Task RecordNonPrivateAsync(string dataset, string what, string subject, string actor, CancellationToken cancellation);

    /// <summary>The key, 16 bytes, that workers fingerprint the rows of a project's data sets with. For workers only.</summary>
    byte[] FingerprintKey(string project);
}

/// <summary>A price to set aside.</summary>
/// <param name="Dataset">The data set that is to be learned.</param>
/// <param name="Generator">The generator that learns it.</param>
/// <param name="Job">The training.</param>
/// <param name="Terms">What it may spend.</param>
/// <param name="Actor">Who asked for it.</param>
public sealed record BudgetRequest(string Dataset, string Generator, string Job, PrivacyTerms Terms, string Actor);
