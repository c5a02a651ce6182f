using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>A removal that breaks off leaves what can be removed once more: what the rest is found by goes last.</summary>
[TestClass]
public sealed class BrokenOffRemovalTests : ApiTest
{
    [TestMethod]
    [DataRow(true, DisplayName = "what goes at once")]
    [DataRow(false, DisplayName = "what was hidden first")]
    public async Task What_breaks_off_while_jobs_are_forgotten_is_there_to_be_removed_again(bool goesAtOnce)
    {
        var tenant = await Tenant.CreateAsync(Server);
        var (subject, job) = (goesAtOnce ? tenant.Evaluation : tenant.Synthetic, $"{tenant.Project}/jobs/ended");
        var (jobs, index) = (Server.Get<JobDirectory>(), Server.Get<JobIndex>());
        var spec = new ProfilingSpec { Data = new DataInput(await Server.Worker.PutAsync("a\n1\n"), "t.csv", "") };
        await jobs.SubmitAsync(job, new JobSubmission(subject, spec, 3, WorkRequirements.Any));
        await jobs.CancelAsync(job, Cancellation);
        await EventuallyAsync(() => index.FindAsync(job, Cancellation), found => found is { Snapshot.HasEnded: true });
        var breakingOff = ActivatorUtilities.CreateInstance<Deletions>(
            Server.Services, ActivatorUtilities.CreateInstance<JobDirectory>(Server.Services, BreakingLog.Of(Server.Get<IProgressLog>())));

        await Assert.ThrowsExactlyAsync<IOException>(() => RemoveAsync(breakingOff));
        Assert.IsNotNull(await index.FindAsync(job, Cancellation), "Nobody would find its log.");
        Assert.IsTrue(await IsThereAsync(), "Nobody would find its job.");

        await RemoveAsync(Server.Get<Deletions>());
        Assert.IsNull(await index.FindAsync(job, Cancellation));
        Assert.AreEqual(0, await Server.Get<IProgressLog>().LastSequenceAsync(job, Cancellation));
        Assert.IsFalse(await IsThereAsync());

        Task RemoveAsync(Deletions deletions) => goesAtOnce
            ? deletions.DeleteEvaluationAsync(subject, Cancellation)
            : deletions.PurgeSyntheticDatasetAsync(subject, Cancellation);

        async Task<bool> IsThereAsync() => goesAtOnce
            ? await Server.Get<EvaluationStore>().FindAsync(subject, Cancellation) is not null
            : await Server.Get<SyntheticDatasetStore>().FindAnyAsync(subject, Cancellation) is not null;
    }

    /// <summary>Logs of jobs, which are not deleted.</summary>
    public class BreakingLog : DispatchProxy
    {
        private IProgressLog _log = null!;

        public static IProgressLog Of(IProgressLog log)
        {
            var proxy = Create<IProgressLog, BreakingLog>();
            ((BreakingLog)(object)proxy)._log = log;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(IProgressLog.DeleteAsync) ? throw new IOException("died") : targetMethod.Invoke(_log, args);
    }
}
