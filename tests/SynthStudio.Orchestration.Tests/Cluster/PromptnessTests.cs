namespace SynthStudio.Orchestration.Tests;

/// <summary>How long people wait. The limits leave room for a busy machine; the measured times are printed.</summary>
[TestClass]
[DoNotParallelize]
public sealed class PromptnessTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task A_worker_that_waits_ahead_begins_soon_after_the_job_was_submitted()
    {
        await using var studio = await TestStudio.StartAsync();
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            await Task.Delay(500);
            var (grain, job) = await studio.SubmitAsync("sleep 1");
            var events = await Studio.WatchAsync(grain, job);
            waits.Add((events.First(e => e.State == WorkState.Running).Time - events[0].Time).TotalMilliseconds);
        }

        waits.Sort();
        TestContext.WriteLine($"submit to running, ms: {string.Join(", ", waits.Select(w => w.ToString("0", System.Globalization.CultureInfo.InvariantCulture)))}");
        Assert.IsLessThan(250, waits[waits.Count / 2]);
    }

    [TestMethod]
    public async Task Two_hundred_watchers_see_an_event_soon_after_it_was_stored()
    {
        await using var studio = await TestStudio.StartAsync();
        var (grain, job) = await studio.TrainAsync("train 60 50");
        var delays = new List<double>();

        async Task WatchAsync()
        {
            var mine = new List<double>();
            var last = 0L;
            for (var ended = false; !ended;)
            {
                var batch = await grain.ReadProgressAsync(job, last, TimeSpan.FromSeconds(10));
                var now = TimeProvider.System.GetUtcNow();
                mine.AddRange(batch.Events.Where(e => e.Step == "train").Select(e => (now - e.Time).TotalMilliseconds));
                last = batch.Events.Count == 0 ? last : batch.Events[^1].Sequence;
                ended = batch.Ended;
            }

            lock (delays) delays.AddRange(mine);
        }

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => WatchAsync()));

        delays.Sort();
        var (median, p99) = (delays[delays.Count / 2], delays[(int)(delays.Count * 0.99)]);
        TestContext.WriteLine($"{delays.Count} events seen; delay median {median:0.0} ms, p99 {p99:0.0} ms");
        Assert.IsGreaterThan(200 * 100, delays.Count);
        Assert.IsLessThan(300, p99);
    }
}
