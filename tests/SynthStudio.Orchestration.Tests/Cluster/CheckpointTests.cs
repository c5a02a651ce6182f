namespace SynthStudio.Orchestration.Tests;

/// <summary>Trainings whose newest checkpoint is not what was stored.</summary>
[TestClass]
public sealed class CheckpointTests
{
    [TestMethod]
    public async Task A_flipped_bit_costs_one_checkpoint_and_is_told()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await PausedAtStep20Async(studio);
        var newest = studio.StoredFile("20");
        await File.WriteAllTextAsync(newest, "21");

        await grain.ResumeAsync();
        var ended = await studio.WaitForEndAsync(grain, job);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        CollectionAssert.AreEqual(new[] { "The checkpoint at step 20 is damaged: goes on from the one at step 19" }, Told(events));
        Assert.AreEqual(20, FirstStepOfSecondAttempt(events));
        Assert.AreEqual(22, ended.Metrics["optimiser_step"]);
    }

    [TestMethod]
    public async Task Without_any_sound_checkpoint_the_training_starts_anew_and_says_so()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await PausedAtStep20Async(studio);
        await File.WriteAllTextAsync(studio.StoredFile("20"), "2");
        File.Delete(studio.StoredFile("19"));

        await grain.ResumeAsync();
        var ended = await studio.WaitForEndAsync(grain, job);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        CollectionAssert.AreEqual(
            new[] { "The checkpoint at step 20 is damaged: goes on from the one at step 19", "The checkpoint at step 19 is missing: starts anew" },
            Told(events));
        Assert.AreEqual(1, FirstStepOfSecondAttempt(events));
    }

    [TestMethod]
    public async Task A_checkpoint_that_the_worker_cannot_read_costs_one_checkpoint_and_is_told()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("train 5 5; scribble 6; leave 1; train 8 5");

        var ended = await studio.WaitForEndAsync(grain, job);
        var events = await Studio.WatchAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        CollectionAssert.AreEqual(new[] { "The checkpoint at step 6 is no number: goes on from the one at step 5" }, Told(events));
        Assert.AreEqual(6, FirstStepOfSecondAttempt(events));
    }

    [TestMethod]
    public async Task A_training_that_resumes_asks_the_store_for_no_checkpoint_but_as_the_file_that_its_worker_reads()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await PausedAtStep20Async(studio);
        var opened = studio.Store.Opened;

        await grain.ResumeAsync();
        await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(21, FirstStepOfSecondAttempt(await Studio.WatchAsync(grain, job)), studio.Logs.ToString());
        Assert.AreEqual(opened, studio.Store.Opened, "From a bucket a checkpoint would have come once more.");
    }

    private static async Task<(IGeneratorGrain Grain, string Job)> PausedAtStep20Async(TestStudio studio)
    {
        var (grain, job) = await studio.TrainAsync("train 20 5; sleep 60000 1; train 22 5");
        await studio.WaitAsync(grain, job, j => j.Metrics.GetValueOrDefault("optimiser_step") == 20);
        await grain.PauseAsync();
        await studio.WaitForAsync(grain, job, WorkState.Paused);
        return (grain, job);
    }

    private static List<string> Told(IEnumerable<ProgressEvent> events) =>
        [.. events.Select(e => e.Message).Where(m => m.StartsWith("The checkpoint", StringComparison.Ordinal))];

    private static double FirstStepOfSecondAttempt(IEnumerable<ProgressEvent> events) =>
        events.First(e => e is { Attempt: 2, State: WorkState.Running, Message: "" }).Metrics["optimiser_step"];
}
