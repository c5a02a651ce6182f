namespace SynthStudio.Synthesis.Training;

/// <summary>When a training writes a checkpoint: as soon as it has trained for so long, or made so many steps, since the one before.</summary>
/// <param name="Interval">
/// Time of training between checkpoints. Null for a tenth of what it has trained, from <see cref="Shortest"/> to <see cref="Longest"/>: a
/// crash costs a small share of a long training, and seconds of a short one. Where writing one takes long they are further apart, up to
/// <see cref="LongestWritten"/>, so that it takes a fiftieth of the time.
/// </param>
/// <param name="Steps">Steps between checkpoints; 0 for any number.</param>
internal readonly record struct CheckpointSchedule(TimeSpan? Interval, long Steps)
{
    /// <summary>Bounds of an interval that is chosen.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromSeconds(20);

    /// <summary>The longest interval that is chosen for what one took to write: a disk that stalled once says little of the next.</summary>
    public static readonly TimeSpan LongestWritten = TimeSpan.FromMinutes(1);

    private const double ShareOfTraining = 0.1;
    private const int WritesATime = 50;

    /// <summary>Whether one is due.</summary>
    /// <param name="elapsed">Time of training since the last one, or the beginning.</param>
    /// <param name="steps">Steps since then.</param>
    /// <param name="trained">Time of training in all.</param>
    /// <param name="cost">Time that the last one took to write.</param>
    public bool IsDue(TimeSpan elapsed, long steps, TimeSpan trained, TimeSpan cost) =>
        elapsed >= (Interval ?? Choose(trained, cost)) || (Steps > 0 && steps >= Steps);

    private static TimeSpan Choose(TimeSpan trained, TimeSpan cost)
    {
        var share = TimeSpan.FromTicks(Math.Clamp((trained * ShareOfTraining).Ticks, Shortest.Ticks, Longest.Ticks));
        return TimeSpan.FromTicks(Math.Clamp((cost * WritesATime).Ticks, share.Ticks, LongestWritten.Ticks));
    }
}
