using System.Globalization;
using SynthStudio.Orchestration;
using ProgressEvent = SynthStudio.Orchestration.ProgressEvent;

namespace SynthStudio.ClusterTorture;

/// <summary>Promises about jobs: that each ends rightly and once, that none goes back, and that every watcher saw all of it.</summary>
internal static class JobChecks
{
    /// <summary>Share of the jobs.</summary>
    private const double MostFailures = 0.05;

    /// <summary>What a fault does can come out after it is over: leases last 30 s, and what was killed is away for as long.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(1.5);

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

    /// <summary>
    /// Each watch has ended by itself with the whole log: when patience was over (<see cref="Ending"/>), an open one was told nothing for
    /// that long.
    /// </summary>
    public static Finding Watches(Journal journal, JobBooks books)
    {
        var broken = new List<string>();
        foreach (var watch in journal.Watches)
        {
            if (journal.Jobs.GetValueOrDefault(watch.Job) is { PurgeAsked: true }) continue;
            var (log, seen) = (books.Logs.GetValueOrDefault(watch.Job) ?? [], watch.Events);
            var gap = Enumerable.Range(0, seen.Count).FirstOrDefault(i => seen[i].Sequence != i + 1, -1);
            if (gap >= 0) broken.Add($"{watch.Job}: {seen[gap].Sequence} where {gap + 1} was due");
            else if (!watch.Ended) broken.Add($"{watch.Job}: the stream did not end; {seen.Count} of {log.Count} events came, and the log {(log is [.., var end] ? $"ends with {end.State}" : "is empty")}");
            else if (seen.Count != log.Count) broken.Add($"{watch.Job}: the stream ended after {seen.Count} of {log.Count} events");
            else if (seen.Zip(log).FirstOrDefault(p => p.First.Message != p.Second.Message || p.First.Attempt != p.Second.Attempt) is { First: { } other })
                broken.Add($"{watch.Job}: event {other.Sequence} is another one in the log");
        }

        return new("every watcher saw each sequence once and in order, to the end", journal.Watches.Sum(w => w.Events.Count), broken);
    }

    public static Finding Epochs(JobBooks books) => new(
        "no training went back, other than to a checkpoint in a new attempt",
        books.Logs.Values.Sum(log => log.Count(e => e.Step.Length > 0)),
        [.. books.Logs.Select(l => (l.Key, Why: WentBack(l.Value))).Where(l => l.Why is not null).Select(l => $"{l.Key}: {l.Why}")]);

    /// <summary>
    /// What a resource was refused to again and again may fail, and says so; but only by what was struck, and only few jobs: each kind of fault has its
    /// reasons, and a cluster that gives up where it could go on is not kept by its promise. What struck before a job began, or when it had
    /// ended, is no excuse for it.
    /// </summary>
    /// <param name="journal">The jobs that were begun.</param>
    /// <param name="books">How they ended.</param>
    /// <param name="struck">The faults that were struck.</param>
    public static Finding Failures(Journal journal, JobBooks books, IReadOnlyList<StruckFault> struck)
    {
        var failed = EndsOf(journal, books).Where(e => e.End.State == WorkState.Failed).ToList();
        var broken = failed.Where(f => !MayFailBy(f.End.Error?.Reason).Overlaps(StruckInLifeOf(f.Job, journal, struck)))
            .Select(f => $"{f.Job} failed by {f.End.Error?.Reason}, which nothing that struck meanwhile explains: {f.End.Error?.Message}")
            .ToList();
        var most = Math.Max(1, (int)(MostFailures * journal.Jobs.Count));
        if (failed.Count > most) broken.Add($"{failed.Count} of {journal.Jobs.Count} jobs failed, more than {most}");
        return new("few jobs failed, each by what was struck", journal.Jobs.Count, broken);
    }

    /// <summary>Ends with their reasons, the most frequent first.</summary>
    public static IReadOnlyList<(string End, int Jobs)> HowTheyEnded(Journal journal, JobBooks books) =>
    [
        .. EndsOf(journal, books).CountBy(e => e.End.Error is { } error ? $"{e.End.State} {error.Reason}" : $"{e.End.State}").OrderByDescending(e => e.Value).Select(e => (e.Key, e.Value)),
    ];

    private static IEnumerable<(string Job, ProgressEvent End)> EndsOf(Journal journal, JobBooks books)
    {
        foreach (var job in journal.Jobs.Keys)
            if (books.Logs.GetValueOrDefault(job) is [.., var end]) yield return (job, end);
    }

    /// <summary>
    /// The kinds that hit something while a job lived, by the clock of the run: from its first event to its last as the first watcher saw
    /// them, which is no sooner than they were.
    /// </summary>
    private static IEnumerable<FaultKind> StruckInLifeOf(string job, Journal journal, IReadOnlyList<StruckFault> struck)
    {
        var seen = journal.Watches.Where(w => w.Job == job).Select(w => (w.Ended, w.Events)).Where(w => w.Events.Count > 0).ToList();
        var begun = seen.Select(w => w.Events[0].At).DefaultIfEmpty(TimeSpan.Zero).Min();
        var ended = seen.Where(w => w.Ended).Select(w => w.Events[^1].At).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        return struck.Where(f => f.Hit && f.Struck <= ended && f.Over + Aftermath >= begun).Select(f => f.Plan.Kind);
    }

    /// <summary>The faults that can be behind a failure; none for one that no fault excuses, such as a limit of time that nobody set.</summary>
    private static HashSet<FaultKind> MayFailBy(string? reason) => reason switch
    {
        // Three silos in a row, or four workers, without a checkpoint in between.
        "WORKER_LOST" =>
            [
                FaultKind.KillSilo, FaultKind.LoseAccelerator, FaultKind.StallSilo, FaultKind.CutFromPostgres,
                FaultKind.CutSilo, FaultKind.CutTwoSilos, FaultKind.StepClock,
            ],
        "WORKER_CRASHED" => [FaultKind.KillWorker, FaultKind.HangWorker, FaultKind.FillDisk],
        // Of the worker's own files. A store that is full or away is waited for: no job ends by it.
        "DISK_FULL" or "INPUT_OUTPUT" => [FaultKind.FillDisk],
        TimeTooShort => [FaultKind.StallWorker, FaultKind.StallSilo],
        _ => [],
    };

    /// <summary>The seconds that a training was given were over before its first step: as when its process hung for longer.</summary>
    private const string TimeTooShort = "TIME_TOO_SHORT";

    private static string? WhyWrong(AcknowledgedJob job, ProgressEvent end) => end.State switch
    {
        WorkState.Cancelled when !job.CancelAsked => "was cancelled, and nobody asked for it",
        WorkState.Failed when end.Error is not ({ Class: WorkErrorClass.Resource } or { Reason: TimeTooShort }) => $"failed: {end.Error?.Reason} {end.Error?.Message}",
        _ => null,
    };

    /// <summary>The step of the checkpoint that a message tells of; null when it tells of none.</summary>
    internal static double? CheckpointOf(string message) => message.StartsWith(CheckpointAt, StringComparison.Ordinal)
        ? double.Parse(message.AsSpan(CheckpointAt.Length), CultureInfo.InvariantCulture)
        : null;

    private static string? WentBack(IReadOnlyList<ProgressEvent> log)
    {
        var (checkpoint, fresh, lost, begun) = (0.0, true, false, false);
        for (var i = 1; i < log.Count; i++)
        {
            var (before, now) = (log[i - 1], log[i]);
            if (CheckpointOf(before.Message) is { } kept) checkpoint = kept;
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
