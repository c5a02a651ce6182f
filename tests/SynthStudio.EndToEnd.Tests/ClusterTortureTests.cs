using SynthStudio.ClusterTorture;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>The short version of what tools/torture does with hundreds of faults; and the proof that a broken promise is found.</summary>
[TestClass, DoNotParallelize]
public sealed class ClusterTortureTests
{
    private const string Uploads = "every acknowledged upload", Ends = "every job ended", Failures = "few jobs failed", Epochs = "no training went back", Budgets = "no budget", Watches = "every watcher",
        Objects = "no object", Removals = "deleted generators", Transfers = "every transfer";

    public TestContext TestContext { get; set; } = null!;

    /// <summary>
    /// Nine kinds, the most different ones, of which the last is over after 19 s. Of the others, LoseAccelerator, StallApi,
    /// RestartPostgres, StallRedis, SlowS3, KillS3 and CutSilo are like one of these, StallWorker and HangWorker take a minute, StepClock
    /// and FillDisk need what not every machine has: long runs strike them.
    /// </summary>
    private static readonly FaultKind[] Struck =
    [
        FaultKind.KillWorker, FaultKind.KillSilo, FaultKind.KillApi, FaultKind.StallSilo, FaultKind.CrashPostgres,
        FaultKind.CutFromPostgres, FaultKind.KillRedis, FaultKind.FailS3, FaultKind.CutTwoSilos,
    ];

    [TestMethod]
    public async Task Whatever_dies_every_promise_is_kept_and_what_is_broken_on_purpose_is_found()
    {
        await using var run = await TortureRun.StartAsync(new TortureOptions
        {
            Faults = Struck.Length, Seed = 136702, Time = TimeSpan.FromSeconds(15), Users = 2, Say = TestContext.WriteLine, Kinds = Struck,
        });
        await run.StrikeAsync();
        var verdict = await run.CheckAsync();
        Assert.IsTrue(verdict.IsGood, verdict.ToString());
        CollectionAssert.AreEquivalent(Struck, verdict.Recoveries.Select(r => r.Kind).ToList());

        // Each on top of those before it.
        const string Any = "SELECT max(job) FROM synthstudio.progress_events", Last = "SELECT max(sequence) FROM synthstudio.progress_events WHERE job = p.job";
        verdict = await FindsAsync(run, verdict, Watches, $"DELETE FROM synthstudio.progress_events WHERE sequence = 2 AND job = ({Any})");
        verdict = await FindsAsync(run, verdict, Ends, $"""
            INSERT INTO synthstudio.progress_events
            SELECT job, sequence + 1, convert_to(replace(convert_from(event, 'UTF8'), '"sequence":', '"sequence":1'), 'UTF8')
            FROM synthstudio.progress_events p WHERE job = ({Any}) AND sequence = ({Last})
            """);
        verdict = await FindsAsync(run, verdict, Failures, $$"""
            UPDATE synthstudio.progress_events p
            SET event = convert_to(regexp_replace(
                convert_from(event, 'UTF8'), '"state":"[A-Za-z]+"', '"state":"Failed","error":{"class":"Resource","reason":"TOTAL_TIME_EXCEEDED","message":""}'), 'UTF8')
            WHERE job = ({{Any}}) AND sequence = ({{Last}})
            """);
        verdict = await FindsAsync(run, verdict, Epochs, $"""
            UPDATE synthstudio.progress_events p SET event = convert_to(replace(convert_from(event, 'UTF8'), '"attempt":', '"attempt":-'), 'UTF8')
            WHERE job = ({Any}) AND sequence = ({Last})
            """);
        verdict = await FindsAsync(run, verdict, Budgets, "UPDATE synthstudio.privacy_reservations SET state = 'Released'");
        verdict = await FindsAsync(run, verdict, Removals, "UPDATE synthstudio.generators SET delete_time = CASE WHEN delete_time IS NULL THEN 1 END");
        verdict = await FindsAsync(run, verdict, Transfers, "UPDATE synthstudio.transfers SET rows_moved = rows_moved + 1 WHERE name = (SELECT max(name) FROM synthstudio.transfers)");
        verdict = await FindsAsync(run, verdict, Objects, $"UPDATE synthstudio.datasets SET profile = replace(profile, profile::json->>'key', 'sha256/00/00/{new string('0', 64)}')");
        // Last: it may leave an object that nobody names.
        verdict = await FindsAsync(run, verdict, Uploads, "UPDATE synthstudio.datasets SET object = NULL WHERE name = (SELECT max(name) FROM synthstudio.datasets)");
    }

    [TestMethod]
    public void Faults_follow_from_the_seed_and_every_kind_comes_before_one_comes_again()
    {
        var kinds = Enum.GetValues<FaultKind>();
        var plan = PlannedFault.Schedule(3 * kinds.Length, seed: 7, TimeSpan.FromMinutes(5), kinds);

        CollectionAssert.AreEqual(plan.ToList(), PlannedFault.Schedule(3 * kinds.Length, 7, TimeSpan.FromMinutes(5), kinds).ToList());
        CollectionAssert.AreNotEqual(plan.ToList(), PlannedFault.Schedule(3 * kinds.Length, 8, TimeSpan.FromMinutes(5), kinds).ToList());
        foreach (var round in plan.Chunk(kinds.Length)) CollectionAssert.AreEquivalent(kinds, round.Select(f => f.Kind).ToList());
        Assert.IsTrue(plan.Zip(plan.Skip(1)).All(p => p.First.At <= p.Second.At) && plan[^1].At < TimeSpan.FromMinutes(5));
    }

    [TestMethod]
    public void One_outage_of_the_store_lasts_for_minutes_in_a_run_that_is_long_enough()
    {
        foreach (var seed in Enumerable.Range(1, 5))
        {
            var (shorter, longer) = (Outages(seed, TimeSpan.FromMinutes(5)), Outages(seed, TimeSpan.FromMinutes(20)));
            Assert.IsTrue(shorter.All(s => s < 20));
            Assert.IsTrue(longer.Count(s => s is >= 120 and <= 180) == 1 && longer.Count(s => s < 20) == longer.Count - 1, $"seed {seed}");
        }

        static List<double> Outages(int seed, TimeSpan time) =>
            [.. PlannedFault.Schedule(60, seed, time, Enum.GetValues<FaultKind>()).Where(f => f.Kind == FaultKind.KillS3).Select(f => f.Duration.TotalSeconds)];
    }

    /// <summary>What is planted breaks a promise that was kept before.</summary>
    private static async Task<Verdict> FindsAsync(TortureRun run, Verdict before, string promise, string planted)
    {
        Assert.AreEqual(0, Broken(before, promise), promise);
        await PostgresServer.ExecuteAsync(run.Database, planted);
        var after = await run.CheckAsync();
        Assert.IsGreaterThan(0, Broken(after, promise), promise);
        return after;
    }

    private static int Broken(Verdict verdict, string promise) =>
        verdict.Findings.Single(f => f.Promise.StartsWith(promise, StringComparison.Ordinal)).Broken.Count;
}
