namespace SynthStudio.Api.Idempotency;

/// <summary>
/// The time by the database's clock, which is one for all replicas: asked now and then, and counted on from there, so that a clock of this
/// machine that is wrong, or is set, is of no matter.
/// </summary>
internal sealed class DatabaseTime(ILeaseStore database, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private Reading? _last;

    /// <exception cref="System.Data.Common.DbException">The database does not tell it.</exception>
    public async ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _last) is { } known && time.GetElapsedTime(known.Timestamp) is var passed && passed < Lifetime)
            return known.Time + passed;
        var now = await database.GetTimeAsync(cancellation);
        Volatile.Write(ref _last, new Reading(now, time.GetTimestamp()));
        return now;
    }

    private sealed record Reading(DateTimeOffset Time, long Timestamp);
}
