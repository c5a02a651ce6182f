using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

/// <summary>A training under terms tells its promise and what it spent, and nothing else of the table.</summary>
[TestClass]
public sealed class PrivateTrainingTests : IDisposable
{
    private const string Schema = """
        {"rows": 2000, "columns": {
          "plan": {"kind": "categorical", "values": ["a", "b"]}, "city": {"kind": "categorical", "values": ["x", "y", "z"]}}}
        """;

    private readonly TestTables tables = new();

    public void Dispose() => tables.Dispose();

    [TestMethod]
    public async Task It_says_what_it_spent_what_it_promises_and_no_more()
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.TrainPrivately(tables, Table(2137), Schema, epsilon: 1));

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        var spent = run.Outputs.Where(o => o.PrivacySpent is not null).Select(o => o.PrivacySpent).ToList();
        Assert.IsNotEmpty(spent);
        CollectionAssert.AreEqual(spent.Select(s => s.Epsilon).Order().ToList(), spent.Select(s => s.Epsilon).ToList());
        Assert.IsTrue(spent[^1].Epsilon is > 0 and <= 1, $"{spent[^1].Epsilon}");
        Assert.IsTrue(run.Progress.Where(p => p.Step == "verify").All(p => p.HasEpsilon && p.Epsilon == spent[^1].Epsilon));

        using var statement = JsonDocument.Parse(run.Completed.PrivacyStatementJson);
        Assert.IsTrue(statement.RootElement.GetProperty("guaranteed").GetBoolean());
        Assert.IsTrue(statement.RootElement.GetProperty("epsilon").GetDouble() is > 0.9 and <= 1);
        Assert.AreEqual(1e-6, statement.RootElement.GetProperty("delta").GetDouble());

        // The true number of rows is nowhere: the declared one is.
        var metrics = run.Completed.Metrics;
        Assert.AreEqual(2000, metrics["rows"]);
        Assert.IsFalse(metrics.Keys.Concat(run.Progress.SelectMany(p => p.Metrics.Keys)).Any(k => k.Contains("loss", StringComparison.Ordinal) || k == "verify_shape"));
        Assert.IsFalse(run.Progress.Any(p => p.Metrics.Values.Contains(2137)) || metrics.Values.Contains(2137));
        using var package = ZipFile.OpenRead(run.Completed.Artifacts.Single(a => a.Role == "model").Path);
        using var reader = new StreamReader(package.GetEntry("manifest.json")!.Open());
        var manifest = await reader.ReadToEndAsync();
        Assert.DoesNotContain("2137", manifest);
        Assert.DoesNotContain(new string('a', 64), manifest);
    }

    [TestMethod]
    public async Task Terms_and_a_method_that_cannot_keep_them_are_refused_before_the_table_is_used()
    {
        var order = OrderBuilder.TrainPrivately(tables, Table(100), Schema, epsilon: 1);
        order.Train.Method = "copula";

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual((Failed.Types.Class.User, "UNSUPPORTED"), (run.Failed.Class, run.Failed.Reason));
    }

    [TestMethod]
    public async Task A_cell_that_is_not_what_was_declared_is_told_to_nobody()
    {
        const string Declared = """{"rows": 400, "columns": {"days": {"kind": "integer", "min": 0, "max": 9}, "plan": {"kind": "categorical", "values": ["a"]}}}""";
        var rows = string.Concat(Enumerable.Range(0, 399).Select(i => $"{i % 10},a\n"));

        var run = await WorkerRun.OfAsync(OrderBuilder.TrainPrivately(tables, tables.Write("odd.csv", $"days,plan\n{rows}secret,nobody\n"), Declared, epsilon: 1));

        Assert.Contains("\"guaranteed\":true", run.Completed.PrivacyStatementJson);
        Assert.DoesNotContain("secret", string.Concat(run.Outputs) + run.Errors);
    }

    [TestMethod]
    public async Task A_withheld_table_gives_fingerprints_and_nothing_else()
    {
        var order = OrderBuilder.Profile(tables, Table(300));
        (order.Profile.Withheld, order.Profile.FingerprintKey) = (true, Google.Protobuf.ByteString.CopyFrom(new byte[16]));

        var run = await WorkerRun.OfAsync(order);

        CollectionAssert.AreEqual(new[] { "fingerprints" }, run.Completed.Artifacts.Select(a => a.Role).ToList());
        CollectionAssert.AreEqual(new[] { "seconds_ingest" }, run.Completed.Metrics.Keys.ToList());
        Assert.IsTrue(run.Progress.All(p => p.Metrics.Count == 0));
    }

    private string Table(int rows) => tables.Write("private.csv", "plan,city\n" + string.Concat(
        Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{"ab"[i % 2]},{"xyz"[i * 7 % 3]}\n"))));
}
