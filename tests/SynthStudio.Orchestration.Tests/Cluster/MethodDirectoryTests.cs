using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SynthStudio.Compute;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What a host says about methods: what its worker executable tells, asked by starting that.</summary>
[TestClass]
public sealed class MethodDirectoryTests : IDisposable
{
    private readonly WorkerCopy worker = new();
    private readonly RecordedLogs logs = new();

    public TestContext TestContext { get; set; } = null!;

    public void Dispose() => worker.Dispose();

    [TestMethod]
    public async Task The_worker_is_asked_once_however_many_want_to_know()
    {
        worker.Knows("one", "two");
        await using var services = Host();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ListAsync(services)));

        foreach (var methods in answers) CollectionAssert.AreEqual(new[] { "one", "two" }, methods.Select(m => m.Name).ToArray());
        var width = answers[0][0].Options[0];
        Assert.AreEqual((MethodOptionKind.Integer, 1.0, 9.0), (width.Kind, width.Least, width.Most));
        Assert.IsTrue(width.Accepts("9"));
        Assert.IsFalse(width.Accepts("10"));
        Assert.AreEqual(new TrainingMemory(7, 3, 2, 40), answers[0][0].Memory);
        Assert.AreEqual(1, worker.Asked);
    }

    [TestMethod]
    public async Task A_worker_that_was_replaced_is_asked_again()
    {
        worker.Knows("old");
        await using var services = Host();
        await ListAsync(services);

        worker.Knows("new");
        File.SetLastWriteTimeUtc(worker.Path, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1)); // Newer than whatever lies beside it.

        Assert.AreEqual("new", (await ListAsync(services)).Single().Name);
    }

    [TestMethod]
    public async Task A_worker_that_cannot_start_is_a_clear_error_and_not_started_over_and_over()
    {
        await using var services = Host();

        var first = await Assert.ThrowsExactlyAsync<MethodsUnknownException>(() => ListAsync(services));
        var second = await Assert.ThrowsExactlyAsync<MethodsUnknownException>(() => ListAsync(services));

        Assert.AreEqual(MethodsUnknownException.WorkerBroken, first.Reason);
        Assert.AreEqual(first.Message, second.Message);
        Assert.DoesNotContain(worker.Folder, first.Message);
        Assert.AreEqual(1, worker.Asked);
        Assert.Contains("no library to describe with", logs.ToString(), "The operator finds the cause in the log.");
    }

    [TestMethod]
    public async Task A_host_without_a_worker_says_so()
    {
        File.Delete(worker.Path);
        await using var services = Host();

        var error = await Assert.ThrowsExactlyAsync<MethodsUnknownException>(() => ListAsync(services));

        Assert.AreEqual(MethodsUnknownException.WorkerMissing, error.Reason);
        Assert.DoesNotContain(worker.Folder, error.Message);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_schema_that_no_worker_can_check_is_left_to_the_job_that_reads_by_it(bool isThere)
    {
        if (!isThere) File.Delete(worker.Path);
        await using var services = Host();

        Assert.IsNull(await services.GetRequiredService<ISchemaChecker>().FindFaultAsync("{}", TestContext.CancellationToken));

        Assert.Contains("A schema file was not checked", logs.ToString());
    }

    private ServiceProvider Host() => new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Information))
        .AddWorkerKnowledge(worker.Path)
        .BuildServiceProvider();

    private Task<IReadOnlyList<MethodDescription>> ListAsync(IServiceProvider services) =>
        services.GetRequiredService<IMethodDirectory>().ListAsync(TestContext.CancellationToken).AsTask();
}
