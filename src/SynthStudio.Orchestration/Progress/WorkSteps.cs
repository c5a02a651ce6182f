namespace SynthStudio.Orchestration;

/// <summary>The steps of each kind of job, in order, with their weight in the whole.</summary>
public static class WorkSteps
{
    private static readonly (string Step, double Weight)[] Training = [("ingest", 5), ("encode", 5), ("train", 85), ("verify", 5)];
    private static readonly (string Step, double Weight)[] Generation = [("load", 5), ("generate", 95)];
    private static readonly (string Step, double Weight)[] Evaluation = [("ingest", 10), ("score", 90)];
    private static readonly (string Step, double Weight)[] Profiling = [("ingest", 50), ("profile", 50)];

    private static readonly (string Step, double Weight)[] Analysis = [("ingest", 30), ("analyse", 70)];
    private static readonly (string Step, double Weight)[] Extraction = [("extract", 100)];

    /// <summary>The step in which a training checks what its model draws.</summary>
    public const string Verify = "verify";

    /// <summary>Shares of the whole: before the step, and of the step itself; null for a step that is not known.</summary>
    public static (double Before, double Share)? Locate(WorkKind kind, string step)
    {
        var steps = Of(kind);
        var at = Array.FindIndex(steps, s => s.Step == step);
        if (at < 0) return null;

        var all = steps.Sum(s => s.Weight);
        return (steps.Take(at).Sum(s => s.Weight) / all, steps[at].Weight / all);
    }

    private static (string Step, double Weight)[] Of(WorkKind kind) => kind switch
    {
        WorkKind.Training => Training,
        WorkKind.Generation => Generation,
        WorkKind.Evaluation => Evaluation,
        WorkKind.Profiling => Profiling,
        WorkKind.Analysis => Analysis,
        WorkKind.Extraction => Extraction,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind of job."),
    };
}
