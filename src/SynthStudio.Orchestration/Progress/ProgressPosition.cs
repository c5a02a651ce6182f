namespace SynthStudio.Orchestration;

/// <summary>
/// How far a job is and the number of its newest event: what turns an <see cref="AppendEvent"/> into the next
/// <see cref="ProgressEvent"/>. Immutable, so that an append that failed leaves nothing behind.
/// </summary>
public sealed record ProgressPosition
{
    private ProgressPosition()
    {
    }

    public required WorkKind Kind { get; init; }

    /// <summary>Sequence of the newest event; 0 before the first.</summary>
    public long Sequence { get; private init; }

    /// <summary>When the newest event happened; events are in the order of time.</summary>
    public DateTimeOffset Time { get; private init; }

    public string Step { get; private init; } = "";

    /// <summary>Share of the step that is done, 0 to 1.</summary>
    public double StepFraction { get; private init; }

    /// <summary>Share of the whole job that is done, 0 to 1.</summary>
    public double Fraction { get; private init; }

    /// <summary>Expected time to the end of the step, as its worker says.</summary>
    public TimeSpan? StepRemaining { get; private init; }

    /// <summary>Newest value of each metric.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; private init; } = new Dictionary<string, double>();

    private int Attempt { get; init; }

    private RemainingTime Speed { get; init; } = RemainingTime.Unknown;

    /// <summary>Expected time to the end of the whole job; null while there is too little to go by.</summary>
    public TimeSpan? Remaining => Speed.ToEnd(Fraction);

    /// <summary>The start of a job's log.</summary>
    public static ProgressPosition Start(WorkKind kind) => new() { Kind = kind };

    /// <summary>The position after an event that was read from the log.</summary>
    public static ProgressPosition After(WorkKind kind, ProgressEvent last) => new()
    {
        Kind = kind,
        Sequence = last.Sequence,
        Time = last.Time,
        Step = last.Step,
        StepFraction = last.StepFraction,
        Fraction = last.Fraction,
        StepRemaining = last.Remaining,
        Metrics = last.Metrics,
        Attempt = last.Attempt,
    };

    /// <summary>The next event, and the position after it.</summary>
    public (ProgressPosition Position, ProgressEvent Event) Next(AppendEvent told, DateTimeOffset now)
    {
        var moved = told.Attempt == Attempt ? this : this with { Attempt = told.Attempt, Speed = RemainingTime.Unknown, StepRemaining = null };
        moved = told.Progress is { } progress ? moved.MoveTo(progress, now) : moved;
        if (told.State == WorkState.Succeeded) moved = moved with { StepFraction = 1, Fraction = 1, StepRemaining = null };

        moved = moved with { Sequence = Sequence + 1, Time = TimeOf(told, now) };
        return (moved, new ProgressEvent
        {
            Sequence = moved.Sequence,
            Time = moved.Time,
            State = told.State,
            Attempt = told.Attempt,
            Step = moved.Step,
            StepFraction = moved.StepFraction,
            Fraction = moved.Fraction,
            Remaining = moved.StepRemaining,
            Metrics = moved.Metrics,
            Message = told.Message,
            Part = told.Part,
            Error = told.Error,
            Epsilon = told.Epsilon,
            Update = told.Update,
        });
    }

    /// <summary>The worker's word on when it happened, kept between the event before and now: clocks of machines differ.</summary>
    private DateTimeOffset TimeOf(AppendEvent told, DateTimeOffset now)
    {
        var time = told.Time < now ? told.Time.Value : now;
        return time > Time ? time : Time;
    }

    private ProgressPosition MoveTo(WorkProgressed progress, DateTimeOffset now)
    {
        var share = double.IsFinite(progress.Fraction) ? Math.Clamp(progress.Fraction, 0, 1) : 0;
        var whole = WorkSteps.Locate(Kind, progress.Step) is { } place ? place.Before + (place.Share * share) : Fraction;
        return this with
        {
            Step = progress.Step,
            StepFraction = share,
            Fraction = whole,
            StepRemaining = progress.Remaining,
            Metrics = progress.Metrics.Count == 0 ? Metrics : Merge(Metrics, progress.Metrics),
            Speed = Speed.Observe(whole, now, progress.Remaining, Later(progress.Step)),
        };
    }

    /// <summary>Share of the whole that comes after the step.</summary>
    private double? Later(string step) => WorkSteps.Locate(Kind, step) is { } place ? 1 - place.Before - place.Share : null;

    private static Dictionary<string, double> Merge(IReadOnlyDictionary<string, double> old, IReadOnlyDictionary<string, double> news)
    {
        var merged = new Dictionary<string, double>(old);
        foreach (var (name, value) in news) merged[name] = value;
        return merged;
    }
}
