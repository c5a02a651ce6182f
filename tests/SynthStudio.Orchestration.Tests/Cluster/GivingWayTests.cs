using System.Diagnostics;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Silos that are slow to come for what they were leased.</summary>
[TestClass]
public sealed class GivingWayTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [TestMethod]
    public async Task A_training_that_is_asked_to_give_way_before_its_silo_took_the_order_is_asked_again()
    {
        await using var studio = new TestStudio { Periods = o => (o.UndisturbedTime, o.LeaseDuration, o.HeartbeatPatience) = (TimeSpan.Zero, Long, Long) };
        await studio.StartClusterAsync("none");
        var (grain, job) = await studio.TrainAsync("train 80 30");
        var silo = new ComputeSilo
        {
            Address = studio.Cluster.Silos[0].SiloAddress, Name = "slow", Accelerator = "cpu", Slots = 1,
            MemoryBytes = long.MaxValue, Leases = [],
        };
        var address = silo.Address.ToParsableString();
        var epoch = (await studio.Leases.AcquireAsync(job, address, Long, CancellationToken.None))!.Value;
        await studio.Scheduler.SweepAsync();
        await studio.Scheduler.HeartbeatAsync(silo with { Leases = [new(job, epoch)] });

        await studio.SubmitAsync("", priority: 1);
        await Task.Delay(500); // It is asked.
        var order = await grain.TakeOrderAsync(job, epoch, address);
        var start = Stopwatch.GetTimestamp();
        var directive = WorkDirective.Continue;
        while (directive == WorkDirective.Continue && Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1))
        {
            await Task.Delay(20);
            directive = await grain.ReportAsync(job, epoch, 0, []);
        }

        Assert.IsNotNull(order);
        Assert.AreEqual(WorkDirective.Pause, directive, studio.Logs.ToString());
    }

    [TestMethod]
    public async Task Only_who_counts_on_a_lease_that_nobody_has_come_for_is_told_that_there_is_nobody_to_ask()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.TrainAsync("train 80 30");
        var epoch = new LeaseEpoch(7);
        await Assert.ThrowsAsync<WorkStateException>(() => grain.GiveWayAsync(job, epoch));
        await grain.TakeOrderAsync(job, epoch, "S127.0.0.1:1:1");

        await grain.GiveWayAsync(job, new(6)); // An older one: its slot is free already.
        Assert.AreEqual(WorkDirective.Continue, await grain.ReportAsync(job, epoch, 0, []));
        await grain.GiveWayAsync(job, epoch);
        Assert.AreEqual(WorkDirective.Pause, await grain.ReportAsync(job, epoch, 0, []));
        await Assert.ThrowsAsync<WorkStateException>(() => grain.GiveWayAsync(job, epoch.Next));
    }
}
