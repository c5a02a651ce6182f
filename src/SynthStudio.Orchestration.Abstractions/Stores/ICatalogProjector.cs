namespace SynthStudio.Orchestration;

/// <summary>
/// Writes what grains own into the catalog, where it is listed and searched. Derived data: each call is idempotent and an
/// older <c>Version</c> never replaces a newer one, so a grain repeats it until it succeeded.
/// </summary>
public interface ICatalogProjector
{
    /// <summary>
    /// Stores the job and, when it has ended, its result with its subject: profile and schema of a data set, state of a synthetic
    /// data set or evaluation.
    /// </summary>
    Task ProjectAsync(JobSnapshot job, CancellationToken cancellation);

    /// <summary>Stores the generator.</summary>
    Task ProjectAsync(GeneratorSnapshot generator, CancellationToken cancellation);

    /// <summary>Jobs that the catalog believes to be unfinished, with their owners: what the reconciler looks at.</summary>
    Task<IReadOnlyList<UnfinishedJob>> ListUnfinishedAsync(CancellationToken cancellation);
}

/// <summary>A job that has not ended.</summary>
/// <param name="Job">The job's resource name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Owner">Resource name of the owning grain.</param>
public sealed record UnfinishedJob(string Job, WorkKind Kind, string Owner);
