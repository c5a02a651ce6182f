using System.Globalization;
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
        // It ends by itself, long before.
        var training = await WorkerRun.OfAsync(OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 1500, 1), TimeSpan.FromMinutes(2)));
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
        await TermsAreMetAsync(model);
        await MissingCellsAreFilledAndRowsScoredAsync(model);
        await ColumnsArePredictedAsync(model);
        await AnotherTrainingLearnsOnAsync(model);
    }

    [TestMethod]
    public async Task A_training_that_holds_back_rows_reports_beside_them()
    {
        var order = OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 1000, 1), TimeSpan.FromSeconds(20));
        (order.Train.Method, order.Train.Report, order.Train.Data.Split) = ("cart", true, new Split { Seed = 1 });

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        Assert.AreEqual((1000, 900), (run.Completed.Metrics["rows"], run.Completed.Metrics["rows_learned"]));
        foreach (var expected in new[] { "estimated_seconds", "estimated_memory_bytes" })
        {
            Assert.IsGreaterThan(0, run.Completed.Metrics[expected]);
            Assert.AreEqual(run.Completed.Metrics[expected], run.Progress.Last(p => p.Step == "ingest").Metrics[expected], "It is told when the training starts.");
        }

        Assert.IsGreaterThan(.8, run.Completed.Metrics["shape"]);
        Assert.IsTrue(run.Completed.Metrics.ContainsKey("dcr_share"));
        CollectionAssert.AreEquivalent(new[] { "model", "report", "report_html", "report_guarded_html" }, run.Completed.Artifacts.Select(a => a.Role).ToArray());
        Assert.AreEqual(1, run.Progress.Last().Fraction);
    }

    [TestMethod]
    public async Task Keys_of_people_held_back_do_not_come_out()
    {
        // Keys leave no gap but those of rows that are held back.
        var keys = Enumerable.Range(1_000, 1_000).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
        var order = OrderBuilder.Train(
            tables, tables.Write("keyed.csv", "customer_id,city\n" + string.Concat(keys.Select((key, i) => $"{key},{(i % 3 == 0 ? "Ulm" : "Bonn")}\n"))), TimeSpan.FromSeconds(20));
        (order.Train.Method, order.Train.Data.Split) = ("cart", new Split { Seed = 1 });
        var run = await WorkerRun.OfAsync(order);
        Assert.AreEqual(900, run.Completed.Metrics["rows_learned"], run.Errors);

        var generated = await WorkerRun.OfAsync(OrderBuilder.Generate(tables, run.Completed.Artifacts.Single(a => a.Role == "model").Path, 500));
        var drawn = generated.Outputs.Where(o => o.Part is not null).SelectMany(o => File.ReadLines(o.Part.Path))
            .Skip(1).Select(line => line.Split(',')[0]).ToList();
        Assert.HasCount(500, drawn.Distinct());
        Assert.IsEmpty(drawn.Intersect(keys));
    }

    [TestMethod]
    public async Task Of_a_private_table_nothing_is_held_back()
    {
        var order = OrderBuilder.TrainPrivately(
            tables, tables.Write("t.csv", "a\n" + string.Concat(Enumerable.Repeat("x\ny\n", 200))),
            """{"rows": 400, "columns": {"a": {"kind": "categorical", "values": ["x", "y"]}}}""", 1);
        (order.Train.Report, order.Train.Data.Split) = (true, new Split { Seed = 1 });

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        CollectionAssert.AreEqual(new[] { "model" }, run.Completed.Artifacts.Select(a => a.Role).ToArray());
    }

    private async Task TermsAreMetAsync(string model)
    {
        var order = OrderBuilder.Generate(tables, model, 400);
        order.Generate.Terms = new DrawingTerms
        {
            Conditions =
            {
                new ColumnCondition { Column = "age", Range = new ValueRange { Low = "30", High = "50", HighExclusive = true } },
                new ColumnCondition { Column = "city", Values = new ValueSet { Values = { "Ulm", "Bonn" } } },
            },
            Shares = { new ColumnShares { Column = "bought", Shares = { ["yes"] = .25, ["no"] = .75 } } },
        };
        var run = await WorkerRun.OfAsync(order);
        var rows = run.Outputs.Where(o => o.Part is not null).SelectMany(o => File.ReadLines(o.Part.Path)).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.HasCount(400, rows);
        Assert.IsTrue(rows.All(row => int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture) is >= 30 and < 50 && row[2] is "Ulm" or "Bonn"));
        Assert.AreEqual(100, rows.Count(row => row[3] == "yes"), 1);
    }

    private async Task MissingCellsAreFilledAndRowsScoredAsync(string model)
    {
        var holes = tables.Write("holes.csv", "note,age,price,city,bought\n\"a, b\",40.0,,Ulm,yes\n007,41,20.125,,no\n");
        var data = new DataFile { Path = holes, FileName = "holes.csv" };
        var impute = OrderBuilder.Generate(tables, model, 1);
        impute.Impute = new ImputeOrder { Model = model, Data = data, Seed = 1 };
        var imputed = await WorkerRun.OfAsync(impute);
        var lines = File.ReadAllLines(imputed.Completed.Artifacts.Single().Path);
        Assert.AreEqual(2, imputed.Completed.Metrics["cells_filled"]);
        Assert.AreEqual("note,age,price,city,bought", lines[0]);
        Assert.IsTrue(lines[1].StartsWith("\"a, b\",40.0,", StringComparison.Ordinal) && lines[1].EndsWith(",Ulm,yes", StringComparison.Ordinal) && !lines[1].Contains(",,"));
        Assert.IsTrue(lines[2] is "007,41,20.125,Ulm,no" or "007,41,20.125,Bonn,no" or "007,41,20.125,Trier,no", lines[2]);

        var score = OrderBuilder.Generate(tables, model, 1);
        score.ScoreRows = new ScoreRowsOrder { Model = model, Data = data };
        var scored = await WorkerRun.OfAsync(score);
        Assert.HasCount(3, File.ReadAllLines(scored.Completed.Artifacts.Single().Path));
        Assert.IsLessThan(0, scored.Completed.Metrics["mean_log_likelihood"]);
    }

    private async Task ColumnsArePredictedAsync(string model)
    {
        var data = new DataFile { Path = tables.Write("few.csv", "price,city\n10.00,Ulm\n20.00,Bonn\n"), FileName = "few.csv" };
        var order = OrderBuilder.Generate(tables, model, 1);
        order.Predict = new PredictOrder { Model = model, Data = data, Column = "city" };
        var cities = await WorkerRun.OfAsync(order);
        Assert.AreEqual(0, cities.ExitCode, cities.Errors);
        var lines = File.ReadAllLines(cities.Completed.Artifacts.Single().Path);
        Assert.AreEqual("probability:Bonn,probability:Trier,probability:Ulm", lines[0]);
        foreach (var row in lines.Skip(1)) Assert.AreEqual(1, row.Split(',').Sum(cell => double.Parse(cell, CultureInfo.InvariantCulture)), 1e-4);

        order.Predict = new PredictOrder { Model = model, Data = data, Column = "age", Quantiles = { 0.1, 0.9 } };
        var ages = await WorkerRun.OfAsync(order);
        lines = File.ReadAllLines(ages.Completed.Artifacts.Single().Path);
        Assert.MatchesRegex("^(probability:[0-9]+,)*mean,quantile:0.1,quantile:0.9$", lines[0]);
        var first = lines[1].Split(',')[^3..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToList();
        Assert.IsTrue(first[1] < first[0] && first[0] < first[2]);

        order.Predict = new PredictOrder { Model = model, Data = data, Column = "colour" };
        Assert.AreEqual("UNKNOWN_COLUMN", (await WorkerRun.OfAsync(order)).Failed.Reason);
    }

    private async Task AnotherTrainingLearnsOnAsync(string model)
    {
        var path = tables.WriteShop("next.csv", 1500, 2);
        var next = await WorkerRun.OfAsync(OneStep(model));
        Assert.AreEqual(0, next.ExitCode, next.Errors);
        Assert.IsGreaterThan(.8, next.Completed.Metrics["verify_shape"]);
        var anew = await WorkerRun.OfAsync(OneStep(""));
        Assert.IsLessThan(anew.Completed.Metrics["best_validation_loss"], next.Completed.Metrics["best_validation_loss"]);

        var other = OneStep(model);
        other.Train.Method = "cart";
        other.Train.Options.Clear();
        Assert.AreEqual("UNSUPPORTED", (await WorkerRun.OfAsync(other)).Failed.Reason);

        JobOrder OneStep(string start)
        {
            var order = OrderBuilder.Train(tables, path, TimeSpan.FromSeconds(20));
            (order.Train.StartFrom, order.Train.Options["steps"]) = (start, "1");
            return order;
        }
    }

    [TestMethod]
    public async Task A_condition_on_an_unknown_column_is_the_users_to_mend()
    {
        var order = OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 300, 1), TimeSpan.FromMinutes(2));
        order.Train.Options["steps"] = "50";
        var training = await WorkerRun.OfAsync(order);
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
        order.Train.Options["steps"] = "100000";

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
        var isAsked = false;
        var paused = await WorkerRun.OfAsync(Endless(TimeSpan.FromMinutes(2)), (worker, output) =>
        {
            if (isAsked || output.Checkpoint is null) return Task.CompletedTask;
            isAsked = true;
            return worker.WishAsync(Control.Types.Wish.Pause, default).AsTask();
        });
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
        var resumed = await WorkerRun.OfAsync(Endless(TimeSpan.FromSeconds(10), damaged, fetched));

        Assert.AreEqual(0, resumed.ExitCode, resumed.Errors);
        Assert.IsNotNull(resumed.Completed);
        var firstStep = resumed.Progress.First(p => p.Metrics.ContainsKey("optimiser_step")).Metrics["optimiser_step"];
        Assert.IsGreaterThanOrEqualTo(checkpoint.Step, firstStep);
        CollectionAssert.AreEqual(
            new[] { (0, "cannot be read") }, resumed.Outputs.Select(o => o.CheckpointRefused).OfType<CheckpointRefused>().Select(r => (r.Number, r.Reason)).ToList());

        // More steps than any machine makes in the time.
        JobOrder Endless(TimeSpan maxTime, params string[] checkpoints)
        {
            var order = OrderBuilder.Train(tables, shop, maxTime, checkpoints);
            order.Train.Options["steps"] = "100000";
            return order;
        }
    }

    [TestMethod]
    public async Task Progress_only_grows_within_a_step_and_comes_at_most_about_ten_times_a_second()
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Train(tables, tables.WriteShop("shop.csv", 1000, 1), TimeSpan.FromMinutes(2)));

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
