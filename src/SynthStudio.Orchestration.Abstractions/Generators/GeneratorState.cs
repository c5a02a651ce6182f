namespace SynthStudio.Orchestration;

/// <summary>The lifecycle of a generator.</summary>
[GenerateSerializer, Alias("synthstudio.GeneratorState")]
public enum GeneratorState
{
    /// <summary>Created, never trained.</summary>
    Draft,
    Queued,
    Starting,
    Training,
    Paused,

    /// <summary>Trained; the worker checks what the model draws against the training table.</summary>
    Evaluating,

    /// <summary>Has a model and draws rows.</summary>
    Ready,
    Cancelling,
    Cancelled,
    Failed,
}
