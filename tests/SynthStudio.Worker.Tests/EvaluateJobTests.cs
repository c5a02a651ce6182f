using System.Text.Json;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

[TestClass]
public sealed class EvaluateJobTests : IDisposable
{
    private readonly TestTables tables = new();

    public void Dispose() => tables.Dispose();

    [TestMethod]
    public async Task Fresh_rows_of_the_same_source_score_well()
    {
        var order = OrderBuilder.Evaluate(
            tables, tables.WriteShop("train.csv", 600, 1), tables.WriteShop("synthetic.csv", 600, 2), tables.WriteShop("holdout.csv", 600, 3));

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        Assert.IsGreaterThan(.9, run.Completed.Metrics["shape"]);
        Assert.IsInRange(run.Completed.Metrics["shape_low"], run.Completed.Metrics["shape_high"], run.Completed.Metrics["shape"]);
        Assert.AreEqual(run.Completed.Metrics["shape_ceiling"], run.Completed.Metrics["shape"], .03);
        Assert.IsGreaterThan(.4, run.Completed.Metrics["dcr_share"]);
        using var report = JsonDocument.Parse(File.ReadAllText(run.Completed.Artifacts.Single(a => a.Role == "report").Path));
        Assert.AreEqual(JsonValueKind.Object, report.RootElement.ValueKind);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(run.Completed.Artifacts.Single(a => a.Role == "report_html").Path));
        var guarded = File.ReadAllText(run.Completed.Artifacts.Single(a => a.Role == "report_guarded_html").Path);
        Assert.StartsWith("<!DOCTYPE html>", guarded);
        Assert.Contains("For readers who may not see real rows", guarded);
        Assert.DoesNotContain("Distribution of", guarded);
        CollectionAssert.AreEqual(new[] { "ingest", "score" }, run.Progress.Select(p => p.Step).Distinct().ToArray());
        Assert.AreEqual(1, run.Progress.Last().Fraction);
    }

    [TestMethod]
    public async Task Held_back_rows_of_one_file_are_the_holdout_and_shadow_models_are_trained_when_asked_for()
    {
        var table = tables.WriteShop("train.csv", 1000, 1);
        var order = OrderBuilder.Evaluate(tables, table, tables.WriteShop("synthetic.csv", 900, 2), table);
        order.Evaluate.Train.Split = new Split { Seed = 3 };
        order.Evaluate.Holdout.Split = new Split { Seed = 3, HeldBack = true };
        order.Evaluate.Settings = new EvaluationSettings { ShadowModels = 2, ShadowMethod = "cart" };

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        using var report = JsonDocument.Parse(File.ReadAllText(run.Completed.Artifacts.Single(a => a.Role == "report").Path));
        var sampling = report.RootElement.GetProperty("sampling");
        Assert.AreEqual((900, 100), (sampling.GetProperty("train_rows").GetInt32(), sampling.GetProperty("holdout_rows").GetInt32()));
        var shadows = report.RootElement.GetProperty("privacy").GetProperty("shadows");
        Assert.AreEqual(("cart", 2, 100), (shadows.GetProperty("method").GetString(), shadows.GetProperty("count").GetInt32(), shadows.GetProperty("people").GetInt32()));
    }

    [TestMethod]
    public async Task Cells_that_are_not_of_the_columns_kind_are_counted_and_told_of()
    {
        var synthetic = tables.WriteShop("synthetic.csv", 100, 2);
        var lines = File.ReadAllLines(synthetic);
        foreach (var row in (int[])[3, 50]) lines[row] = "many" + lines[row][lines[row].IndexOf(',', StringComparison.Ordinal)..];
        File.WriteAllLines(synthetic, lines);

        var run = await WorkerRun.OfAsync(OrderBuilder.Evaluate(tables, tables.WriteShop("train.csv", 100, 1), synthetic));

        using var report = JsonDocument.Parse(File.ReadAllText(run.Completed.Artifacts.Single(a => a.Role == "report").Path));
        var validity = report.RootElement.GetProperty("validity");
        Assert.Contains("age: 2.00 % of the cells are not of the column's kind", validity.GetProperty("notes")[0].GetString()!);
        Assert.AreEqual(0.02, validity.GetProperty("columns")[0].GetProperty("invalid_synthetic").GetDouble(), 1e-9);
    }

    [TestMethod]
    public async Task What_a_generator_promises_is_said_with_what_the_promise_does_not_cover()
    {
        var order = OrderBuilder.Evaluate(tables, tables.WriteShop("train.csv", 100, 1), tables.WriteShop("synthetic.csv", 100, 2));
        order.Evaluate.Generator = new() { Method = "mst", ModelSha256 = "ab", Epsilon = 1, Delta = 1e-6 };

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        using var report = JsonDocument.Parse(File.ReadAllText(run.Completed.Artifacts.Single(a => a.Role == "report").Path));
        Assert.AreEqual(1, report.RootElement.GetProperty("provenance").GetProperty("guarantee").GetProperty("epsilon").GetDouble());
        Assert.IsGreaterThan(5, report.RootElement.GetProperty("outside_guarantee").GetArrayLength());
    }

    [TestMethod]
    public async Task A_synthetic_table_without_one_of_the_columns_is_refused_by_name()
    {
        var order = OrderBuilder.Evaluate(tables, tables.WriteShop("train.csv", 100, 1), tables.Write("synthetic.csv", "age,price,city\n1,2.00,Ulm\n"));

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual("MISSING_COLUMN", run.Failed.Reason);
        Assert.AreEqual("bought", run.Failed.Subject);
    }
}
