namespace SynthStudio.Orchestration;

/// <summary>What projects took of accelerators this month: of jobs that ended by what is noted of them, and of those that run by what they have run.</summary>
internal sealed class AcceleratorTime(IAcceleratorUsage noted, TimeProvider time)
{
    private Dictionary<string, TimeSpan> ended = [];
    private DateTimeOffset month;

    /// <summary>The first moment of the month.</summary>
    public DateTimeOffset Month => time.GetUtcNow().UtcDateTime is var now ? new(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero) : default;

    /// <summary>Reads what is noted.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        var now = Month;
        ended = (await noted.OfMonthAsync(now, cancellation)).ToDictionary();
        month = now;
    }

    /// <summary>Counts a job that ended until what is noted of it is read.</summary>
    public void End(string project, TimeSpan ran) => ended[project] = EndedOf(project) + ran;

    /// <summary>What the ended jobs of a project took.</summary>
    public TimeSpan EndedOf(string project) => month == Month ? ended.GetValueOrDefault(project) : TimeSpan.Zero;
}
