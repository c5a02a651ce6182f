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
    public async Task The_first_rows_are_kept_for_those_who_may_see_them()
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Profile(tables, tables.WriteShop("shop.csv", 500, 1)));

        using var preview = JsonDocument.Parse(File.ReadAllText(run.Completed.Artifacts.Single(a => a.Role == "preview").Path));
        Assert.AreEqual("age,price,city,bought", string.Join(',', preview.RootElement.GetProperty("columns").EnumerateArray().Select(c => c.GetString())));
        Assert.AreEqual(50, preview.RootElement.GetProperty("rows").GetArrayLength());
    }

    [TestMethod]
    public async Task Sets_of_columns_are_counted_and_versions_compared()
    {
        var (first, second) = (tables.WriteShop("first.csv", 500, 1), tables.WriteShop("second.csv", 700, 2));
        var counted = await WorkerRun.OfAsync(OrderBuilder.Analyze(tables, first, null, "age", "city"));
        using var sets = JsonDocument.Parse(File.ReadAllText(counted.Completed.Artifacts.Single().Path));
        Assert.AreEqual(500, sets.RootElement.GetProperty("rows").GetInt32());
        Assert.AreEqual(3, sets.RootElement.GetProperty("sets").GetArrayLength());
        CollectionAssert.AreEqual(new[] { "ingest", "analyse" }, counted.Progress.Select(p => p.Step).Distinct().ToArray());

        var compared = await WorkerRun.OfAsync(OrderBuilder.Analyze(tables, second, first));
        using var drift = JsonDocument.Parse(File.ReadAllText(compared.Completed.Artifacts.Single().Path));
        Assert.AreEqual((500, 700), (drift.RootElement.GetProperty("earlier_rows").GetInt32(), drift.RootElement.GetProperty("later_rows").GetInt32()));
        Assert.AreEqual(4, drift.RootElement.GetProperty("columns").GetArrayLength());
    }

    [TestMethod]
    public async Task A_table_is_written_as_csv_with_its_types_beside_it()
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Extract(tables, tables.Write("t.csv", "n;t\n1;x\n2;y\n")));

        var made = run.Completed.Artifacts.ToDictionary(artifact => artifact.Role, artifact => File.ReadAllText(artifact.Path));
        Assert.AreEqual("n,t\n1,x\n2,y\n", made["table"]);
        Assert.AreEqual("""[{"name":"n","type":"Integer"},{"name":"t","type":"Text"}]""", made["columns"]);
        Assert.AreEqual(2, run.Completed.Metrics["rows"]);
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
    public async Task What_is_declared_of_domains_and_people_is_still_there_after_profiling()
    {
        var order = OrderBuilder.Profile(tables, tables.Write("visits.csv", "who,days,ward,note\na,3,NA,x\nb,4,north,NA\n"));
        order.Profile.Data.SchemaJson = """
            {"unit": "who", "max_rows_per_unit": 2, "rows": 2, "columns": {
                "days": {"kind": "integer", "min": 0, "max": 30, "bins": 5}, "ward": {"kind": "categorical", "values": ["NA", "north"]},
                "note": {"kind": "categorical", "missing_markers": []}}}
            """;

        var run = await WorkerRun.OfAsync(order);

        using var schema = JsonDocument.Parse(File.ReadAllText(run.Completed.Artifacts.Single(a => a.Role == "schema").Path));
        var (root, columns) = (schema.RootElement, schema.RootElement.GetProperty("columns"));
        Assert.AreEqual(("who", 2, 2), (root.GetProperty("unit").GetString(), root.GetProperty("max_rows_per_unit").GetInt32(), root.GetProperty("rows").GetInt32()));
        var days = columns.GetProperty("days");
        Assert.AreEqual(
            (0, 30, 5), (days.GetProperty("min").GetInt32(), days.GetProperty("max").GetInt32(), days.GetProperty("bins").GetInt32()));
        Assert.AreEqual(2, columns.GetProperty("ward").GetProperty("values").GetArrayLength());
        Assert.AreEqual(0, columns.GetProperty("note").GetProperty("missing_markers").GetArrayLength());
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
