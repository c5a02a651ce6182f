using SynthStudio.Compute;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What a silo says of its accelerators, by its settings and by what its worker sees.</summary>
[TestClass]
public sealed class AcceleratorTests
{
    private const long GiB = 1L << 30;

    [TestMethod]
    public async Task A_silo_offers_the_accelerator_that_its_worker_sees()
    {
        using var worker = Worker("cpu", "cuda");
        await using var studio = new TestStudio { Computing = o => o.WorkerPath = worker.Path };
        await studio.StartClusterAsync("");

        var (grain, job) = await studio.SubmitAsync("", accelerator: "cuda");
        var ended = await studio.WaitForEndAsync(grain, job);

        Assert.AreEqual(WorkState.Succeeded, ended.State, studio.Logs.ToString());
        Assert.AreEqual("cuda", (await studio.Scheduler.GetClusterAsync()).Silos.Single().Accelerator);
        Assert.AreEqual(1, worker.Asked);
    }

    [TestMethod]
    public async Task What_libtorch_of_the_workers_sees_is_told_where_the_processor_is_set_too()
    {
        using var worker = Worker("cpu", "cuda:0");
        await using var studio = new TestStudio { Computing = o => o.WorkerPath = worker.Path, Gpus = [new(0, 0, 24 * GiB)] };
        await studio.StartClusterAsync("cpu");

        var silo = await ReportedAsync(studio, s => s.TorchBackend.Length > 0);

        Assert.AreEqual(("cpu", 0, 0L, "cuda"), (silo.Accelerator, silo.Accelerators, silo.AcceleratorMemoryBytes, silo.TorchBackend));
    }

    [TestMethod]
    public async Task A_silo_whose_worker_sees_no_accelerator_offers_the_processor()
    {
        using var worker = Worker("cpu");
        await using var studio = new TestStudio { Computing = o => o.WorkerPath = worker.Path };
        await studio.StartClusterAsync("");

        var silo = await ReportedAsync(studio, s => s.TorchBackend.Length > 0);
        var (_, job) = await studio.SubmitAsync("", accelerator: "cuda");

        Assert.AreEqual(("cpu", 0), (silo.Accelerator, silo.Accelerators));
        Assert.AreEqual(new QueueStanding(1, "NO_CAPABLE_SILO"), await studio.Scheduler.ExplainAsync(job));
    }

    [TestMethod]
    public async Task A_silo_that_is_set_to_an_accelerator_which_its_worker_does_not_see_offers_none_says_what_to_do_and_jobs_wait()
    {
        using var worker = Worker("cpu");
        await using var studio = new TestStudio { Computing = o => o.WorkerPath = worker.Path };
        await studio.StartClusterAsync("cuda");

        var silo = await ReportedAsync(studio, s => s.TorchBackend.Length > 0);
        var (grain, job) = await studio.SubmitAsync("", accelerator: "cuda");

        Assert.AreEqual(("cpu", 0), (silo.Accelerator, silo.Accelerators));
        Assert.AreEqual(new QueueStanding(1, "NO_CAPABLE_SILO"), await studio.Scheduler.ExplainAsync(job));
        Assert.AreEqual(WorkState.Queued, (await grain.GetJobAsync(job)).State);
        Assert.Contains("nvidia-smi", studio.Logs.ToString());
        var (any, anyJob) = await studio.SubmitAsync("");
        Assert.AreEqual(WorkState.Succeeded, (await studio.WaitForEndAsync(any, anyJob)).State, "It has a processor.");
    }

    [TestMethod]
    [DataRow("cuda")]
    [DataRow("", DisplayName = "as seen")]
    public async Task A_job_that_finds_its_accelerator_gone_waits_until_it_is_back(string set)
    {
        using var worker = Worker("cpu", "cuda:0");
        await using var studio = new TestStudio { Computing = o => (o.WorkerPath, o.DevicePeriod) = (worker.Path, TimeSpan.FromMilliseconds(200)) };
        await studio.StartClusterAsync(set);
        var silo = await ReportedAsync(studio, s => s is { Accelerator: "cuda", TorchBackend: "cuda" });

        worker.Sees("cpu");
        var (grain, job) = await studio.SubmitAsync($"wait {studio.Gate()}; fail Resource DEVICE_UNAVAILABLE 1", accelerator: "cuda");
        await studio.WaitForAsync(grain, job, WorkState.Running);
        await studio.Scheduler.SetCordonAsync(silo.Name, cordoned: true); // However long the worker takes to answer, the job is not tried again before.
        studio.Open();
        await ReportedAsync(studio, s => s is { Accelerator: "cpu", Accelerators: 0 });
        await studio.Scheduler.SetCordonAsync(silo.Name, cordoned: false);
        await studio.WaitForReasonAsync(job, "NO_CAPABLE_SILO");
        worker.Sees("cpu", "cuda:0");

        var ended = await studio.WaitForEndAsync(grain, job);
        Assert.AreEqual((WorkState.Succeeded, 2), (ended.State, ended.Attempt), studio.Logs.ToString());
    }

    [TestMethod]
    public async Task A_silo_that_is_set_to_more_accelerators_than_its_worker_sees_offers_those_that_there_are()
    {
        using var worker = Worker("cpu", "cuda:0", "cuda:1");
        await using var studio = new TestStudio { Computing = o => (o.WorkerPath, o.Accelerators) = (worker.Path, 4) };
        await studio.StartClusterAsync("cuda");

        var silo = await ReportedAsync(studio, s => s.TorchBackend.Length > 0);

        Assert.AreEqual(("cuda", 2), (silo.Accelerator, silo.Accelerators));
        Assert.Contains("4 x cuda", studio.Logs.ToString());
    }

    [TestMethod]
    [DataRow(0, 16 * GiB, DisplayName = "of the smallest, as the driver tells")]
    [DataRow(8 * GiB, 8 * GiB, DisplayName = "as set")]
    public async Task The_memory_of_each_accelerator_is_known(long set, long told)
    {
        using var worker = Worker("cpu", "cuda:0", "cuda:1", "cuda:2");
        await using var studio = new TestStudio
        {
            Computing = o => (o.WorkerPath, o.AcceleratorMemoryBytes) = (worker.Path, set),
            Gpus = [new(0, 3 * GiB, 24 * GiB), new(1, 15 * GiB, 16 * GiB), new(2, 0, 0)], // One that does not tell counts for nothing.
        };
        await studio.StartClusterAsync("cuda");

        var silo = await ReportedAsync(studio, s => s.TorchBackend.Length > 0);

        Assert.AreEqual(told, silo.AcceleratorMemoryBytes);
    }

    private static WorkerCopy Worker(params string[] devices)
    {
        var worker = new WorkerCopy();
        worker.Knows("any");
        worker.Sees(devices);
        return worker;
    }

    /// <summary>The only silo, once it reports as wanted.</summary>
    private static async Task<ComputeSilo> ReportedAsync(TestStudio studio, Func<ComputeSilo, bool> wanted)
    {
        for (var tries = 0; tries < 2400; tries++, await Task.Delay(50))
            if ((await studio.Scheduler.GetClusterAsync()).Silos.SingleOrDefault() is { } silo && wanted(silo)) return silo;
        throw new AssertFailedException(studio.Logs.ToString());
    }
}
