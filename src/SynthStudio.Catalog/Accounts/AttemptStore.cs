using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>How many attempts a subject has: so many at once, then one for each interval.</summary>
/// <param name="Burst">At least 1.</param>
/// <param name="Interval">Until one more.</param>
public readonly record struct AttemptRate(int Burst, TimeSpan Interval);

/// <summary>Something that attempts are counted for.</summary>
/// <param name="Subject">Its name.</param>
/// <param name="Rate">How many it has.</param>
public readonly record struct AttemptBucket(string Subject, AttemptRate Rate);

/// <summary>An attempt that may not be made now.</summary>
/// <param name="Subject">The bucket that is full.</param>
/// <param name="Wait">Until one may be made.</param>
public readonly record struct AttemptRefusal(string Subject, TimeSpan Wait);

/// <summary>
/// Counts attempts, shared by all replicas and across restarts. Each subject is a leaky bucket kept as one number, the time at which it will be
/// empty (the generic cell rate algorithm, ITU-T I.371), so that counting is one conditional statement: attempts at the same moment do not get
/// past it together. Time is the database's: by a replica's clock that is ahead a bucket would be full for all others until then.
/// </summary>
public sealed class AttemptStore
{
    private const string Count = $"""
        INSERT INTO attempts (subject, drained_time) VALUES (@subject, {SqlDialect.Now} + @interval)
        ON CONFLICT (subject) DO UPDATE SET
            drained_time = @interval
                + CASE WHEN attempts.drained_time > {SqlDialect.Now} THEN attempts.drained_time ELSE {SqlDialect.Now} END
        WHERE attempts.drained_time <= {SqlDialect.Now} + @room
        """;

    private const string Wait = $"SELECT drained_time - {SqlDialect.Now} - @room FROM attempts WHERE subject = @subject";

    private readonly DbDataSource _database;

    internal AttemptStore(DbDataSource database) => _database = database;

    /// <summary>Counts an attempt in all buckets, or, where one is full, in none. Callers that share buckets name them in the same order.</summary>
    /// <returns>Null when it may be made.</returns>
    public async Task<AttemptRefusal?> CountAsync(IReadOnlyList<AttemptBucket> buckets, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var bucket in buckets)
        {
            if (await CountAsync(connection, bucket, cancellation) is { } wait) return new AttemptRefusal(bucket.Subject, wait);
        }

        await transaction.CommitAsync(cancellation);
        return null;
    }

    /// <summary>The attempt was a good one: takes it back from some buckets, and with it all others from one.</summary>
    /// <param name="buckets">Where it is taken back.</param>
    /// <param name="cleared">The subject that has all its attempts again; null for none.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task ReturnAsync(IReadOnlyList<AttemptBucket> buckets, string? cleared, CancellationToken cancellation = default)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var bucket in buckets)
        {
            await connection.Command(
                "UPDATE attempts SET drained_time = drained_time - @interval WHERE subject = @subject", ("@subject", bucket.Subject),
                ("@interval", Microseconds.From(bucket.Rate.Interval))).ExecuteAsync(cancellation);
        }

        if (cleared is not null) await connection.Command("DELETE FROM attempts WHERE subject = @subject", ("@subject", cleared)).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Forgets subjects that have all their attempts again.</summary>
    public Task<int> ForgetAsync(CancellationToken cancellation = default) =>
        _database.ExecuteAsync($"DELETE FROM attempts WHERE drained_time <= {SqlDialect.Now}", cancellation);

    /// <summary>Null when there was room, else the time until there is.</summary>
    private static async Task<TimeSpan?> CountAsync(DbConnection connection, AttemptBucket bucket, CancellationToken cancellation)
    {
        var (subject, interval) = (bucket.Subject, Microseconds.From(bucket.Rate.Interval));
        var room = (bucket.Rate.Burst - 1) * interval;
        var counted = await connection.Command(
            Count, ("@subject", subject), ("@interval", interval), ("@room", room)).ExecuteAsync(cancellation);
        if (counted == 1) return null;
        var waits = await connection.Command(Wait, ("@subject", subject), ("@room", room)).ReadAsync(row => row.GetInt64(0), cancellation);
        return TimeSpan.FromMicroseconds(waits is [var wait] ? Math.Max(1, wait) : 1);
    }
}
