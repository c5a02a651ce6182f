using System.Data.Common;

namespace SynthStudio.Catalog.Accounts;

/// <summary>How many attempts a subject has: so many at once, then one for each interval.</summary>
/// <param name="Burst">At least 1.</param>
/// <param name="Interval">Until one more.</param>
public readonly record struct AttemptRate(int Burst, TimeSpan Interval);

/// <summary>
/// Counts attempts, shared by all replicas and across restarts. Each subject is a leaky bucket kept as one number, the time at which it will be
/// empty (the generic cell rate algorithm, ITU-T I.371), so that counting is one conditional statement: attempts at the same moment do not get
/// past it together.
/// </summary>
public sealed class AttemptStore
{
    private readonly DbDataSource _database;

    internal AttemptStore(DbDataSource database) => _database = database;

    /// <summary>Counts an attempt. Zero when it may be made, else the time until one may.</summary>
    public async Task<TimeSpan> CountAsync(string subject, AttemptRate rate, DateTimeOffset now, CancellationToken cancellation = default)
    {
        var interval = Microseconds.From(rate.Interval);
        var latest = Microseconds.From(now) + ((rate.Burst - 1) * interval);
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        var counted = await connection.Command(
            """
            INSERT INTO attempts (subject, drained_time) VALUES (@subject, @now + @interval)
            ON CONFLICT (subject) DO UPDATE SET drained_time = CASE WHEN attempts.drained_time > @now THEN attempts.drained_time ELSE @now END + @interval
            WHERE attempts.drained_time <= @latest
            """,
            ("@subject", subject), ("@now", Microseconds.From(now)), ("@interval", interval), ("@latest", latest)).ExecuteAsync(cancellation);
        if (counted == 1) return TimeSpan.Zero;
        var drained = await connection.Command("SELECT drained_time FROM attempts WHERE subject = @subject", ("@subject", subject)).ReadAsync(row => row.GetInt64(0), cancellation);
        return drained is [var time] ? TimeSpan.FromMicroseconds(Math.Max(1, time - latest)) : TimeSpan.FromMicroseconds(1);
    }

    /// <summary>Takes an attempt back: it was a good one.</summary>
    public Task ReturnAsync(string subject, AttemptRate rate, CancellationToken cancellation = default) => _database.ExecuteAsync(
        "UPDATE attempts SET drained_time = drained_time - @interval WHERE subject = @subject", cancellation, ("@subject", subject), ("@interval", Microseconds.From(rate.Interval)));

    /// <summary>Takes all attempts of a subject back.</summary>
    public Task ClearAsync(string subject, CancellationToken cancellation = default) =>
        _database.ExecuteAsync("DELETE FROM attempts WHERE subject = @subject", cancellation, ("@subject", subject));

    /// <summary>Forgets subjects that have all their attempts again.</summary>
    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellation = default) =>
        _database.ExecuteAsync("DELETE FROM attempts WHERE drained_time <= @now", cancellation, ("@now", now));
}
