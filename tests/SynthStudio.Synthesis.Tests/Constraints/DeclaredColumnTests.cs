using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Bounds and values that a schema file declares of a column hold for every row, and what contradicts them is told by count.</summary>
[TestClass]
public sealed class DeclaredColumnTests
{
    private const int Rows = 1_000;

    [TestMethod]
    [DataRow("independent")]
    [DataRow("copula")]
    [DataRow("cart")]
    [DataRow("bootstrap")]
    public void No_row_leaves_them_and_training_rows_that_do_are_counted(string method)
    {
        using var model = Methods.Fit(method, People());
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        var ((first, report), (second, reportOfLoaded)) = (Methods.DrawWithReport(model, 2_000), Methods.DrawWithReport(loaded, 2_000));
        foreach (var drawn in new[] { first, second })
        {
            Assert.IsTrue(drawn.Values("age").All(age => age is >= 0 and <= 120));
            Assert.IsTrue(drawn.Texts("plan").All(plan => plan is "basic" or "pro"));
        }

        Assert.AreEqual((30L, 20L), (report.BrokenInTraining["bounds of age"], report.BrokenInTraining["values of plan"]));
        Assert.AreEqual(40, report.RowsLeftOut, "ten rows break both");
        Assert.AreEqual(30, loaded.Metrics["constraints.broken_in_training.bounds of age"]);
        Assert.AreEqual(2_000, reportOfLoaded.Drawn, "no row is drawn in vain");
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("cart")]
    public void Values_that_are_listed_are_no_secret_however_rare(string method)
    {
        var table = TestTables.Make(TestTables.Coded("code", ColumnKind.Categorical, Enumerable.Range(0, 600).Select(row => $"code {row / 2}")));
        var listed = new FixedCombinationsConstraint("values of code", ["code"], [.. Enumerable.Range(0, 300).Select(code => (IReadOnlyList<string>)[$"code {code}"])]);
        using var model = Methods.Fit(method, new Table(table.Schema with { ColumnRules = [listed] }, table.Columns));

        var (rows, report) = Methods.DrawWithReport(model, 500);
        var drawn = rows.Texts("code").ToList();

        Assert.IsTrue(drawn.TrueForAll(code => listed.Allowed!.Any(allowed => allowed[0] == code)));
        Assert.IsGreaterThan(100, drawn.Distinct().Count());
        Assert.AreEqual(500, report.Drawn, "no row is drawn in vain");
    }

    [TestMethod]
    public void Filled_cells_keep_them()
    {
        using var model = AutoregressiveTests.Fit(People(), steps: 30);
        var unknown = TestTables.Make(
            TestTables.Numbers("age", ColumnKind.Integer, Enumerable.Repeat(double.NaN, 200)),
            TestTables.Coded("plan", ColumnKind.Categorical, Enumerable.Repeat((string?)null, 200)));
        var filled = model.Require<IImputer>().Impute(unknown, 1, CancellationToken.None);
        Assert.IsTrue(filled.Values("age").All(age => age is >= 0 and <= 120));
        Assert.IsTrue(filled.Texts("plan").All(plan => plan is "basic" or "pro"));
    }

    [TestMethod]
    public void Data_that_mostly_contradict_them_are_refused_with_the_rule_and_without_values()
    {
        var table = People();
        var wrong = new Table(table.Schema with { ColumnRules = [new RangeConstraint("bounds of age", "age", "5000", null)] }, table.Columns);
        var refusal = Assert.ThrowsExactly<SynthesisException>(() => Methods.Fit("independent", wrong));
        Assert.AreEqual(SynthesisError.ConstraintsNotMet, refusal.Error);
        StringAssert.Contains(refusal.Message, "'bounds of age' by 1000", StringComparison.Ordinal);
    }

    /// <summary>Ages and plans, of which rows 0 to 29 have an impossible age and rows 20 to 39 a plan that is not listed.</summary>
    private static Table People()
    {
        var random = new SeededStream(1, StreamPurpose.Codec, 90);
        var ages = Enumerable.Range(0, Rows).Select(row => row < 30 ? 999.0 : random.NextInt(90)).ToArray();
        var plans = Enumerable.Range(0, Rows).Select(row => row is >= 20 and < 40 ? "trial" : random.NextInt(3) == 0 ? "pro" : "basic");
        var table = TestTables.Make(TestTables.Numbers("age", ColumnKind.Integer, ages), TestTables.Coded("plan", ColumnKind.Categorical, plans));
        return new Table(
            table.Schema with
            {
                ColumnRules = [new RangeConstraint("bounds of age", "age", "0", "120"), new FixedCombinationsConstraint("values of plan", ["plan"], [["basic"], ["pro"]])],
            },
            table.Columns);
    }
}
