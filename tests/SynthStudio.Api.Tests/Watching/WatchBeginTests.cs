using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Api.Progress;

namespace SynthStudio.Api.Tests.Watching;

/// <summary>A watch that cannot begin ends, and says nothing of the next one of its job.</summary>
[TestClass]
public sealed class WatchBeginTests : ApiTest
{
    private const string Job = "projects/p/jobs/never-submitted";

    [TestMethod]
    public async Task A_watch_whose_first_question_was_given_up_keeps_no_later_one_from_asking()
    {
        var owner = Owner.Of(new TaskCanceledException("Its silo gave up."), new WorkNotFoundException(Job));
        using var hub = ActivatorUtilities.CreateInstance<ProgressHub>(Server.Services, Cluster.Of(owner));

        await Assert.ThrowsAsync<OperationCanceledException>(() => WatchAsync(hub));
        await Assert.ThrowsExactlyAsync<WorkNotFoundException>(() => WatchAsync(hub));
    }

    private async Task WatchAsync(ProgressHub hub)
    {
        await foreach (var watched in hub.WatchAsync(Job, WorkKind.Profiling, Job, after: 0, Cancellation)) Assert.Fail($"{watched} came.");
    }

    /// <summary>A cluster of one grain.</summary>
    public class Cluster : DispatchProxy
    {
        private IJobGrain _grain = null!;

        public static IGrainFactory Of(IJobGrain grain)
        {
            var proxy = Create<IGrainFactory, Cluster>();
            ((Cluster)(object)proxy)._grain = grain;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _grain;
    }

    /// <summary>A grain that fails in one way after the other.</summary>
    public class Owner : DispatchProxy
    {
        private Queue<Exception> _failures = null!;

        public static IJobGrain Of(params Exception[] failures)
        {
            var proxy = Create<IJobGrain, Owner>();
            ((Owner)(object)proxy)._failures = new(failures);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw _failures.Dequeue();
    }
}
