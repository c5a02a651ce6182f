using SynthStudio.Api.Authorization;
using SynthStudio.Api.Replicas;
using SynthStudio.Api.Services;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Lifecycle;

/// <summary>
/// Lets projects and what is in them go: a deleted project stops its jobs, it and single deleted things are purged when
/// their time is over, a retention removes what is too old, and uploads that nobody completed in time are discarded. Every
/// step may be repeated, by any replica. Time is the database's: by that of a replica that is ahead, things would go that
/// still have some.
/// </summary>
internal sealed class ProjectLifecycle(
    ProjectStore projects, ProjectContentsReader contents, Deletions deletions, UploadIndex uploads, UploadFlow flow, JobIndex index,
    JobDirectory jobs, TransferStore transfers, AuditTrail trail, Revocations revocations, ILeaseStore clock, ILogger<ProjectLifecycle> log)
{
    /// <summary>What the trail says did it.</summary>
    private const string System = "system";

    private const int MostUploads = 100;

    private static readonly WorkState[] Unfinished =
        [WorkState.Queued, WorkState.Starting, WorkState.Running, WorkState.Pausing, WorkState.Paused, WorkState.Cancelling];

    /// <summary>One round over all projects. What fails is tried again in the next, and keeps nothing else from being done.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = await clock.GetTimeAsync(cancellation);
        var deleted = await ProjectContentsReader.ReadAllAsync(page => projects.ListDeletedAsync(owner: null, page, cancellation));
        foreach (var project in deleted)
        {
            await TryAsync(project.Name, async () =>
            {
                if (await projects.FindAnyAsync(project.Name, cancellation) is not { PurgeTime: { } due }) return; // It was brought back meanwhile, or is gone.
                if (due > now) await StopJobsAsync(project.Name, cancellation);
                else await TryPurgeAsync(project.Name, () => NoteAsync(project.Name, "ProjectService/PurgeProject", project.Name), cancellation);
            });
        }

        foreach (var name in await contents.ListDueAsync(now, cancellation))
            await TryAsync(name, () => PurgeDueAsync(name, now, cancellation));
        foreach (var project in await projects.ListWithRetentionAsync(cancellation))
            await TryAsync(project.Name, () => RetainAsync(project, now, cancellation));
    }

    /// <summary>Discards uploads whose time is over.</summary>
    /// <returns>How many; the rest of very many is discarded in later rounds.</returns>
    public async Task<int> DiscardUploadsAsync(CancellationToken cancellation)
    {
        var expired = await uploads.ListExpiredAsync(await clock.GetTimeAsync(cancellation), MostUploads, cancellation);
        foreach (var upload in expired)
        {
            await NoteAsync(upload.Project, "UploadService/DeleteUpload", upload.Name); // Before: what cannot be noted is not discarded.
            await flow.AbandonAsync(upload, cancellation);
        }

        return expired.Count;
    }

    /// <summary>Asks all jobs and transfers of a project to stop.</summary>
    /// <returns>Whether all have ended.</returns>
    public async Task<bool> StopJobsAsync(string project, CancellationToken cancellation)
    {
        var isOver = await transfers.CancelAllAsync(project, cancellation) == 0;
        foreach (var state in Unfinished)
        {
            foreach (var job in await ProjectContentsReader.ReadAllAsync(page => index.ListAsync(project, new JobFilter(State: state), page, cancellation)))
            {
                try
                {
                    isOver &= (await jobs.CancelAsync(job.Snapshot.Name, cancellation)).HasEnded;
                }
                catch (WorkNotFoundException)
                {
                    isOver = false; // Its owner is gone or not there yet; the index will hear of it.
                }
            }
        }

        return isOver;
    }

    /// <summary>Removes a deleted project with all that is in it, unless jobs of it have not ended yet. Once begun it does not come back.</summary>
    /// <param name="project">The project.</param>
    /// <param name="note">Notes it before anything is removed: what cannot be noted is not removed. Null where a call does.</param>
    /// <param name="cancellation">Stops between things.</param>
    /// <returns>Whether it is gone.</returns>
    public async Task<bool> TryPurgeAsync(string project, Func<Task>? note, CancellationToken cancellation)
    {
        if (!await projects.BeginPurgeAsync(project, cancellation)) return false;
        if (!await StopJobsAsync(project, cancellation)) return false;
        if (note is not null) await note();
        foreach (var upload in await ProjectContentsReader.ReadAllAsync(page => uploads.ListAsync(project, page, cancellation)))
        {
            if (upload.State == UploadState.Open) await flow.AbandonAsync(upload, cancellation);
        }

        var all = await contents.ReadAsync(project, cancellation);
        foreach (var pack in all.EvidencePacks) await deletions.DeleteEvidencePackAsync(pack.Name, cancellation);
        foreach (var evaluation in all.Evaluations) await deletions.DeleteEvaluationAsync(evaluation.Name, cancellation);
        foreach (var synthetic in all.SyntheticDatasets) await deletions.PurgeSyntheticDatasetAsync(synthetic.Name, cancellation);
        foreach (var generator in all.Generators) await deletions.PurgeGeneratorAsync(generator.Name, cancellation);
        foreach (var dataset in all.Datasets) await deletions.PurgeDatasetAsync(dataset.Name, cancellation);
        await uploads.ForgetAsync(project, cancellation);
        if (!await projects.DeleteAsync(project, cancellation)) return false;
        await revocations.ProjectChangedAsync(project);
        await revocations.CredentialsChangedAsync(); // Its programs went with it.
        log.ProjectPurged(project, all.Datasets.Count, all.Generators.Count);
        return true;
    }

    private async Task RetainAsync(ProjectRecord project, DateTimeOffset now, CancellationToken cancellation)
    {
        var plan = RetentionPlan.Make(await contents.ReadAsync(project.Name, cancellation), project.Retention, now);
        foreach (var item in plan.Removed)
        {
            // Each by itself: one that cannot go keeps no other, and what is needed by now is looked at again before it goes.
            await TryAsync(item.Name, async () =>
            {
                var around = await contents.ReadAroundAsync(item.Name, cancellation);
                // It was not changed since.
                if (around.Find(item.Name) is { } same && same.UpdateTime == item.UpdateTime) await RemoveAsync(same, around, cancellation);
            });
        }
    }

    /// <summary>Removes something that was deleted and whose time is over, unless it was brought back meanwhile.</summary>
    private async Task PurgeDueAsync(string name, DateTimeOffset now, CancellationToken cancellation)
    {
        var around = await contents.ReadAroundAsync(name, cancellation);
        if (around.Find(name) is not { } item || item.PurgeTime > now || !IsFree(item, around)) return;
        if (await deletions.BeginPurgeAsync(name, cancellation)) await RemoveAsync(item, around, cancellation);
    }

    /// <summary>Removes something for good, unless it is being made or needed.</summary>
    private async Task RemoveAsync(StoredItem item, ProjectContents around, CancellationToken cancellation)
    {
        if (!IsFree(item, around)) return;
        await NoteAsync(ResourceName.Root(item.Name), item.Removal, item.Name); // Before: what cannot be noted is not removed.
        await item.RemoveAsync(deletions, cancellation);
    }

    private static bool IsFree(StoredItem item, ProjectContents around) => !item.IsBusy && around.UserOf(item.Name) is null;

    private Task<long> NoteAsync(string project, string method, string resource) =>
        trail.AppendAsync(project, new AuditEvent { Actor = System, Method = method, Resource = resource, Outcome = "OK" });

    private async Task TryAsync(string project, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LifecycleFailed(project, e);
        }
    }
}
