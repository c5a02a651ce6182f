namespace SynthStudio.Catalog.Audit;

/// <summary>A chain's end.</summary>
/// <param name="Sequence">Number of its last line; 0 for an empty chain.</param>
/// <param name="Hash">That line's hash.</param>
/// <param name="Time">When that line was written, or before: a clock that was set back does not reorder the lines.</param>
internal sealed record AuditEnd(long Sequence, byte[] Hash, DateTimeOffset Time)
{
    /// <summary>Clocks of replicas differ so much, with nothing to be told.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(1);

    /// <summary>The next line, and the end with it.</summary>
    /// <param name="chain">The chain's name.</param>
    /// <param name="what">What happened.</param>
    /// <param name="now">The time.</param>
    /// <param name="sequence">The line's number where it is not the next one.</param>
    public (NewLine Line, AuditEnd End) Add(string chain, AuditEvent what, DateTimeOffset now, long? sequence = null)
    {
        var (number, time) = (sequence ?? Sequence + 1, Microseconds.ToTime(Math.Max(Microseconds.From(now), Microseconds.From(Time)))); // As it is written.
        var line = AuditLine.Write(new AuditEntry(number, time, what) { Clock = Time - now > ClockTolerance ? now : null });
        var hash = new byte[AuditLine.HashBytes];
        AuditLine.Hash(Hash, line, hash);
        return (new NewLine(chain, number, line, hash), new AuditEnd(number, hash, time));
    }
}

/// <summary>A line to be written.</summary>
internal sealed record NewLine(string Chain, long Sequence, string Line, byte[] Hash);
