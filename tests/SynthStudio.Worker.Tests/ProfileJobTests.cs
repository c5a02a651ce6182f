using System.Text.Json;
using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

[TestClass]
public sealed class ProfileJobTests : IDisposable
{
    private readonly TestTables tables = new();

    public void Dispose() => tables.Dispose();

    [TestMethod]
    public async Task A_table_is_profiled_and_its_schema_inferred()
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Profile(tables, tables.WriteShop("shop.csv", 500, 1)));

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        Assert.AreNotEqual(0, run.Outputs[0].Started.ProcessId);
        Assert.AreEqual("cpu", run.Outputs[0].Started.Device);
        var roles = run.Completed.Artifacts.ToDictionary(a => a.Role, a => File.ReadAllText(a.Path));
        using var schema = JsonDocument.Parse(roles["schema"]);
        CollectionAssert.AreEqual(
            new[] { "age", "price", "city", "bought" },
            schema.RootElement.GetProperty("columns").EnumerateObject().Select(c => c.Name).ToArray());
        using var profile = JsonDocument.Parse(roles["profile"]);
        Assert.AreEqual(500, run.Completed.Metrics["rows"]);
        Assert.AreEqual(4, run.Completed.Metrics["columns"]);
        Assert.IsGreaterThan(10_000_000, run.Completed.PeakMemoryBytes);
        CollectionAssert.AreEqual(new[] { "ingest", "profile" }, run.Progress.Select(p => p.Step).Distinct().ToArray());
    }

    [TestMethod]
    [DataRow("a,b,a\n1,2,3\n", "DUPLICATE_COLUMN", "a")]
    [DataRow("a,,c\n1,2,3\n", "EMPTY_COLUMN_NAME", "")]
    [DataRow("a,b\n", "NO_ROWS", "")]
    public async Task Bad_data_is_the_users_to_mend(string csv, string reason, string subject)
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Profile(tables, tables.Write("bad.csv", csv)));

        Assert.AreEqual(0, run.ExitCode);
        Assert.AreEqual(Failed.Types.Class.User, run.Failed.Class);
        Assert.AreEqual(reason, run.Failed.Reason);
        Assert.AreEqual(subject, run.Failed.Subject);
        Assert.IsFalse(string.IsNullOrWhiteSpace(run.Failed.Message));
    }

    [TestMethod]
    public async Task A_schema_that_names_an_absent_column_is_refused()
    {
        var order = OrderBuilder.Profile(tables, tables.WriteShop("shop.csv", 50, 1));
        order.Profile.Data.SchemaJson = """{"columns": {"height": "numerical"}}""";

        var run = await WorkerRun.OfAsync(order);

        Assert.AreEqual("UNKNOWN_COLUMN", run.Failed.Reason);
        Assert.AreEqual("height", run.Failed.Subject);
    }
}
