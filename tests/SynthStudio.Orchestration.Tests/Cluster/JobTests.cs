namespace SynthStudio.Orchestration.Tests;

[TestClass]
public sealed class JobTests
{
    [TestMethod]
    public async Task A_job_runs_in_a_worker_process_and_its_end_is_in_the_catalog()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.SubmitAsync("progress load 1; progress generate 0.5; part 0 10; part 1 5");

        var events = await Studio.WatchAsync(grain, job);
        var ended = await grain.GetJobAsync(job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreEqual(1, ended.Attempt);
        Assert.AreEqual(1, ended.Fraction);
        Assert.AreEqual(3, ended.Result!.Metrics["rows"]);
        CollectionAssert.AreEqual(new[] { 10L, 5 }, ended.Parts.Select(p => p.Rows).ToList());
        Assert.AreEqual("part 1", await studio.ReadAsync(ended.Parts[1].Object));
        Studio.AssertNoGaps(events);
        Assert.AreEqual(events[^1].Sequence, ended.LastSequence);
        Assert.AreEqual(WorkState.Succeeded, studio.Catalog.Job(job)!.State);
        CollectionAssert.AreEqual(
            new[] { 0, 0.05, 0.525 },
            events.Select(e => e.Fraction).Where(f => f < 1).Distinct().Select(f => Math.Round(f, 9)).ToList());
        Assert.IsEmpty(await studio.Leases.ListAsync(CancellationToken.None));
    }
}
