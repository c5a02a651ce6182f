namespace SynthStudio.Orchestration;

/// <summary>What a job does.</summary>
[GenerateSerializer, Alias("synthstudio.WorkKind")]
public enum WorkKind
{
    Training,
    Generation,
    Evaluation,
    Profiling,
    Analysis,
    Extraction,
}
