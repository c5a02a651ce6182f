namespace SynthStudio.Orchestration.Tests;

/// <summary>
/// Object stores that are away for a while, or never answer: no job fails by it, no training stands still,
/// and who cancels does not wait for it.
/// </summary>
[TestClass]
public sealed class StoreOutageTests
{
    [TestMethod]
    public async Task A_training_goes_on_while_no_checkpoint_can_be_stored()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync($"train 3 20; wait {studio.Gate("away")}; train 15 20; wait {studio.Gate("back")}; train 40 20");
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") == 3);

        studio.Store.IsAway = true;
        studio.Open("away");
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") == 15);
        studio.Store.IsAway = false;
        studio.Open("back");
        var ended = await studio.WaitForEndAsync(grain, job);

        var events = await Studio.WatchAsync(grain, job);
        Assert.AreEqual((WorkState.Succeeded, 1), (ended.State, ended.Attempt), studio.Logs.ToString());
        Studio.AssertEachStepOnce(events, 40);
        Assert.IsGreaterThan(5, events.Count(e => e.Message.StartsWith("No checkpoint is stored at step", StringComparison.Ordinal)), "It is told.");
        Assert.IsTrue(events.Any(e => e.Message == "Checkpoint at step 40"), "And stored again afterwards.");
    }

    [TestMethod]
    public async Task A_pause_keeps_the_steps_whose_checkpoints_could_not_be_stored()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("train 10 100; sleep 60000 1; train 12 5");
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") >= 2);
        studio.Store.IsAway = true;
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") == 10);

        var struck = studio.Store.Struck;
        await grain.PauseAsync();
        await ControlTests.WaitUntilAsync(() => studio.Store.Struck >= struck + 2);
        var waits = await grain.GetJobAsync(job);
        studio.Store.IsAway = false;
        await studio.WaitForAsync(grain, job, WorkState.Paused);
        await grain.ResumeAsync();
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(WorkState.Pausing, waits.State);
        var events = await Studio.WatchAsync(grain, job);
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Studio.AssertEachStepOnce(events.Where(e => e.Attempt == 2), 12, from: 11);
    }

    [TestMethod]
    public async Task What_was_made_waits_for_the_store_and_is_not_made_anew()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync($"progress generate 0.1; wait {studio.Gate()}; part 0 10");
        await studio.WaitAsync(grain, job, j => j.Step == "generate");

        studio.Store.IsAway = true;
        studio.Open();
        await ControlTests.WaitUntilAsync(() => studio.Store.Struck >= 2);
        studio.Store.IsAway = false;
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, 1), (ended.State, ended.Attempt), studio.Logs.ToString());
        Assert.IsTrue((await Studio.WatchAsync(grain, job)).Any(e => e.Message.StartsWith("What was made waits for the object store", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_job_that_cannot_begin_without_the_store_is_queued_with_the_reason_until_it_is_back()
    {
        await using var studio = await TestStudio.StartAsync();
        var spec = await studio.ScriptAsync("part 0 10");
        studio.Store.IsAway = true;
        var job = Studio.NewJob();
        var grain = studio.Client.GetGrain<IJobGrain>(job);
        await grain.SubmitAsync(new JobSubmission("projects/p/syntheticDatasets/s", spec, 3, new("any", 0)));
        await studio.WaitAsync(grain, job, j => j is { State: WorkState.Queued, Attempt: >= 2 });
        studio.Store.IsAway = false;
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        var events = await Studio.WatchAsync(grain, job);
        CollectionAssert.AreEqual(
            new[] { "Tries again in 2 s", "Tries again in 4 s" },
            events.Where(e => e.Error?.Reason == WorkError.StorageUnavailable).Select(e => e.Message[..18]).Take(2).ToList());
    }

    [TestMethod]
    [DataRow("checkpoint 1; sleep 60000", DisplayName = "a checkpoint")]
    [DataRow("progress ingest 1", DisplayName = "the result")]
    public async Task A_cancel_does_not_wait_for_a_store_that_never_answers(string script)
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = (studio.Client.GetGrain<IGeneratorGrain>(Studio.NewGenerator()), Studio.NewJob());
        var definition = await studio.DefinitionAsync(script);
        studio.Store.Hangs = true;
        await grain.CreateAsync(definition);
        await grain.TrainAsync(job, 3);
        await ControlTests.WaitUntilAsync(() => studio.Store.Struck > 0);

        await grain.CancelJobAsync(job);

        await studio.WaitForAsync(grain, job, WorkState.Cancelled);
    }

    [TestMethod]
    public async Task A_silo_that_shuts_down_gives_back_a_training_whose_checkpoint_the_store_never_answers()
    {
        await using var studio = await TestStudio.StartAsync("none", "only cpu");
        var definition = await studio.DefinitionAsync("checkpoint 1; sleep 60000");
        var (grain, job) = (studio.Client.GetGrain<IGeneratorGrain>(Studio.NewGenerator()), Studio.NewJob());
        await grain.CreateAsync(definition);
        studio.Store.Hangs = true;
        await grain.TrainAsync(job, 3);
        await ControlTests.WaitUntilAsync(() => studio.Store.Struck > 0);

        var compute = studio.SiloAt((await grain.GetJobAsync(job)).Silo);
        await studio.Cluster.StopSiloAsync(compute);
        var left = await studio.WaitForAsync(grain, job, WorkState.Queued);

        Assert.AreEqual(1, left.Attempt);
        var events = await Studio.WatchAsync(grain, job, enough: e => e.State == WorkState.Queued && e.Attempt == 1);
        Assert.IsTrue(events.Any(e => e.Message.Contains("shuts down", StringComparison.Ordinal)), studio.Logs.ToString());
    }
}
