namespace SynthStudio.Orchestration;

/// <summary>The owner's answer to a report: what the worker is to do next.</summary>
[GenerateSerializer, Alias("synthstudio.WorkDirective")]
public enum WorkDirective
{
    Continue,
    Cancel,
    Pause,

    /// <summary>The lease is no longer yours: kill the worker, store and report nothing more.</summary>
    Abandon,
}
