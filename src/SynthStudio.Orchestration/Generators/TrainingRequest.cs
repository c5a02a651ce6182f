namespace SynthStudio.Orchestration;

/// <summary>A training that is asked for.</summary>
/// <param name="Job">Resource name of its job.</param>
/// <param name="Priority">1 (first) to 5.</param>
/// <param name="Limits">How long it may take.</param>
/// <param name="TraceParent">The W3C trace context of who asks; empty when nothing traces it.</param>
public sealed record TrainingRequest(string Job, int Priority, WorkLimits Limits, string TraceParent = "");
