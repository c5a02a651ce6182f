using SynthStudio.Api.Assistant;
using SynthStudio.Api.Formats;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;

namespace SynthStudio.Api;

/// <summary>
/// Discards uploads that expired and bytes of uploads that never came to be, forgets old request ids, ended sessions and keys, and consents
/// of who may not give them any more, seals stored secrets by the current master key, forgets copies of rows that processes left that died,
/// lets projects and what is too old in them go, and removes objects that nothing refers to, now and then.
/// </summary>
internal sealed class Housekeeping(
    UploadFlow flow, ILeaseStore clock, RequestLog requests, AccountSweep accounts, EndedConsents consents, StoredSeals seals,
    RealRows rows, ProjectLifecycle lifecycle, PatientSweep sweep, ApiOptions options, TimeProvider time, ILogger<Housekeeping> log)
    : BackgroundService
{
    private static readonly TimeSpan RequestLifetime = TimeSpan.FromDays(7);

    /// <summary>One round. A step that fails is told of and keeps no other from being done.</summary>
    internal async Task RunOnceAsync(CancellationToken cancellation)
    {
        await TryAsync(() => DiscardUploadsAsync(cancellation), cancellation);
        await TryAsync(() => ForgetRequestsAsync(cancellation), cancellation);
        await TryAsync(() => accounts.RunAsync(cancellation), cancellation);
        await TryAsync(() => consents.SweepAsync(cancellation), cancellation);
        await TryAsync(() => ResealAsync(cancellation), cancellation);
        await TryAsync(() => rows.ForgetLeftAsync(cancellation), cancellation);
        await TryAsync(() => lifecycle.RunAsync(cancellation), cancellation); // Before the sweep: what goes frees its objects.
        await TryAsync(() => SweepAsync(cancellation), cancellation);
    }

    /// <summary>
    /// By the database's clock, as what follows: by that of a replica that is ahead, uploads would go that still have time, or were begun
    /// just now.
    /// </summary>
    private async Task DiscardUploadsAsync(CancellationToken cancellation)
    {
        var expired = await lifecycle.DiscardUploadsAsync(cancellation);
        if (expired > 0) log.UploadsExpired(expired);
        await flow.RemoveStraysAsync(await clock.GetTimeAsync(cancellation) - options.ObjectGrace, cancellation);
    }

    /// <summary>By the database's clock: by that of a replica that is ahead, ids would go that others still answer repeats by.</summary>
    private async Task ForgetRequestsAsync(CancellationToken cancellation) =>
        await requests.ForgetAsync(await clock.GetTimeAsync(cancellation) - RequestLifetime, cancellation);

    /// <summary>What an earlier version stored stays as it is: replicas of that version may live beside this one, which could not open it any more.</summary>
    private async Task ResealAsync(CancellationToken cancellation)
    {
        foreach (var kind in await seals.ResealAsync(includeEarlierForms: false, cancellation))
        {
            if (kind.Resealed > 0) log.SecretsResealed(kind.Resealed, kind.Kind);
            if (kind.Unreadable > 0) log.SecretsUnreadable(kind.Unreadable, kind.Kind);
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        var freed = await sweep.RunAsync(options.ObjectGrace, cancellation);
        if (freed.Objects > 0) log.ObjectsRemoved(freed.Objects, freed.Bytes);
    }

    private async Task TryAsync(Func<Task> step, CancellationToken cancellation)
    {
        try
        {
            await step();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Another replica may have tidied up the same thing at the same time, or a store is away: nothing of it is worth the server's end.
            log.HousekeepingFailed(e);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        EveryAsync(PatientSweep.Interval, sweep.LookAsync, stoppingToken), EveryAsync(options.HousekeepingInterval, RunOnceAsync, stoppingToken));

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> round, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping)) await round(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
