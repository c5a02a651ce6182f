using System.Globalization;
using SynthStudio.Orchestration;
using ProgressEvent = SynthStudio.Orchestration.ProgressEvent;

namespace SynthStudio.ClusterTorture;

/// <summary>Promises about jobs: that each ends rightly and once, that none goes back, and that every watcher saw all of it.</summary>
internal static class JobChecks
{
    private const string CheckpointAt = "Checkpoint at step ", CheckpointLost = "The checkpoint at step ", Step = "optimiser_step";

    public static Finding Ends(Journal journal, JobBooks books)
    {
        var broken = new List<string>();
        foreach (var job in journal.Jobs.Values)
        {
            var log = books.Logs.GetValueOrDefault(job.Name) ?? [];
            var ends = log.Where(e => JobBooks.IsEnd(e.State)).ToList();
            if (job.PurgeAsked) continue; // Another promise's.
            if (log.Count == 0) broken.Add($"{job.Name} was acknowledged and is not there");
            else if (ends.Count == 0) broken.Add($"{job.Name} ({job.Kind}) did not end: {log[^1].State}, attempt {log[^1].Attempt}, \"{log[^1].Message}\"");
            else if (ends.Count > 1 || ends[0] != log[^1]) broken.Add($"{job.Name} ended {ends.Count} times, or went on after its end");
            else if (WhyWrong(job, ends[0]) is { } why) broken.Add($"{job.Name} ({job.Kind}): {why}");
            else if (books.States.GetValueOrDefault(job.Name) is var listed && listed != ends[0].State.ToString())
                broken.Add($"{job.Name} is {ends[0].State}, and the catalog lists {listed ?? "nothing"}");
        }

        // A call that was repeated must not have made a second job.
        broken.AddRange(books.States.Keys.Where(j => !journal.Jobs.ContainsKey(j)).Select(j => $"{j} was begun by nobody"));
        return new("every job ended in a right state, exactly once", journal.Jobs.Count, broken);
    }

    public static Finding Watches(Journal journal, JobBooks books)
    {
        var broken = new List<string>();
        foreach (var watch in journal.Watches)
        {
            if (journal.Jobs.GetValueOrDefault(watch.Job) is { PurgeAsked: true }) continue;
            var (log, seen) = (books.Logs.GetValueOrDefault(watch.Job) ?? [], watch.Events);
            var gap = Enumerable.Range(0, seen.Count).FirstOrDefault(i => seen[i].Sequence != i + 1, -1);
            if (gap >= 0) broken.Add($"{watch.Job}: {seen[gap].Sequence} where {gap + 1} was due");
            else if (watch.Ended && seen.Count != log.Count) broken.Add($"{watch.Job}: the stream ended after {seen.Count} of {log.Count} events");
            else if (seen.Zip(log).FirstOrDefault(p => p.First.Message != p.Second.Message || p.First.Attempt != p.Second.Attempt) is { First: { } other })
                broken.Add($"{watch.Job}: event {other.Sequence} is another one in the log");
        }

        return new("every watcher saw each sequence once and in order, to the end", journal.Watches.Sum(w => w.Events.Count), broken);
    }

    public static Finding Epochs(JobBooks books) => new(
        "no training went back, other than to a checkpoint in a new attempt",
        books.Logs.Values.Sum(log => log.Count(e => e.Step.Length > 0)),
        [.. books.Logs.Select(l => (l.Key, Why: WentBack(l.Value))).Where(l => l.Why is not null).Select(l => $"{l.Key}: {l.Why}")]);

    private static string? WhyWrong(AcknowledgedJob job, ProgressEvent end) => end.State switch
    {
        WorkState.Cancelled when !job.CancelAsked => "was cancelled, and nobody asked for it",
        // What a resource was refused to again and again may fail; it says so.
        WorkState.Failed when end.Error is not { Class: WorkErrorClass.Resource } => $"failed: {end.Error?.Reason} {end.Error?.Message}",
        _ => null,
    };

    private static string? WentBack(IReadOnlyList<ProgressEvent> log)
    {
        var (checkpoint, fresh, lost, begun) = (0.0, true, false, false);
        for (var i = 1; i < log.Count; i++)
        {
            var (before, now) = (log[i - 1], log[i]);
            if (before.Message.StartsWith(CheckpointAt, StringComparison.Ordinal))
                checkpoint = double.Parse(before.Message.AsSpan(CheckpointAt.Length), CultureInfo.InvariantCulture);
            lost |= now.Message.StartsWith(CheckpointLost, StringComparison.Ordinal);
            if (now.Attempt < before.Attempt) return $"attempt {now.Attempt} after {before.Attempt} at {now.Sequence}";
            if (now.Attempt > before.Attempt) (fresh, lost, begun) = (true, false, false); // Its first events tell where the one before it was.
            var (was, step) = (before.Metrics.GetValueOrDefault(Step), now.Metrics.GetValueOrDefault(Step));
            if (step < was && !fresh) return $"step {step} after {was} within attempt {now.Attempt} at {now.Sequence}";
            if (step < was && step < checkpoint && !lost) return $"step {step} after a checkpoint at {checkpoint} at {now.Sequence}";
            if (step != was) fresh = false;
            if (begun && now.Step == before.Step && now.StepFraction < before.StepFraction)
                return $"{now.Step} at {now.StepFraction:F3} after {before.StepFraction:F3} within attempt {now.Attempt} at {now.Sequence}";
            begun |= now.State == WorkState.Running && now.Message.Length == 0;
        }

        return null;
    }
}
