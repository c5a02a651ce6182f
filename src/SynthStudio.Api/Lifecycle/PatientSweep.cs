using SynthStudio.Api.Readiness;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Lifecycle;

/// <summary>
/// Removes objects that nothing refers to, but only when catalog and grains have answered this process for a whole grace without a break. Whoever stored an
/// object can tell of it only while they answer: right after a long outage it is old, and not named yet. A process that has just started, or hung, knows of no
/// outage and waits as long.
/// </summary>
/// <param name="sweep">Removes.</param>
/// <param name="ask">Asks what has to answer; throws when it does not.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of rounds that wait.</param>
internal sealed class PatientSweep(ObjectSweep sweep, Func<CancellationToken, Task> ask, TimeProvider time, ILogger<PatientSweep> log)
{
    /// <summary>Time between two looks, each of which asks catalog and scheduler for next to nothing.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Longer than this between two answers is a break: nobody knows what was in between.</summary>
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private DateTimeOffset? _since;
    private DateTimeOffset _last;

    /// <summary>One that asks the catalog and the scheduler of the host.</summary>
    public static PatientSweep Of(IServiceProvider services)
    {
        var (catalog, grains) = (services.GetRequiredService<CatalogHealth>(), services.GetRequiredService<GrainHealth>());
        return new(
            services.GetRequiredService<ObjectSweep>(), AskAsync,
            services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<PatientSweep>>());

        async Task AskAsync(CancellationToken cancellation)
        {
            await catalog.AskAsync(cancellation);
            await grains.AskAsync(cancellation);
        }
    }

    /// <summary>Notes whether catalog and grains answer now; answers for how long they have, without a break. Null when they do not.</summary>
    public async Task<TimeSpan?> LookAsync(CancellationToken cancellation)
    {
        var answered = await AnswersAsync(cancellation);
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!answered) _since = null;
            else if (_since is null || now < _last || now - _last > LongestGap) _since = now;
            _last = now;
            return now - _since;
        }
    }

    /// <summary>One round, or none when it is too soon.</summary>
    /// <param name="grace">Objects younger than this stay, and everything does until catalog and grains have answered for so long.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<FreedSpace> RunAsync(TimeSpan grace, CancellationToken cancellation)
    {
        var answering = await LookAsync(cancellation);
        if (answering >= grace) return await sweep.RunAsync(grace, cancellation);
        log.SweepWaits(answering ?? TimeSpan.Zero, grace);
        return default;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await ask(either.Token).WaitAsync(either.Token);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return false; // Whatever it is: readiness and every call tell of it.
        }
    }
}
