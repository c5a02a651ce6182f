using SynthStudio.Api.Errors;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Webhooks;

namespace SynthStudio.Api.Limits;

/// <summary>What projects may have in all, as administrators set it (<c>SetProjectShare</c>). What jobs may run is the scheduler's to keep.</summary>
internal sealed class ProjectQuotas(IGrainFactory grains, UsageStore usage, ILeaseStore leases, DatasetStore datasets, SyntheticDatasetStore synthetics, WebhookStore webhooks, TimeProvider time)
{
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

    /// <summary>Checks that a file still fits among the project's data sets.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: it does not; the error says what would.</exception>
    public async Task CheckStorageAsync(string project, long bytes, CancellationToken cancellation)
    {
        if (bytes == 0) return;
        var limit = (await ShareAsync(project)).MaxStoredBytes;
        if (limit == 0) return;
        var (stored, deleted) = await datasets.StoredBytesAsync(project, cancellation);
        var left = Math.Max(0, limit - stored);
        if (bytes <= left) return;
        var advice = deleted > 0 ? $"Purge deleted ones, which take {deleted}, or delete and purge others" : "Delete and purge others";
        await webhooks.NoteAsync(WebhookEvent.OfQuota(project, "stored_bytes", time.Now()), cancellation);
        throw ApiErrors.QuotaExceeded(
            project, "stored_bytes", left, $"The data sets of {project} may take {limit} bytes, of which {left} are left; this file has {bytes}. {advice}, or ask an administrator for more.");
    }

    /// <summary>Checks that a project has accelerator time left for a job that cannot do without one. One that can runs on a CPU then, or waits for the next month.</summary>
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
