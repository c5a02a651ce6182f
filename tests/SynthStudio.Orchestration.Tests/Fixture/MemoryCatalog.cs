using System.Collections.Concurrent;

namespace SynthStudio.Orchestration.Tests;

/// <summary>A catalog that outlives the clusters of a test.</summary>
public sealed class MemoryCatalog : ICatalogProjector
{
    private readonly ConcurrentDictionary<string, JobSnapshot> jobs = new();
    private readonly ConcurrentDictionary<string, GeneratorSnapshot> generators = new();

    private int listings;

    /// <summary>How many of the next projections fail.</summary>
    public int Failures { get; set; }

    /// <summary>How often the unfinished jobs were to be listed.</summary>
    public int Listings => Volatile.Read(ref listings);

    /// <summary>Whether the first listing is cancelled, for a reason of its own.</summary>
    public bool CancelsFirstListing { get; set; }

    public JobSnapshot? Job(string name) => jobs.GetValueOrDefault(name);

    public GeneratorSnapshot? Generator(string name) => generators.GetValueOrDefault(name);

    public Task ProjectAsync(JobSnapshot job, CancellationToken cancellation)
    {
        FailIfWished();
        jobs.AddOrUpdate(job.Name, job, (_, old) => old.Version > job.Version ? old : job);
        return Task.CompletedTask;
    }

    public Task ProjectAsync(GeneratorSnapshot generator, CancellationToken cancellation)
    {
        FailIfWished();
        generators.AddOrUpdate(generator.Name, generator, (_, old) => old.Version > generator.Version ? old : generator);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<UnfinishedJob>> ListUnfinishedAsync(CancellationToken cancellation) =>
        Interlocked.Increment(ref listings) == 1 && CancelsFirstListing
            ? Task.FromException<IReadOnlyList<UnfinishedJob>>(new TaskCanceledException())
            : Task.FromResult<IReadOnlyList<UnfinishedJob>>(
                [
                    .. jobs.Values.Where(j => !j.HasEnded)
                        .Select(j => new UnfinishedJob(j.Name, j.Kind, j.Kind == WorkKind.Training ? j.Subject : j.Name)),
                ]);

    private void FailIfWished()
    {
        if (Failures <= 0) return;
        Failures--;
        throw new IOException("The catalog is away.");
    }
}
