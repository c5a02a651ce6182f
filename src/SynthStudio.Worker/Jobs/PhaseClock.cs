namespace SynthStudio.Worker.Jobs;

/// <summary>Measures how long the phases of a job take, for the record.</summary>
internal sealed class PhaseClock(TimeProvider time)
{
    private long begin = time.GetTimestamp();

    /// <summary>Seconds since the start or the last call.</summary>
    public double Lap()
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(begin, now).TotalSeconds;
        begin = now;
        return seconds;
    }
}
