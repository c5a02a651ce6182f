using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

/// <summary>A worker that stays after it drew rows.</summary>
[TestClass]
public sealed class StayingTests : IDisposable
{
    private readonly TestTables tables = new();

    public void Dispose() => tables.Dispose();

    [TestMethod]
    public async Task It_draws_again_from_the_model_it_has_loaded_and_a_late_wish_does_not_reach_the_next_job()
    {
        var trained = OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 300, 1), TimeSpan.FromMinutes(2));
        trained.Train.Options["steps"] = "50";
        var training = await WorkerRun.OfAsync(trained);
        var model = training.Completed.Artifacts.Single(a => a.Role == "model").Path;
        var orders = new Queue<JobOrder>(Enumerable.Range(0, 3).Select(_ => OrderBuilder.Generate(tables, model, 600)));
        foreach (var order in orders)
        {
            order.Generate.ModelSha256 = "the model";
            order.Stay = true;
        }

        orders.Last().Stay = false;
        var run = await WorkerRun.OfAsync(orders.Dequeue(), async (worker, output) =>
        {
            if (output.Completed is not null && orders.TryDequeue(out var next))
            {
                File.Delete(model);
                await worker.WishAsync(Control.Types.Wish.Cancel, default);
                await worker.OrderAsync(next, default);
            }
        });

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        Assert.AreEqual(3, run.Outputs.Count(o => o.Completed is not null), $"{run.Last}\n{run.Errors}");
        Assert.HasCount(1, run.Outputs.Select(o => o.Started).OfType<Started>().Select(s => s.ProcessId).Distinct());
        var parts = run.Outputs.Select(o => o.Part).OfType<PartWritten>().ToList();
        CollectionAssert.AreEqual(new[] { 0, 1, 0, 1, 0, 1 }, parts.Select(p => p.Number).ToList());
        Assert.HasCount(1, parts.Where(p => p.Number == 1).Select(p => File.ReadAllText(p.Path)).Distinct(), "The same request drew other rows.");
    }

    [TestMethod]
    public async Task It_leaves_after_a_job_that_failed()
    {
        var order = OrderBuilder.Generate(tables, tables.Write("no.synth", "rubbish"), 10);
        order.Stay = true;

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual("PACKAGE_CORRUPT", run.Failed.Reason);
        Assert.AreEqual(0, run.ExitCode);
    }
}
