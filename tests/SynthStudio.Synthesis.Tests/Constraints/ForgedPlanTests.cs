using System.Text.Json.Nodes;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>
/// Plans as somebody writes them who computes checksums anew: what no model writes is refused when the package is read, not when rows are drawn.
/// </summary>
[TestClass]
public sealed class ForgedPlanTests
{
    private const string Entry = "constraints.json", Column = """{"Name":"a","Kind":"Decimal"}""";

    /// <summary>One transform of each kind as it is stored, but for points, which have tests of their own.</summary>
    private static readonly Dictionary<string, string> Transforms = new()
    {
        ["joined"] = "{\"transform\":\"joined\",\"Name\":\"a & b\",\"Columns\":[" + Column + "],\"Combinations\":[\"x\"]}",
        ["difference"] = "{\"transform\":\"difference\",\"Low\":\"a\",\"High\":" + Column + ",\"Difference\":" + Column + "}",
        ["total"] = "{\"transform\":\"total\",\"Parts\":[\"a\"],\"Total\":" + Column + ",\"Rest\":" + Column + "}",
        ["duplicate"] = "{\"transform\":\"duplicate\",\"Schema\":" + Column + ",\"Source\":\"a\"}",
        ["zoned"] = "{\"transform\":\"zoned\",\"Moment\":" + Column + ",\"Offsets\":[60],\"Periods\":[{\"From\":0,\"Offset\":60}]}",
    };

    private static ITabularModel model = null!;
    private static byte[] package = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        var numbers = Enumerable.Range(0, 200).Select(i => (double)(i % 50)).ToArray();
        var table = TestTables.Make(
            TestTables.Numbers("a", ColumnKind.Integer, numbers),
            TestTables.Numbers("b", ColumnKind.Integer, numbers.Select((n, i) => n + (i % 7))));
        var ruled = table.Schema with { Constraints = [new InequalityConstraint("a <= b", "a", "b", false)] };
        model = Methods.Fit("independent", new Table(ruled, table.Columns));
        package = AutoregressiveTests.Save(model).ToArray();
    }

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    public void The_plan_that_is_forged_is_good()
    {
        using var same = Synthesizers.Load(PackageWith(Plan()), Device.Cpu);
        Assert.AreEqual(TestTables.Text([Methods.Draw(model, 100)]), TestTables.Text([Methods.Draw(same, 100)]));
    }

    [TestMethod]
    [DataRow("Schema")]
    [DataRow("Transforms")]
    [DataRow("Ranges")]
    [DataRow("Report")]
    public void A_part_that_is_null_is_refused(string part)
    {
        var plan = Plan();
        plan[part] = null;
        AssertRefused(plan);
    }

    [TestMethod]
    [DataRow("Schema", "Columns")]
    [DataRow("Schema", "Constraints")]
    [DataRow("Schema", "ColumnRules")]
    [DataRow("Schema", "Domains")]
    [DataRow("Schema", "Population")]
    [DataRow("Report", "BrokenInTraining")]
    [DataRow("Report", "Rejected")]
    public void A_part_of_a_part_that_is_null_is_refused(string part, string inner)
    {
        var plan = Plan();
        plan[part]![inner] = null;
        AssertRefused(plan);
    }

    [TestMethod]
    [DataRow("[null]", "Transforms")]
    [DataRow("[null]", "Ranges")]
    [DataRow("""[{"Column":null,"Least":0,"Most":1}]""", "Ranges")]
    public void A_list_with_a_null_in_it_is_refused(string list, string part)
    {
        var plan = Plan();
        plan[part] = JsonNode.Parse(list);
        AssertRefused(plan);
    }

    [TestMethod]
    [DataRow("[null]", "Columns")]
    [DataRow("""[{"Name":null,"Kind":"Integer"}]""", "Columns")]
    [DataRow("[null]", "Constraints")]
    [DataRow("""[{"rule":"range","Name":null,"Column":"a","Least":"0","Most":null}]""", "ColumnRules")]
    public void A_schema_with_a_null_in_it_is_refused(string list, string part)
    {
        var plan = Plan();
        plan["Schema"]![part] = JsonNode.Parse(list);
        AssertRefused(plan);
    }

    [TestMethod]
    [DataRow("joined", "Name", "null")]
    [DataRow("joined", "Columns", "null")]
    [DataRow("joined", "Columns", "[null]")]
    [DataRow("joined", "Columns", """[{"Name":null,"Kind":"Integer"}]""")]
    [DataRow("joined", "Combinations", "null")]
    [DataRow("joined", "Combinations", "[null]")]
    [DataRow("difference", "Low", "null")]
    [DataRow("difference", "High", "null")]
    [DataRow("difference", "Difference", "null")]
    [DataRow("total", "Parts", "null")]
    [DataRow("total", "Parts", "[null]")]
    [DataRow("total", "Total", "null")]
    [DataRow("total", "Rest", """{"Name":null,"Kind":"Integer"}""")]
    [DataRow("duplicate", "Schema", "null")]
    [DataRow("duplicate", "Source", "null")]
    [DataRow("zoned", "Moment", "null")]
    [DataRow("zoned", "Offsets", "null")]
    [DataRow("zoned", "Offsets", "[]")]
    [DataRow("zoned", "Periods", "[]")]
    [DataRow("zoned", "Periods", "[null]")]
    public void A_transform_in_which_something_is_null_is_refused(string kind, string part, string forged)
    {
        using (Synthesizers.Load(PackageWith(PlanOf(Transforms[kind])), Device.Cpu)) // As a model writes it.
        {
            var transform = JsonNode.Parse(Transforms[kind])!;
            transform[part] = JsonNode.Parse(forged);
            AssertRefused(PlanOf(transform.ToJsonString()));
            transform.AsObject().Remove(part);
            if (forged == "null") AssertRefused(PlanOf(transform.ToJsonString()));
        }
    }

    private static JsonObject Plan() => JsonNode.Parse(ModelPackage.Open(new MemoryStream(package))[Entry])!.AsObject();

    private static JsonObject PlanOf(string transform)
    {
        var plan = Plan();
        plan["Transforms"] = JsonNode.Parse($"[{transform}]");
        return plan;
    }

    private static void AssertRefused(JsonObject plan)
    {
        var json = System.Text.Encoding.UTF8.GetBytes(plan.ToJsonString());
        Assert.AreEqual(SynthesisError.PackageCorrupt, Assert.ThrowsExactly<SynthesisException>(() => ConstraintPlan.FromJson(json)).Error);
        var error = Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Load(PackageWith(plan), Device.Cpu));
        Assert.AreEqual(SynthesisError.PackageCorrupt, error.Error);
    }

    private static MemoryStream PackageWith(JsonObject plan)
    {
        var opened = ModelPackage.Open(new MemoryStream(package));
        var entries = opened.Manifest.Entries.Keys.ToDictionary(name => name, name => opened[name]);
        entries[Entry] = System.Text.Encoding.UTF8.GetBytes(plan.ToJsonString());
        var forged = new MemoryStream();
        ModelPackage.Write(
            forged, opened.Manifest.Method, opened.Manifest.Schema, opened.Manifest.Facts, opened.Manifest.Metrics, entries, model.Privacy);
        forged.Position = 0;
        return forged;
    }
}
