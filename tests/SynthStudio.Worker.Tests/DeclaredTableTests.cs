using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Tests;

/// <summary>The executable trains a method that reads no data, and draws from its package as from any other.</summary>
[TestClass]
public sealed class DeclaredTableTests : IDisposable
{
    private const string People = """{"columns": {"id": {"type": "sequence"}, "city": {"type": "category", "values": ["Ulm", "Bonn"]}, "half": {"type": "expression", "expression": "id / 2", "decimals": 0}}}""";

    private readonly TestTables tables = new();

    public void Dispose() => tables.Dispose();

    [TestMethod]
    public async Task A_declaration_becomes_a_package_and_the_package_rows()
    {
        var training = await WorkerRun.OfAsync(OrderBuilder.Declare(tables, People));
        Assert.AreEqual(0, training.ExitCode, training.Errors);
        var model = training.Completed.Artifacts.Single();
        Assert.AreEqual("model", model.Role);
        Assert.AreEqual((0.0, 3.0), (training.Completed.Metrics["rows"], training.Completed.Metrics["columns"]));
        Assert.AreEqual("", training.Completed.PrivacyStatementJson, "Nothing is promised.");
        CollectionAssert.IsSubsetOf(new[] { "train", "verify" }, training.Progress.Select(p => p.Step).Distinct().ToArray());

        var drawing = await WorkerRun.OfAsync(OrderBuilder.Generate(tables, model.Path, 1000));

        Assert.AreEqual(0, drawing.ExitCode, drawing.Errors);
        var lines = drawing.Outputs.Where(o => o.Part is not null).SelectMany(o => File.ReadLines(o.Part.Path)).ToList();
        Assert.HasCount(1001, lines);
        Assert.AreEqual("id,city,half", lines[0]);
        for (var i = 1; i <= 1000; i++)
        {
            Assert.IsTrue(lines[i].Split(',') is [var id, "Ulm" or "Bonn", var half] && id == $"{i}" && half == $"{Math.Round(i / 2.0)}", lines[i]);
        }
    }

    [TestMethod]
    public async Task A_declaration_that_is_wrong_is_its_writers_fault()
    {
        var run = await WorkerRun.OfAsync(OrderBuilder.Declare(tables, """{"columns": {"age": {"type": "magic"}}}"""));

        Assert.AreEqual((Failed.Types.Class.User, "OPTION_OUT_OF_RANGE", "declaration"), (run.Failed.Class, run.Failed.Reason, run.Failed.Subject));
        Assert.Contains("the type 'magic' is unknown", run.Failed.Message);
    }
}
