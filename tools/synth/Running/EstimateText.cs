using System.Globalization;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>What a training is expected to do and take, in a line for people.</summary>
internal static class EstimateText
{
    /// <summary>Method, time and memory, and why auto chose the method; null when no worker could tell.</summary>
    public static string? Of(TrainingEstimate? estimate)
    {
        if (estimate is not { Method.Length: > 0 }) return null;
        var time = estimate.Time is { } known
            ? FormattableString.Invariant($"about {Seconds(known.ToTimeSpan())} s on {Counts.Of(estimate.Threads, "thread")} with nothing else to do")
            : "for a time that is not known before";
        var line = FormattableString.Invariant($"Expected: {estimate.Method}, {time}, in {estimate.MemoryBytes >> 20:N0} MB at most.");
        return estimate.Reason.Length == 0 ? line : $"{line} {estimate.Reason}";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(time.TotalSeconds < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
