using SynthStudio.Api.Errors;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Api.Limits;

/// <summary>
/// What projects may have in all, as administrators set it (<c>SetProjectShare</c>). What jobs may run is the scheduler's to keep.
/// </summary>
internal sealed class ProjectQuotas(
    IGrainFactory grains, UsageStore usage, ILeaseStore leases, ProjectStorage storage, SyntheticDatasetStore synthetics,
    GeneratorIndex generators, WebhookStore webhooks, ApiOptions options, TimeProvider time)
{
    private static readonly TimeSpan QueueRetry = TimeSpan.FromSeconds(30);

    /// <summary>Stores what is to be drawn, and counts its rows.</summary>
    /// <exception cref="AlreadyExistsException">The name is taken; nothing was counted.</exception>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: the day has not so many left; the error says how many, and until when.</exception>
    public async Task CreateAsync(SyntheticDatasetRecord synthetic, CancellationToken cancellation)
    {
        var (project, now) = (synthetic.Project, synthetic.CreateTime.UtcDateTime);
        var limit = (await ShareAsync(project)).MaxRowsPerDay;
        if (await synthetics.TryCreateAsync(synthetic, limit == 0 ? long.MaxValue : limit, cancellation)) return;
        var left = Math.Max(0, limit - await usage.DrawnAsync(project, DateOnly.FromDateTime(now), cancellation));
        await webhooks.NoteAsync(WebhookEvent.OfQuota(project, "rows_per_day", now), cancellation);
        throw ApiErrors.QuotaExceeded(
            project, "rows_per_day", left,
            $"{project} may draw {limit} rows a day, of which {left} are left until midnight UTC. Ask for fewer, tomorrow, or an administrator for more.",
            now.Date.AddDays(1) - now);
    }

    /// <summary>Checks that a file still fits among what the project keeps. Whether it does when it comes, <see cref="ClaimStorageAsync"/> says.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: it does not; the error says what would.</exception>
    public async Task CheckStorageAsync(string project, long bytes, CancellationToken cancellation)
    {
        if (bytes == 0 || (await ShareAsync(project)).MaxStoredBytes is not (> 0 and var limit)) return;
        var stored = await storage.ReadAsync(project, cancellation);
        if (bytes > stored.LeftOf(limit)) throw await FullAsync(project, stored, limit, $"this file has {bytes}");
    }

    /// <summary>
    /// Claims the bytes of an open upload, and ahead of them what fits: they count from here on, until the upload
    /// ends. It never claims less than before.
    /// </summary>
    /// <returns>The upload with what it claims.</returns>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: they do not fit beside what the project keeps and what other uploads claim;
    /// the error says what would.</exception>
    public async Task<UploadRecord> ClaimStorageAsync(UploadRecord upload, long bytes, long ahead, CancellationToken cancellation)
    {
        var limit = (await ShareAsync(upload.Project)).MaxStoredBytes;
        var (claimed, others) = await storage.TryClaimAsync(upload, bytes, ahead, limit, cancellation);
        return claimed is { } size ? upload with { ClaimedSize = size } : throw await FullAsync(upload.Project, others, limit, $"this file has {bytes}");
    }

    /// <summary>
    /// Checks that somebody may submit a job: few enough wait, and there is room for what it makes. What was
    /// submitted is never refused by it again.
    /// </summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: not now; the error says what to do.</exception>
    public async Task CheckSubmissionAsync(string project, CancellationToken cancellation)
    {
        await CheckQueueAsync(project, cancellation);
        await CheckRoomAsync(project, cancellation);
    }

    /// <summary>Checks that a project has fewer jobs waiting than it may. Of calls at the same time some may go beyond.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: it has as many.</exception>
    public async Task CheckQueueAsync(string project, CancellationToken cancellation)
    {
        if (options.MaxWaitingJobs is not (> 0 and var most) || await leases.CountWaitingAsync(project, most, cancellation) < most) return;
        throw ApiErrors.QuotaExceeded(
            project, "waiting_jobs", left: 0,
            $"{project} has {most} jobs waiting, as many as a project may have. Wait for some to start, cancel what is not needed, or ask the operator for more (SynthStudio:Api:MaxWaitingJobs).",
            QueueRetry);
    }

    /// <summary>
    /// Checks that a project may have one more generator. One that there is already is not refused. Of calls at the same time some may go
    /// beyond.
    /// </summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: it has as many as it may.</exception>
    public async Task CheckGeneratorAsync(string project, string name, CancellationToken cancellation)
    {
        if (options.MaxGenerators is not (> 0 and var most) || await generators.CountAnyAsync(project, cancellation) < most) return;
        if (await generators.FindAnyAsync(name, cancellation) is not null) return;
        throw ApiErrors.QuotaExceeded(
            project, "generators", left: 0,
            $"{project} has {most} generators, as many as a project may have, deleted ones among them. "
            + "Delete and purge some that are not needed, or ask the operator for more (SynthStudio:Api:MaxGenerators).");
    }

    /// <summary>
    /// Checks that a project has any room left, for a job whose results nobody knows the size of. What it makes may go
    /// beyond; then the next one is refused.
    /// </summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: it has none.</exception>
    public async Task CheckRoomAsync(string project, CancellationToken cancellation)
    {
        if ((await ShareAsync(project)).MaxStoredBytes is not (> 0 and var limit)) return;
        var stored = await storage.ReadAsync(project, cancellation);
        if (stored.LeftOf(limit) == 0) throw await FullAsync(project, stored, limit, "a job's results take some");
    }

    private async Task<RpcException> FullAsync(string project, StoredBytes stored, long limit, string wanted)
    {
        var left = stored.LeftOf(limit);
        var advice = stored.Deleted > 0 ? $"Purge what was deleted, which takes {stored.Deleted}, or delete and purge more" : "Delete and purge what is not needed";
        if (stored.Claimed > 0) advice = $"Wait for other uploads, which claim {stored.Claimed}, or end them. {advice}";
        await webhooks.NoteAsync(WebhookEvent.OfQuota(project, "stored_bytes", time.Now()), CancellationToken.None);
        return ApiErrors.QuotaExceeded(
            project, "stored_bytes", left, $"What {project} keeps may take {limit} bytes, of which {left} are left; {wanted}. {advice}, or ask an administrator for more.");
    }

    /// <summary>
    /// Checks that a project has accelerator time left for a job that cannot do without one. One that can runs on a CPU
    /// then, or waits for the next month.
    /// </summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: it has not; the error says until when.</exception>
    public async Task CheckAcceleratorAsync(string project, WorkRequirements needs, CancellationToken cancellation)
    {
        if (needs.Accelerator is "" or "any" or "cpu") return;
        var limit = (await ShareAsync(project)).MaxAcceleratorSecondsPerMonth;
        if (limit == 0) return;
        var now = time.GetUtcNow();
        var month = ProjectMapping.MonthStart(now);
        if ((await leases.AcceleratorTimeAsync(month, cancellation)).GetValueOrDefault(project).TotalSeconds < limit) return;
        await webhooks.NoteAsync(WebhookEvent.OfQuota(project, "accelerator_seconds_per_month", time.Now()), cancellation);
        throw ApiErrors.QuotaExceeded(
            project, "accelerator_seconds_per_month", left: 0,
            $"The jobs of {project} may hold accelerators for {limit} s a month, and have. Ask for a CPU, wait for the next month (UTC), or ask an administrator for more.",
            month.AddMonths(1) - now);
    }

    private Task<ProjectShare> ShareAsync(string project) => grains.GetGrain<ISchedulerGrain>(0).GetShareAsync(project);
}
