using System.Collections.Concurrent;
using System.Diagnostics;
using SynthStudio.Compute;

namespace SynthStudio.Orchestration.Tests;

/// <summary>A trace goes on in the worker: it is told the run's context, and its steps stand below the run.</summary>
[TestClass]
public sealed class WorkerTraceTests
{
    [TestMethod]
    public async Task A_worker_is_told_the_trace_of_its_run_and_its_steps_are_in_it()
    {
        var begun = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ComputeTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = begun.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var studio = await TestStudio.StartAsync("cpu");

        var (grain, job) = await studio.SubmitAsync("trace; step wash-the-rows");
        var events = await Studio.WatchAsync(grain, job);

        var step = begun.Single(a => a.OperationName == "worker wash-the-rows");
        var run = begun.Single(a => Equals(a.GetTagItem("synthstudio.job"), job));
        Assert.AreEqual((run.TraceId, run.SpanId), (step.TraceId, step.ParentSpanId));
        Assert.AreEqual(TimeSpan.FromSeconds(2).TotalMilliseconds, step.Duration.TotalMilliseconds, 500);
        Assert.AreEqual($"trace {run.Id}", events.Single(e => e.Message.StartsWith("trace ", StringComparison.Ordinal)).Message);
    }
}
