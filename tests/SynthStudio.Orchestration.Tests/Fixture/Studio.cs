using System.Diagnostics;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Short words for what the tests do again and again.</summary>
internal static class Studio
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static int count;

    public static string NewJob() => $"projects/p/jobs/j{Interlocked.Increment(ref count)}";

    public static string NewGenerator() => $"projects/p/generators/g{Interlocked.Increment(ref count)}";

    public static GenerationSpec Script(string script) => new()
    {
        Model = new ObjectRef("none", "", 0, ""),
        Rows = 1,
        Given = new Dictionary<string, string?> { ["script"] = script },
    };

    public static async Task<GenerationSpec> ScriptAsync(this TestStudio studio, string script, string model = "a model") =>
        Script(script) with { Model = await studio.PutAsync(model) };

    public static async Task<GeneratorDefinition> DefinitionAsync(
        this TestStudio studio, string script, string accelerator = "any", PrivacyTerms? privacy = null) => new()
    {
        Dataset = "projects/p/datasets/d",
        Creator = "users/u",
        Requirements = new WorkRequirements(accelerator, 0),
        Training = new TrainingSpec
        {
            Data = new DataInput(await studio.PutAsync("a,b\n1,2\n"), "d.csv", ""),
            Method = "scripted",
            Options = new Dictionary<string, string> { ["script"] = script },
            Privacy = privacy,
        },
    };

    /// <summary>A job whose model is not there.</summary>
    public static JobSubmission Submission(string script) => new("projects/p/syntheticDatasets/s", Script(script), 3, new("any", 0));

    public static async Task<(IJobGrain Grain, string Name)> SubmitAsync(
        this TestStudio studio, string script, string accelerator = "any", int priority = 3, string model = "a model")
    {
        var name = NewJob();
        var grain = studio.Client.GetGrain<IJobGrain>(name);
        await grain.SubmitAsync(new JobSubmission("projects/p/syntheticDatasets/s", await studio.ScriptAsync(script, model), priority, new(accelerator, 0)));
        return (grain, name);
    }

    public static async Task<(IGeneratorGrain Grain, string Job)> TrainAsync(
        this TestStudio studio, string script, string accelerator = "any", PrivacyTerms? privacy = null)
    {
        var name = NewGenerator();
        var job = NewJob();
        var grain = studio.Client.GetGrain<IGeneratorGrain>(name);
        await grain.CreateAsync(await studio.DefinitionAsync(script, accelerator, privacy));
        await grain.TrainAsync(job, 3);
        return (grain, job);
    }

    /// <summary>Waits until the job is as wanted; fails with what the silos logged.</summary>
    public static async Task<JobSnapshot> WaitAsync(this TestStudio studio, IWorkOwnerGrain grain, string job, Func<JobSnapshot, bool> wanted)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var snapshot = await grain.GetJobAsync(job);
            if (wanted(snapshot)) return snapshot;
            if (Stopwatch.GetElapsedTime(start) > Patience) Assert.Fail($"{job} is {snapshot}.{Environment.NewLine}{studio.Logs}");
            await Task.Delay(10);
        }
    }

    public static Task<JobSnapshot> WaitForEndAsync(this TestStudio studio, IWorkOwnerGrain grain, string job) => studio.WaitAsync(grain, job, j => j.HasEnded);

    public static Task<JobSnapshot> WaitForAsync(this TestStudio studio, IWorkOwnerGrain grain, string job, WorkState state) =>
        studio.WaitAsync(grain, job, j => j.State == state);

    /// <summary>Waits until the scheduler says that the job waits for this reason.</summary>
    public static async Task WaitForReasonAsync(this TestStudio studio, string job, string reason)
    {
        var start = Stopwatch.GetTimestamp();
        while ((await studio.Scheduler.ExplainAsync(job))?.Reason is var told && told != reason)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience) Assert.Fail($"{job} waits for {told}.{Environment.NewLine}{studio.Logs}");
            await Task.Delay(20);
        }
    }

    /// <summary>Reads a job's events as a watcher does, to its end or until <paramref name="enough"/>.</summary>
    public static async Task<List<ProgressEvent>> WatchAsync(IWorkOwnerGrain grain, string job, long after = 0, Func<ProgressEvent, bool>? enough = null)
    {
        var events = new List<ProgressEvent>();
        while (true)
        {
            var batch = await grain.ReadProgressAsync(job, events.Count == 0 ? after : events[^1].Sequence, TimeSpan.FromSeconds(5));
            events.AddRange(batch.Events);
            if (batch.Ended || (enough is not null && batch.Events.Any(enough))) return events;
        }
    }

    /// <summary>The worker that said its id.</summary>
    public static Process WorkerOf(IEnumerable<ProgressEvent> events)
    {
        const string Said = "process ";
        var said = events.Last(e => e.Message.StartsWith(Said, StringComparison.Ordinal)).Message;
        return Process.GetProcessById(int.Parse(said.AsSpan(Said.Length), System.Globalization.CultureInfo.InvariantCulture));
    }

    public static void AssertNoGaps(IReadOnlyList<ProgressEvent> events, long after = 0) => CollectionAssert.AreEqual(
        Enumerable.Range(1, events.Count).Select(i => after + i).ToList(), events.Select(e => e.Sequence).ToList());

    /// <summary>The training did steps <paramref name="from"/> to <paramref name="last"/>, each once, across its attempts.</summary>
    public static void AssertEachStepOnce(IEnumerable<ProgressEvent> events, int last, int from = 1)
    {
        var steps = events.Where(e => e is { Step: "train", Message: "", State: WorkState.Running or WorkState.Pausing, Part: null })
            .Select(e => (int)e.Metrics["optimiser_step"]);
        CollectionAssert.AreEqual(Enumerable.Range(from, last - from + 1).ToList(), steps.Distinct().ToList());
    }
}
