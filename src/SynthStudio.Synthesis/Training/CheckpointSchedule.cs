namespace SynthStudio.Synthesis.Training;

/// <summary>When a training writes a checkpoint: as soon as it has trained for so long, or made so many steps, since the one before.</summary>
/// <param name="Interval">Time of training between checkpoints.</param>
/// <param name="Steps">Steps between checkpoints; 0 for any number.</param>
internal readonly record struct CheckpointSchedule(TimeSpan Interval, long Steps)
{
    /// <summary>Whether one is due.</summary>
    /// <param name="elapsed">Time of training since the last one, or the beginning.</param>
    /// <param name="steps">Steps since then.</param>
    public bool IsDue(TimeSpan elapsed, long steps) => elapsed >= Interval || (Steps > 0 && steps >= Steps);
}
