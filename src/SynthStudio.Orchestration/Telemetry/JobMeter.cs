using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SynthStudio.Orchestration;

/// <summary>What owners of work count: jobs that ended, and the trainings that run on this silo.</summary>
internal static class JobMeter
{
    private static readonly Meter Meter = new(Telemetry.Name);

    private static readonly Counter<long> Failed = Meter.CreateCounter<long>("synthstudio.jobs.failed", "{job}", "Jobs that failed, by kind and reason.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "synthstudio.jobs.duration", "s", "From a job's creation to its end.", advice: Telemetry.Minutes);

    private static readonly Histogram<double> Wait = Meter.CreateHistogram(
        "synthstudio.jobs.wait", "s", "From a job's creation to its first start.", advice: Telemetry.Minutes);

    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("synthstudio.training.steps", "{step}", "Optimiser steps of trainings.");

    private static readonly Counter<long> Checkpoints = Meter.CreateCounter<long>("synthstudio.training.checkpoints", "{checkpoint}", "Checkpoints that were stored.");
    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("synthstudio.generation.rows", "{row}", "Rows that were drawn and stored.");

    private static readonly Counter<double> Epsilon = Meter.CreateCounter<double>(
        "synthstudio.privacy.epsilon", "{nat}", "Epsilon that private trainings spent while they ran.");

    private static readonly WorkState[] Ends = [WorkState.Succeeded, WorkState.Failed, WorkState.Cancelled];
    private static readonly ConcurrentDictionary<string, double> Losses = new();

    private static readonly ConcurrentDictionary<(WorkKind Kind, WorkState State), long> Ended =
        new(Enum.GetValues<WorkKind>().SelectMany(kind => Ends.Select(state => KeyValuePair.Create((kind, state), 0L))));

    static JobMeter()
    {
        Meter.CreateObservableCounter(
            "synthstudio.jobs.ended",
            () => Ended.Select(e => new Measurement<long>(e.Value, new("kind", e.Key.Kind.ToString()), new("state", e.Key.State.ToString()))),
            "{job}",
            "Jobs that ended, by kind and state.");

        // Not "job": Prometheus names by that what it asked, and by "instance" where; it puts its own in the place of ours.
        Meter.CreateObservableGauge(
            "synthstudio.training.loss",
            () => Losses.Select(l => new Measurement<double>(l.Value, new KeyValuePair<string, object?>("training", l.Key))),
            description: "Newest loss of each training that runs; a private one tells none.");
    }

    /// <summary>The work is in another state than before; said once that is stored.</summary>
    public static void Move(WorkRecord? before, WorkRecord now)
    {
        var kind = new KeyValuePair<string, object?>("kind", now.Kind.ToString());
        if (before?.StartTime is null && now.StartTime is { } start) Wait.Record((start - now.CreateTime).TotalSeconds, kind);
        if (now.EndTime is not { } end) return;

        Forget(now.Job);
        Ended.AddOrUpdate((now.Kind, now.State), 1, (_, count) => count + 1);
        if (now.State == WorkState.Failed) Failed.Add(1, kind, new("reason", now.Error?.Reason ?? ""));
        Duration.Record((end - now.CreateTime).TotalSeconds, kind, new("state", now.State.ToString()));
    }

    /// <summary>A training moved on, or something else that tells no steps and no loss.</summary>
    public static void Progress(string job, ProgressPosition before, ProgressPosition now)
    {
        if (ReferenceEquals(before, now)) return;

        var steps = now.Metrics.GetValueOrDefault("optimiser_step") - before.Metrics.GetValueOrDefault("optimiser_step");
        if (steps > 0) Steps.Add((long)steps);
        if (now.Metrics.TryGetValue("training_loss", out var loss)) Losses[job] = loss;
    }

    /// <summary>Durable progress was noted.</summary>
    public static void Keep(WorkUpdate update)
    {
        if (update is WorkCheckpointed) Checkpoints.Add(1);
        if (update is WorkPartStored { Part.Rows: var rows }) Rows.Add(rows);
    }

    /// <summary>A private training spent more than it had spent before.</summary>
    public static void Spend(double before, double now)
    {
        if (now > before) Epsilon.Add(now - before);
    }

    /// <summary>This silo no longer looks after the job.</summary>
    public static void Forget(string job) => Losses.TryRemove(job, out _);
}
