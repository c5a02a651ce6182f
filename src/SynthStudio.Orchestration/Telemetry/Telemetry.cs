using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace SynthStudio.Orchestration;

/// <summary>The names under which figures and traces of the control plane are found.</summary>
public static class Telemetry
{
    /// <summary>Of the meter and of the activity source.</summary>
    public const string Name = "SynthStudio.Orchestration";

    /// <summary>
    /// From now on counters that alerts look at are told, while they are still zero: an alert does not see a figure
    /// rise that begins above it.
    /// </summary>
    public static void TellFromZero()
    {
        RuntimeHelpers.RunClassConstructor(typeof(QueueMeter).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(JobMeter).TypeHandle);
    }

    /// <summary>Bounds for times of jobs: a second to a day.</summary>
    internal static InstrumentAdvice<double> Minutes { get; } = new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 20, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400],
    };

    internal static ActivitySource Source { get; } = new(Name);
}
