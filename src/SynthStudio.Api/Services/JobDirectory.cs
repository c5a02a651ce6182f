using System.Collections.Concurrent;
using SynthStudio.Api.Authorization;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>Finds the grain that owns a job. An owner never changes, so what was found once is kept.</summary>
internal sealed class JobDirectory(IGrainFactory grains, JobIndex index, IProgressLog history, TimeProvider time)
{
    private const int Capacity = 50_000;
    private const int ForgetBatch = 100;

    /// <summary>Longer than any creation takes: a younger one may still be about to submit its job itself.</summary>
    private static readonly TimeSpan MendAge = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, JobOwner> _known = new(StringComparer.Ordinal);

    /// <summary>Notes the owner of a job that was just made: the index learns of it a little later.</summary>
    public void Add(string job, WorkKind kind, string owner)
    {
        if (_known.Count >= Capacity) _known.Clear();
        _known[job] = new JobOwner(kind, owner);
    }

    /// <exception cref="WorkNotFoundException">There is no such job.</exception>
    public async ValueTask<JobOwner> FindAsync(string job, CancellationToken cancellation)
    {
        if (_known.TryGetValue(job, out var owner)) return owner;
        var found = await index.FindAsync(job, cancellation) ?? throw new WorkNotFoundException(job);
        Add(job, found.Snapshot.Kind, found.Owner);
        return new JobOwner(found.Snapshot.Kind, found.Owner);
    }

    /// <summary>The job as it stands, or as it ended: owners do not know all of their past.</summary>
    public async Task<JobSnapshot> GetAsync(string job, CancellationToken cancellation)
    {
        var owner = await FindAsync(job, cancellation);
        try
        {
            return await grains.GetWorkOwner(owner.Kind, owner.Name).GetJobAsync(job);
        }
        catch (WorkNotFoundException)
        {
            if (await index.FindAsync(job, cancellation) is { Snapshot: { HasEnded: true } ended }) return ended;
            throw;
        }
    }

    /// <summary>Asks the job to stop.</summary>
    public async Task<JobSnapshot> CancelAsync(string job, CancellationToken cancellation)
    {
        var owner = await FindAsync(job, cancellation);
        return await grains.GetWorkOwner(owner.Kind, owner.Name).CancelJobAsync(job);
    }

    /// <summary>Asks the job to stop, if there is one.</summary>
    /// <returns>Whether there is.</returns>
    public async Task<bool> TryCancelAsync(string job, CancellationToken cancellation)
    {
        try
        {
            await CancelAsync(job, cancellation);
            return true;
        }
        catch (WorkNotFoundException)
        {
            return false; // It was never submitted: what should have done so died.
        }
    }

    /// <summary>Asks the jobs of a kind for something to stop that have not ended.</summary>
    public async Task CancelAllAsync(string subject, WorkKind kind, CancellationToken cancellation)
    {
        var filter = new JobFilter(kind, Subject: subject);
        PageCursor? after = null;
        do
        {
            var page = await index.ListAsync(ResourceName.Root(subject), filter, new PageRequest(ForgetBatch, after), cancellation);
            foreach (var job in page.Items.Where(job => !job.Snapshot.HasEnded)) await TryCancelAsync(job.Snapshot.Name, cancellation);

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>Submits a job whose creation seems to have died half-way: what it is for is old enough, and nobody knows the job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="created">When what it is for was stored.</param>
    /// <param name="submission">Makes the submission.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task MendAsync(string job, DateTimeOffset created, Func<Task<JobSubmission>> submission, CancellationToken cancellation)
    {
        if (time.GetUtcNow() - created < MendAge || await index.FindAsync(job, cancellation) is not null) return;
        await SubmitAsync(job, await submission());
    }

    /// <summary>Takes the ended jobs of something that was deleted out of the lists, with their logs.</summary>
    public async Task ForgetAsync(string subject, CancellationToken cancellation)
    {
        var filter = new JobFilter(Subject: subject);
        PageCursor? after = null;
        do
        {
            var page = await index.ListAsync(ResourceName.Root(subject), filter, new PageRequest(ForgetBatch, after), cancellation);
            foreach (var job in page.Items.Where(job => job.Snapshot.HasEnded)) await ForgetJobAsync(job.Snapshot.Name, cancellation);

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>
    /// Takes an ended job out of the lists, with its log; what it made goes with it. The log first: who forgets it again finds it by the
    /// lists.
    /// </summary>
    public async Task ForgetJobAsync(string job, CancellationToken cancellation)
    {
        await history.DeleteAsync(job, cancellation);
        await index.DeleteAsync(job, cancellation);
        _known.TryRemove(job, out _);
    }

    /// <summary>Submits a job that its own grain owns.</summary>
    public async Task<JobSnapshot> SubmitAsync(string job, JobSubmission submission)
    {
        var snapshot = await grains.GetGrain<IJobGrain>(job).SubmitAsync(submission);
        Add(job, submission.Spec.Kind, job);
        return snapshot;
    }
}

/// <summary>Who owns a job.</summary>
/// <param name="Kind">What the job does.</param>
/// <param name="Name">Resource name of the owning grain.</param>
internal readonly record struct JobOwner(WorkKind Kind, string Name);
