namespace SynthStudio.Orchestration.Tests;

[TestClass]
public sealed class GeneratorTests
{
    [TestMethod]
    public async Task A_generator_trains_is_checked_and_then_has_a_model_and_a_release_on_record()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync($"progress ingest 1; train 3 5; progress verify 0.5; wait {studio.Gate()}");

        await studio.WaitAsync(grain, job, j => j.Step == "verify");
        var checking = await grain.GetAsync();
        studio.Open();
        await studio.WaitForEndAsync(grain, job);
        var ready = await grain.GetAsync();

        Assert.AreEqual(GeneratorState.Evaluating, checking.State);
        Assert.IsNull(checking.Model);
        Assert.AreEqual(GeneratorState.Ready, ready.State, studio.Logs.ToString());
        Assert.AreEqual("model after 3 steps", await studio.ReadAsync(ready.Model!));
        Assert.IsFalse(ready.Accountant.Guaranteed);
        Assert.AreEqual("non_private", ready.Accountant.Releases.Single().Event);
        Assert.AreEqual(job, ready.Accountant.Releases.Single().Job);
        Assert.AreEqual(GeneratorState.Ready, studio.Catalog.Generator(ready.Name)!.State);
        Assert.IsGreaterThan(checking.Version, ready.Version);
    }

    [TestMethod]
    public async Task A_generator_keeps_its_model_while_it_is_trained_again()
    {
        await using var studio = await TestStudio.StartAsync();
        studio.Open();
        var (grain, first) = await studio.TrainAsync($"wait {studio.Gate()}; train 3 30");
        await studio.WaitForEndAsync(grain, first);
        var ready = await grain.GetAsync();
        File.Delete(studio.Gate());
        var second = Studio.NewJob();

        var retraining = await grain.TrainAsync(second, 3);
        var repeated = await grain.TrainAsync(second, 3);
        var refused = await Assert.ThrowsExactlyAsync<WorkStateException>(() => grain.TrainAsync(Studio.NewJob(), 3));
        await Assert.ThrowsExactlyAsync<WorkStateException>(() => grain.DeleteAsync(DateTimeOffset.MaxValue));
        await Assert.ThrowsExactlyAsync<WorkStateException>(() => grain.PurgeAsync());
        await grain.CancelJobAsync(second);
        await studio.WaitForEndAsync(grain, second);
        var cancelled = await grain.GetAsync();

        Assert.AreEqual(ready.Model, retraining.Model);
        Assert.AreEqual(retraining.Training!.Name, repeated.Training!.Name);
        StringAssert.Contains(refused.Message, "cannot be trained", StringComparison.Ordinal);
        Assert.AreEqual(GeneratorState.Cancelled, cancelled.State);
        Assert.AreEqual(ready.Model, cancelled.Model);
        Assert.AreEqual(WorkState.Succeeded, (await grain.GetJobAsync(first)).State, "The earlier training is forgotten.");
        Studio.AssertNoGaps(await Studio.WatchAsync(grain, first));
    }

    [TestMethod]
    public async Task A_deleted_generator_comes_back_as_it_was()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("train 1 5");
        await studio.WaitForEndAsync(grain, job);
        var (ready, until) = (await grain.GetAsync(), new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var deleted = await grain.DeleteAsync(until);

        Assert.AreEqual((until, ready.UpdateTime, ready.Model), (deleted.PurgeTime, deleted.UpdateTime, deleted.Model));
        Assert.AreEqual(deleted.DeleteTime, (await grain.DeleteAsync(until.AddDays(1))).DeleteTime, "A repeat changes nothing.");
        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => grain.GetAsync());
        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => grain.TrainAsync(Studio.NewJob(), 3));
        await Assert.ThrowsExactlyAsync<WorkStateException>(async () => await grain.CreateAsync(await studio.DefinitionAsync("")));
        Assert.AreEqual(until, (await grain.GetAnyAsync()).PurgeTime);
        await grain.UndeleteAsync();
        var back = await grain.UndeleteAsync();
        Assert.AreEqual((ready.State, ready.Model, ready.UpdateTime), (back.State, back.Model, back.UpdateTime));
        Assert.IsNull(back.PurgeTime);
        Assert.IsGreaterThan(deleted.Version, back.Version);
    }

    [TestMethod]
    public async Task A_purged_generator_is_gone_for_good()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("train 1 5");
        await studio.WaitForEndAsync(grain, job);
        await grain.DeleteAsync(DateTimeOffset.MaxValue);

        await grain.PurgeAsync();

        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => grain.GetAnyAsync());
        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => grain.UndeleteAsync());
        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => grain.GetJobAsync(job));
        await Assert.ThrowsExactlyAsync<WorkStateException>(async () => await grain.CreateAsync(await studio.DefinitionAsync("")));
        Assert.AreEqual(0, await studio.Log.LastSequenceAsync(job, CancellationToken.None));
    }

    [TestMethod]
    public async Task The_catalog_hears_which_objects_a_training_needs_until_it_has_ended()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("train 2 50; sleep 60000");
        var input = (await grain.GetAsync()).Definition.Training.Data.Object;
        await studio.WaitAsync(grain, job, _ => studio.Catalog.Job(job)?.Needs.Count == 3);
        var running = await grain.GetJobAsync(job); // What was waited for may be newer than what was read before it.

        Assert.AreEqual(input, running.Needs[0]);
        Assert.AreEqual("2", await studio.ReadAsync(running.Needs[1]), "the newest checkpoint");
        Assert.AreEqual("1", await studio.ReadAsync(running.Needs[2]), "the one before");
        await grain.CancelJobAsync(job);
        await studio.WaitForEndAsync(grain, job);
        Assert.IsEmpty((await grain.GetJobAsync(job)).Needs);
    }
}
