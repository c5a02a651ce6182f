using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Progress;

namespace SynthStudio.Api.Tests.Watching;

/// <summary>The one reader of a job's progress in a process.</summary>
[TestClass]
public sealed class JobFeedTests
{
    [TestMethod]
    public async Task An_owner_whose_silo_died_with_the_question_is_asked_again_before_the_cluster_gives_up()
    {
        var clock = new FakeTimeProvider();
        var owner = DispatchProxy.Create<IWorkOwnerGrain, ForgetfulOwner>();
        var running = new JobFeed("projects/p/jobs/j", owner, position: 0, clock, NullLogger.Instance).RunAsync(CancellationToken.None);

        clock.Advance(TimeSpan.FromSeconds(10));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!running.IsCompleted)
        {
            await Task.Delay(10, limit.Token);
            clock.Advance(TimeSpan.FromMilliseconds(10)); // It rests a little before it asks again.
        }

        await running;
        Assert.AreEqual(2, ((ForgetfulOwner)(object)owner).Asked);
    }

    /// <summary>Never answers the first question, and says to the second that the job has ended.</summary>
    public class ForgetfulOwner : DispatchProxy
    {
        public int Asked { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            ++Asked == 1 ? new TaskCompletionSource<ProgressBatch>().Task : Task.FromResult(new ProgressBatch([], Ended: true));
    }
}
