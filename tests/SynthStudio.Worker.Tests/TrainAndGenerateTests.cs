using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

[TestClass]
public sealed class TrainAndGenerateTests : IDisposable
{
    private readonly TestTables tables = new();

    public void Dispose() => tables.Dispose();

    [TestMethod]
    public async Task A_trained_package_draws_rows_in_parts_that_join_to_a_table()
    {
        var training = await WorkerRun.OfAsync(OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 1500, 1), TimeSpan.FromSeconds(4)));
        Assert.AreEqual(0, training.ExitCode, training.Errors);
        var metrics = training.Completed.Metrics;
        Assert.IsGreaterThan(.8, metrics["verify_shape"]);
        Assert.IsGreaterThan(0, metrics["epochs"]);
        Assert.AreEqual(1500, metrics["rows"]);
        Assert.IsTrue(metrics.ContainsKey("best_validation_loss"));
        CollectionAssert.IsSubsetOf(new[] { "ingest", "encode", "train", "verify" }, training.Progress.Select(p => p.Step).Distinct().ToArray());
        var model = training.Completed.Artifacts.Single(a => a.Role == "model").Path;

        var order = OrderBuilder.Generate(tables, model, 5000);
        order.Generate.PartRows = 2000;
        var drawing = await WorkerRun.OfAsync(order);
        Assert.AreEqual(0, drawing.ExitCode, drawing.Errors);
        var parts = drawing.Outputs.Where(o => o.Part is not null).Select(o => o.Part).ToList();
        CollectionAssert.AreEqual(new long[] { 512, 2000, 2000, 488 }, parts.Select(p => p.Rows).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, parts.Select(p => p.Number).ToArray());
        Assert.AreEqual("age,price,city,bought", File.ReadLines(parts[0].Path).First());
        foreach (var part in parts)
        {
            var lines = File.ReadLines(part.Path).Skip(part.Number == 0 ? 1 : 0).ToList();
            Assert.HasCount((int)part.Rows, lines);
            Assert.IsTrue(lines.All(l => l.Split(',').Length == 4 && l.Split(',')[2] is "Ulm" or "Bonn" or "Trier"));
        }

        var cities = await CitiesAsync(model, 700, ("city", "Ulm"));
        Assert.HasCount(700, cities);
        Assert.IsTrue(cities.All(c => c == "Ulm"));
    }

    [TestMethod]
    public async Task A_condition_on_an_unknown_column_is_the_users_to_mend()
    {
        var training = await WorkerRun.OfAsync(OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 300, 1), TimeSpan.FromSeconds(1)));
        var model = training.Completed.Artifacts.Single(a => a.Role == "model").Path;

        var run = await WorkerRun.OfAsync(OrderBuilder.Generate(tables, model, 10, ("colour", "red")));

        Assert.AreEqual(Failed.Types.Class.User, run.Failed.Class);
        Assert.AreEqual("UNKNOWN_COLUMN", run.Failed.Reason);
        Assert.AreEqual("colour", run.Failed.Subject);
    }

    [TestMethod]
    public async Task A_file_that_is_no_package_is_refused()
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Generate(tables, tables.Write("no.synth", "rubbish"), 10));

        Assert.AreEqual("PACKAGE_CORRUPT", run.Failed.Reason);
    }

    [TestMethod]
    public async Task An_unknown_method_and_an_unknown_option_are_refused_before_training()
    {
        var shop = tables.WriteShop("shop.csv", 300, 1);
        var order = OrderBuilder.Train(tables, shop, TimeSpan.FromSeconds(1));
        order.Train.Method = "alchemy";
        Assert.AreEqual("UNKNOWN_METHOD", (await WorkerRun.OfAsync(order)).Failed.Reason);

        order = OrderBuilder.Train(tables, shop, TimeSpan.FromSeconds(1));
        order.Train.Options["sharpness"] = "9";
        var run = await WorkerRun.OfAsync(order);
        Assert.AreEqual("UNKNOWN_OPTION", run.Failed.Reason);
        Assert.AreEqual("sharpness", run.Failed.Subject);
    }

    [TestMethod]
    public async Task A_cancelled_training_ends_soon_and_says_so()
    {
        var order = OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 2000, 1), TimeSpan.FromMinutes(2));

        var run = await WorkerRun.OfAsync(order, (worker, output) => output.Progress?.Step == "train"
            ? worker.WishAsync(Control.Types.Wish.Cancel, default).AsTask()
            : Task.CompletedTask);

        Assert.AreEqual(0, run.ExitCode);
        Assert.AreEqual(Failed.Types.Class.Cancelled, run.Failed.Class);
        Assert.AreEqual("CANCELLED", run.Failed.Reason);
    }

    [TestMethod]
    public async Task A_paused_training_goes_on_from_its_newest_sound_checkpoint()
    {
        var shop = tables.WriteShop("shop.csv", 2000, 1);
        var paused = await WorkerRun.OfAsync(
            OrderBuilder.Train(tables, shop, TimeSpan.FromSeconds(10)),
            (worker, output) => output.Progress is { Step: "train", Fraction: > .1 }
                ? worker.WishAsync(Control.Types.Wish.Pause, default).AsTask()
                : Task.CompletedTask);
        Assert.AreEqual(0, paused.ExitCode, paused.Errors);
        Assert.IsNotNull(paused.Last.Paused, paused.Last.ToString());
        var checkpoint = paused.Outputs.Last(o => o.Checkpoint is not null).Checkpoint;
        Assert.IsGreaterThan(0, checkpoint.Step);

        // As a silo does after it has fetched it from the object store: another folder, another name.
        var fetched = Path.Combine(tables.NewFolder(), "fetched");
        File.Copy(checkpoint.Path, fetched);
        var damaged = Path.Combine(tables.NewFolder(), "damaged");
        var bytes = await File.ReadAllBytesAsync(fetched);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(damaged, bytes);
        var resumed = await WorkerRun.OfAsync(OrderBuilder.Train(tables, shop, TimeSpan.FromSeconds(10), damaged, fetched));

        Assert.AreEqual(0, resumed.ExitCode, resumed.Errors);
        Assert.IsNotNull(resumed.Completed);
        var firstStep = resumed.Progress.First(p => p.Metrics.ContainsKey("optimiser_step")).Metrics["optimiser_step"];
        Assert.IsGreaterThanOrEqualTo(checkpoint.Step, firstStep);
        CollectionAssert.AreEqual(
            new[] { (0, "cannot be read") }, resumed.Outputs.Select(o => o.CheckpointRefused).OfType<CheckpointRefused>().Select(r => (r.Number, r.Reason)).ToList());
    }

    [TestMethod]
    public async Task Progress_only_grows_within_a_step_and_comes_at_most_about_ten_times_a_second()
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 1000, 1), TimeSpan.FromSeconds(3)));

        foreach (var step in run.Progress.GroupBy(p => p.Step))
        {
            var fractions = step.Select(p => p.Fraction).ToList();
            CollectionAssert.AreEqual(fractions.Order().ToList(), fractions, step.Key);
            Assert.AreEqual(1, fractions[^1], step.Key);
        }

        var seconds = run.Completed.Metrics["seconds_train"];
        Assert.IsLessThanOrEqualTo((11 * seconds) + 5, run.Progress.Count(p => p.Step == "train"));
    }

    private async Task<List<string>> CitiesAsync(string model, long rows, params (string Column, string Value)[] given)
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Generate(tables, model, rows, given));
        Assert.IsNotNull(run.Completed);
        return [.. run.Outputs.Where(o => o.Part is not null).SelectMany(o => File.ReadAllLines(o.Part.Path)).Skip(1).Select(l => l.Split(',')[2])];
    }
}
