using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Compute;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What is on its way to a silo that is drained.</summary>
[TestClass]
public sealed class DrainTests
{
    [TestMethod]
    public async Task A_training_whose_start_is_on_its_way_while_its_silo_is_drained_does_not_stay_there()
    {
        var starts = new HeldCalls(call => call is { Grain: ComputeGrain, MethodName: nameof(IComputeGrain.StartAsync) });
        await using var studio = new TestStudio { Services = services => services.AddSingleton<IIncomingGrainCallFilter>(starts) };
        await studio.StartClusterAsync("cpu");
        var (grain, job) = await studio.TrainAsync("train 10 20; sleep 60000 1; train 20 20");
        await starts.Came.WaitAsync(TimeSpan.FromMinutes(2));

        var silo = (await studio.Scheduler.GetClusterAsync()).Silos.Single().Name;
        var draining = studio.Scheduler.DrainAsync(silo);
        while (!(await studio.Scheduler.GetClusterAsync()).Cordoned.Contains(silo)) await Task.Delay(10);
        await Task.WhenAny(draining, Task.Delay(500));
        var wasEarly = draining.IsCompleted;
        starts.LetGo();
        await draining;
        var meanwhile = await studio.WaitAsync(grain, job, j => j is { State: WorkState.Queued, Attempt: 1 });
        var standing = await studio.Scheduler.ExplainAsync(job);
        await studio.Scheduler.SetCordonAsync(silo, cordoned: false);
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.IsFalse(wasEarly, "The silo was said to be drained, and a training was about to start there.");
        Assert.AreEqual(WorkState.Queued, meanwhile.State);
        Assert.AreEqual("SILOS_CORDONED", standing?.Reason);
        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
    }

    [TestMethod]
    public async Task A_training_that_has_no_worker_yet_when_its_silo_is_drained_gets_none_there()
    {
        var orders = new HeldCalls(call => call is { Grain: GeneratorGrain, MethodName: nameof(IWorkOwnerGrain.TakeOrderAsync) });
        await using var studio = new TestStudio { Services = services => services.AddSingleton<IIncomingGrainCallFilter>(orders) };
        await studio.StartClusterAsync("cpu");
        var (grain, job) = await studio.TrainAsync("process; train 10 20");
        await orders.Came.WaitAsync(TimeSpan.FromMinutes(2));

        var silo = (await studio.Scheduler.GetClusterAsync()).Silos.Single().Name;
        await studio.Scheduler.DrainAsync(silo);
        orders.LetGo();
        await studio.WaitAsync(grain, job, j => j is { State: WorkState.Queued, Attempt: 1 });
        await studio.Scheduler.SetCordonAsync(silo, cordoned: false);
        var ended = await studio.WaitForEndAsync(grain, job);
        var workers = (await Studio.WatchAsync(grain, job)).Where(e => e.Message.StartsWith("process ", StringComparison.Ordinal)).Select(e => e.Attempt).ToList();

        Assert.AreEqual((WorkState.Succeeded, 2), (ended.State, ended.Attempt), studio.Logs.ToString());
        CollectionAssert.AreEqual(new[] { 2 }, workers);
    }

    /// <summary>Calls that come to their grain and wait at its door.</summary>
    /// <param name="which">Says of which.</param>
    private sealed class HeldCalls(Func<IIncomingGrainCallContext, bool> which) : IIncomingGrainCallFilter
    {
        private readonly TaskCompletionSource came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Came => came.Task;

        public void LetGo() => letGo.TrySetResult();

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            if (which(context))
            {
                came.TrySetResult();
                await letGo.Task;
            }

            await context.Invoke();
        }
    }
}
