using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Outages of the queue's store that are longer than a lease: the silos live, and nothing that they do is lost.</summary>
[TestClass]
public sealed class OutageTests
{
    [TestMethod]
    public async Task A_new_scheduler_gives_silos_the_time_to_renew_what_ran_out_while_the_store_was_away()
    {
        var lease = TimeSpan.FromMinutes(1);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var studio = new TestStudio { Leases = new(clock), Periods = o => o.LeaseDuration = lease };
        await studio.StartClusterAsync("none", "none", "only cpu");
        var (grain, job) = await studio.SubmitAsync("progress generate 0.1; sleep 15000; progress generate 1");
        var running = await studio.WaitAsync(grain, job, j => j.Step == "generate");

        var scheduler = await studio.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(studio.Scheduler);

        studio.Leases.IsAway = true;
        await studio.Cluster.KillSiloAsync(studio.SiloAt(scheduler!.ToParsableString()));
        clock.Advance(2 * lease);
        studio.Leases.IsAway = false;
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, running.Epoch), (ended.State, ended.Epoch), studio.Logs.ToString());
    }

    [TestMethod]
    public async Task A_lease_that_was_given_back_though_nobody_answered_takes_no_slot()
    {
        await using var studio = new TestStudio { Computing = o => o.Slots = 1, Periods = o => o.ReconcilePeriod = TimeSpan.FromHours(12) };
        await studio.StartClusterAsync("cpu");
        var (firstGrain, first) = await studio.SubmitAsync("sleep 60000");
        await studio.WaitForAsync(firstGrain, first, WorkState.Running);
        var (grain, job) = await studio.SubmitAsync("");

        studio.Leases.LostReleases = 1;
        await firstGrain.CancelJobAsync(first);
        await studio.WaitForAsync(firstGrain, first, WorkState.Cancelled);

        Assert.AreEqual(WorkState.Succeeded, (await studio.WaitForEndAsync(grain, job)).State, studio.Logs.ToString());
        Assert.AreEqual(0, studio.Leases.LostReleases);
    }

    [TestMethod]
    public async Task A_job_whose_owner_cannot_hand_out_its_order_for_a_while_keeps_its_lease_and_begins_under_it()
    {
        var orders = new RefusedOrders(7);
        await using var studio = new TestStudio { Services = services => services.AddSingleton<IIncomingGrainCallFilter>(orders) };
        await studio.StartClusterAsync("cpu");
        var (grain, job) = await studio.SubmitAsync("progress generate 1");

        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, 1, new LeaseEpoch(1)), (ended.State, ended.Attempt, ended.Epoch), studio.Logs.ToString());
        Assert.AreEqual(0, orders.Left);
    }

    [TestMethod]
    public async Task A_reconciler_goes_on_after_a_round_that_somebody_else_cancelled()
    {
        await using var studio = new TestStudio { Periods = o => o.ReconcilePeriod = TimeSpan.FromMilliseconds(100) };
        studio.Catalog.CancelsFirstListing = true;
        await studio.StartClusterAsync("none");

        await ControlTests.WaitUntilAsync(() => studio.Catalog.Listings > 1);
    }

    [TestMethod]
    public async Task A_scheduler_whose_renewals_fail_takes_no_lease_away()
    {
        var lease = TimeSpan.FromSeconds(6);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var studio = new TestStudio { Leases = new(clock), Periods = o => o.LeaseDuration = lease };
        await studio.StartClusterAsync("cpu");
        var (grain, job) = await studio.SubmitAsync($"progress generate 0.1; wait {studio.Gate()}; progress generate 1");
        var running = await studio.WaitAsync(grain, job, j => j.Step == "generate");
        await Task.Delay(lease); // From here on the scheduler would take away what is overdue.

        studio.Leases.RefusesRenewals = true;
        await ControlTests.WaitUntilAsync(() => studio.Logs.ToString().Contains("heartbeat", StringComparison.Ordinal));
        clock.Advance(2 * lease);
        await studio.Scheduler.SweepAsync();
        await studio.Cluster.Silos[0].ServiceProvider.GetRequiredService<Reconciler>().ReconcileAsync(CancellationToken.None);
        studio.Leases.RefusesRenewals = false;
        studio.Open();
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual((WorkState.Succeeded, running.Epoch), (ended.State, ended.Epoch), studio.Logs.ToString());
    }

    /// <summary>A store that is away when orders are to be handed out.</summary>
    /// <param name="count">So many in a row are not.</param>
    private sealed class RefusedOrders(int count) : IIncomingGrainCallFilter
    {
        private int left = count;

        /// <summary>How many are refused yet.</summary>
        public int Left => left;

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.MethodName != nameof(IWorkOwnerGrain.TakeOrderAsync) || left == 0) return context.Invoke();
            left--;
            throw new IOException("The store is away.");
        }
    }
}
