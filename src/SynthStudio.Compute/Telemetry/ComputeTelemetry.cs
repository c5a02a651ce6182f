using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using SynthStudio.Worker.V1;

namespace SynthStudio.Compute;

/// <summary>Figures and traces of worker processes.</summary>
public static class ComputeTelemetry
{
    /// <summary>Of the meter and of the activity source.</summary>
    public const string Name = "SynthStudio.Compute";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Runs = Meter.CreateCounter<long>("synthstudio.runs", "{run}", "Leases that were worked on, by kind of job and how it ended.");
    private static readonly ActivitySource Source = new(Name);
    private static readonly GpuMemoryReader Gpus = new();

    static ComputeTelemetry()
    {
        Meter.CreateObservableGauge("synthstudio.workers", () => (long)WorkerProcess.Living.Count, "{process}", "Worker processes that live, waiting ones too.");
        Meter.CreateObservableGauge(
            "synthstudio.workers.memory", () => WorkerProcess.Living.Sum(w => w.ResidentBytes), "By", "Resident memory of all worker processes.");
        Meter.CreateObservableGauge("synthstudio.gpu.memory", () => OfGpus(gpu => gpu.Used), "By", "Memory in use on each NVIDIA GPU, by whatever program; absent without one.");
        Meter.CreateObservableGauge("synthstudio.gpu.memory.total", () => OfGpus(gpu => gpu.Total), "By", "Memory of each NVIDIA GPU.");
    }

    /// <summary>Shows the gauges from now on; more than once is once. Who does not compute shows none.</summary>
    internal static void Show() => RuntimeHelpers.RunClassConstructor(typeof(ComputeTelemetry).TypeHandle);

    private static IEnumerable<Measurement<long>> OfGpus(Func<GpuMemory, long> figure) =>
        Gpus.Read().Select(gpu => new Measurement<long>(figure(gpu), new KeyValuePair<string, object?>("gpu", gpu.Index)));

    /// <summary>A trace of one run, below the request that made the job.</summary>
    internal static Activity? Begin(WorkOrder order)
    {
        var activity = Source.StartActivity($"run {order.Spec.Kind}", ActivityKind.Consumer, order.TraceParent.Length > 0 ? order.TraceParent : null);
        activity?.SetTag("synthstudio.job", order.Job);
        activity?.SetTag("synthstudio.attempt", order.Attempt);
        activity?.SetTag("synthstudio.epoch", order.Epoch.Value);
        return activity;
    }

    /// <summary>A step of the worker's, below its run, when that is traced.</summary>
    internal static void Tell(Activity? run, StepEnded step)
    {
        if (run is null) return;

        using var activity = Source.StartActivity($"worker {step.Step}", ActivityKind.Internal, run.Context, startTime: step.BeginTime.ToDateTimeOffset());
        activity?.SetEndTime(step.EndTime.ToDateTime());
    }

    /// <summary>How the run ended.</summary>
    internal static void End(Activity? activity, WorkKind kind, WorkUpdate end)
    {
        var how = end.GetType().Name;
        Runs.Add(1, new("kind", kind.ToString()), new("end", how));
        activity?.SetTag("synthstudio.end", how);
        if (end is WorkFailed { Error: var error }) activity?.SetStatus(ActivityStatusCode.Error, error.Reason);
    }
}
