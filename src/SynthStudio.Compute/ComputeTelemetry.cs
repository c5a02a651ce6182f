using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SynthStudio.Compute;

/// <summary>What a compute silo measures and traces: jobs and workers, no values of anybody's data. Costs nothing while nobody listens.</summary>
internal static class ComputeTelemetry
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "SynthStudio";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly UpDownCounter<int> Running = Meter.CreateUpDownCounter<int>("synthstudio.jobs.running", "{job}", "Jobs that run on this silo.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "synthstudio.jobs.duration", "s", "Time from a lease's start on a silo to its end.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000] });
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("synthstudio.training.steps", "{step}", "Optimiser steps of trainings.");
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("synthstudio.generation.rows", "{row}", "Rows drawn.");
    private static readonly Counter<long> Checkpoints = Meter.CreateCounter<long>("synthstudio.training.checkpoints", "{checkpoint}", "Checkpoints stored.");

    /// <summary>Starts the span and the clock of a lease at work. In the trace of the call that put the job into the queue, if it started at once.</summary>
    public static RunningJob Start(WorkItem item, LeaseEpoch epoch)
    {
        var kind = KeyValuePair.Create("kind", (object?)Kind(item.Kind));
        Running.Add(1, kind);
        var activity = Activities.StartActivity($"job {Kind(item.Kind)}", ActivityKind.Consumer);
        activity?.SetTag("synthstudio.job", item.Job).SetTag("synthstudio.epoch", epoch.Value);
        return new RunningJob(activity, kind);
    }

    private static string Kind(WorkKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>A lease at work. Used by one thread at a time.</summary>
    internal sealed class RunningJob(Activity? activity, KeyValuePair<string, object?> kind) : IDisposable
    {
        private const string StepMetric = "optimiser_step";

        private readonly long started = Stopwatch.GetTimestamp();
        private string outcome = "abandoned";
        private double steps = double.NaN;

        /// <summary>Counts what the worker did.</summary>
        public void Note(WorkUpdate update)
        {
            switch (update)
            {
                case WorkStarted start:
                    activity?.AddEvent(new ActivityEvent("worker started", tags: new() { ["process.pid"] = start.ProcessId, ["device"] = start.Device }));
                    break;
                case WorkProgressed progress when progress.Metrics.TryGetValue(StepMetric, out var step):
                    if (step > steps) Steps.Add((long)(step - steps)); // The first number says where it resumed.
                    steps = step;
                    break;
                case WorkCheckpointed:
                    Checkpoints.Add(1);
                    activity?.AddEvent(new ActivityEvent("checkpoint"));
                    break;
                case WorkPartStored stored:
                    Rows.Add(stored.Part.Rows);
                    break;
                case WorkCompleted:
                    outcome = "completed";
                    break;
                case WorkPaused:
                    outcome = "paused";
                    break;
                case WorkCancelled:
                    outcome = "cancelled";
                    break;
                case WorkFailed failed:
                    outcome = "failed";
                    activity?.SetStatus(ActivityStatusCode.Error, failed.Error.Reason);
                    break;
            }
        }

        public void Dispose()
        {
            Running.Add(-1, kind);
            Durations.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, kind, KeyValuePair.Create("outcome", (object?)outcome));
            activity?.SetTag("synthstudio.outcome", outcome).Dispose();
        }
    }
}
