namespace SynthStudio.Synthesis.Training;

/// <summary>Everything a training must remember to go on as if it had never stopped; random numbers follow from the step.</summary>
internal sealed record TrainingState
{
    /// <summary>Steps done.</summary>
    public long Step { get; set; }

    /// <summary>Time spent so far.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Smoothed loss on training rows.</summary>
    public double? TrainingLoss { get; set; }

    /// <summary>Step and loss of every measurement on held-back rows.</summary>
    public List<ValidationPoint> Validations { get; init; } = [];

    /// <summary>Lowest loss on held-back rows.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>Measurements since the lowest one, or since the learning rate was reduced.</summary>
    public int SinceBest { get; set; }

    /// <summary>How often the learning rate was reduced.</summary>
    public int Reductions { get; set; }

    /// <summary>Steps of a private training whose noise was drawn, or may have been before a crash.</summary>
    public long Noised { get; set; }

    /// <summary>Steps that may follow this checkpoint before the next one is written; 0 when training stops here.</summary>
    public long Lease { get; set; }

    /// <summary>What a private training paid for before its first step, as its method wrote it: it is not to be paid for twice.</summary>
    public string? Bought { get; set; }
}

/// <summary>A loss on held-back rows, in nats a row.</summary>
internal sealed record ValidationPoint(long Step, double Loss);
