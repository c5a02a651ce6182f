using SynthStudio.Synthesis;

namespace SynthStudio.Bench;

/// <summary>
/// Where results are kept, so that a run that was broken off goes on. What another version of the methods, or another limit of time, gave
/// lies elsewhere.
/// </summary>
internal static class RecordFile
{
    /// <param name="what">What is measured.</param>
    /// <param name="maxTime">The limit of a training as it was given; empty without.</param>
    public static string Default(string what, string maxTime)
    {
        // Builds are deterministic: the same sources give the same id.
        var version = typeof(Synthesizers).Module.ModuleVersionId.ToString("N")[..8];
        return Path.Combine("artifacts", "bench", $"{what}-{version}{(maxTime.Length > 0 ? $"-{maxTime}s" : "")}.jsonl");
    }
}
