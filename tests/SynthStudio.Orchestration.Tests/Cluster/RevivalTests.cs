using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Core.Internal;

namespace SynthStudio.Orchestration.Tests;

/// <summary>The two that look after what everybody forgot: the reminder and the reconciler.</summary>
[TestClass]
public sealed class RevivalTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(12);

    [TestMethod]
    public async Task The_reminder_wakes_an_owner_that_was_deactivated_with_work_undone()
    {
        await using var studio = new TestStudio { Periods = o => (o.ReconcilePeriod, o.ReminderPeriod) = (Never, TimeSpan.FromMilliseconds(500)) };
        await studio.StartClusterAsync("none");
        studio.Catalog.Failures = int.MaxValue;
        var job = Studio.NewJob();
        var grain = studio.Client.GetGrain<IJobGrain>(job);
        await Assert.ThrowsExactlyAsync<TimeoutException>(() => grain.SubmitAsync(Studio.Submission("")));
        var reminders = studio.Cluster.Silos[0].ServiceProvider.GetRequiredService<IReminderTable>();
        while ((await reminders.ReadRows(grain.GetGrainId())).Reminders.Count == 0) await Task.Delay(20);

        var management = studio.Client.GetGrain<IManagementGrain>(0);
        await grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        while (await management.GetActivationAddress(grain) is not null) await Task.Delay(10);
        studio.Catalog.Failures = 0;

        await ControlTests.WaitUntilAsync(() => studio.Catalog.Job(job) is { State: WorkState.Queued });
    }

    [TestMethod]
    public async Task New_work_is_acknowledged_when_the_catalog_knows_of_it_and_not_before()
    {
        await using var studio = new TestStudio { Periods = o => (o.ReconcilePeriod, o.TendPeriod) = (Never, Never) };
        await studio.StartClusterAsync("none");
        var generator = studio.Client.GetGrain<IGeneratorGrain>(Studio.NewGenerator());
        var (definition, training, job) = (await studio.DefinitionAsync(""), Studio.NewJob(), Studio.NewJob());
        await AfterFailureAsync(() => generator.CreateAsync(definition));
        await AfterFailureAsync(() => generator.TrainAsync(training, 3));
        await AfterFailureAsync(() => studio.Client.GetGrain<IJobGrain>(job).SubmitAsync(Studio.Submission("")));

        Assert.AreEqual(WorkState.Queued, studio.Catalog.Job(training)!.State);
        Assert.AreEqual(WorkState.Queued, studio.Catalog.Job(job)!.State);
        Assert.HasCount(2, await studio.Leases.ListAsync(CancellationToken.None));

        async Task AfterFailureAsync(Func<Task> call)
        {
            studio.Catalog.Failures = 2; // At the call, and when it looks once more.
            await Assert.ThrowsExactlyAsync<TimeoutException>(call);
            await call();
        }
    }

    [TestMethod]
    public async Task The_reminder_of_an_owner_goes_when_its_work_is_done()
    {
        await using var studio = await TestStudio.StartAsync("none");
        var (grain, job) = await studio.SubmitAsync("");
        var reminders = studio.Cluster.Silos[0].ServiceProvider.GetRequiredService<IReminderTable>();
        while ((await reminders.ReadRows(grain.GetGrainId())).Reminders.Count == 0) await Task.Delay(20);

        await grain.CancelJobAsync(job);

        while ((await reminders.ReadRows(grain.GetGrainId())).Reminders.Count > 0) await Task.Delay(20);
    }

    [TestMethod]
    public async Task The_reconciler_finds_a_lease_that_ran_out_and_the_job_waits_again()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var studio = new TestStudio
        {
            Leases = new(clock), Periods = o => (o.WatchPeriod, o.ReconcilePeriod, o.LeaseDuration) = (Never, Never, TimeSpan.FromMilliseconds(100)),
        };
        await studio.StartClusterAsync("none");
        var (grain, job) = await studio.SubmitAsync("");
        var reconciler = studio.Cluster.Silos[0].ServiceProvider.GetRequiredService<Reconciler>();

        // A silo of the cluster takes the work and is never heard of again, though it lives.
        var silent = studio.Cluster.Silos[0].SiloAddress.ToParsableString();
        var epoch = await studio.Leases.AcquireAsync(job, silent, TimeSpan.FromSeconds(30), CancellationToken.None);
        await grain.TakeOrderAsync(job, epoch!.Value, silent);
        clock.Advance(TimeSpan.FromSeconds(29));
        await reconciler.ReconcileAsync(CancellationToken.None);
        var within = await grain.GetJobAsync(job);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Task.Delay(200); // Whoever lives could have renewed meanwhile.
        await reconciler.ReconcileAsync(CancellationToken.None);
        var after = await studio.WaitForAsync(grain, job, WorkState.Queued);

        Assert.AreEqual(WorkState.Starting, within.State);
        Assert.AreEqual(epoch.Value, after.Epoch);
        Assert.AreEqual(WorkDirective.Abandon, await grain.ReportAsync(job, epoch.Value, 0, []), "The lost lease may still report.");
        Assert.IsNull((await studio.Leases.ListAsync(CancellationToken.None)).Single().Holder);
    }

    [TestMethod]
    public async Task The_reconciler_queues_a_job_that_the_queue_forgot()
    {
        await using var studio = new TestStudio { Periods = o => (o.WatchPeriod, o.ReconcilePeriod) = (Never, Never) };
        await studio.StartClusterAsync("none");
        var (_, job) = await studio.SubmitAsync("");
        await studio.Leases.WithdrawAsync(job, CancellationToken.None);

        await studio.Cluster.Silos[0].ServiceProvider.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None);

        Assert.AreEqual(job, (await studio.Leases.ListAsync(CancellationToken.None)).Single().Item.Job);
    }
}
