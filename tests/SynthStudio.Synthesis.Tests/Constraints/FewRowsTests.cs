using SynthStudio.Synthesis.Constraints;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>What few rows say is neither kept as a rule nor written into the package.</summary>
[TestClass]
public sealed class FewRowsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(20)]
    public void The_range_of_few_values_is_left_open(int values)
    {
        var range = ValueRange.Of(Numbers("n", values));
        Assert.AreEqual((double.NegativeInfinity, double.PositiveInfinity), (range.Least, range.Most));
    }

    [TestMethod]
    public void The_range_of_many_values_has_neither_the_least_nor_the_greatest()
    {
        var range = ValueRange.Of(Numbers("n", 21));
        Assert.AreEqual((5 * 1_009.0, 17 * 1_009.0), (range.Least, range.Most));
    }

    [TestMethod]
    public void A_package_of_few_rows_does_not_hold_the_greatest_total()
    {
        var (part, other) = (Numbers("part", 20), Numbers("other", 20));
        var total = new NumericColumn(new() { Name = "total", Kind = ColumnKind.Integer }, [.. part.Values.Zip(other.Values, (a, b) => a + b)]);
        var table = TestTables.Make(part, other, total);
        var (plan, _) = ConstraintPlan.For(
            new Table(table.Schema with { Constraints = [new SumConstraint("sum", ["part", "other"], "total", null)] }, table.Columns), all: null,
            CancellationToken.None);
        var json = System.Text.Encoding.UTF8.GetString(plan!.ToJson());
        Assert.DoesNotContain($"{2 * 20 * 1_009}", json);
        Assert.HasCount(1, plan.Ranges);
    }

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(6, false)]
    [DataRow(7, true)]
    public void Two_columns_that_differ_from_their_commonest_value_in_few_rows_are_no_duplicates(int others, bool duplicates)
    {
        var flags = TestTables.Make(
            TestTables.Coded("a", ColumnKind.Boolean, Enumerable.Range(0, 30).Select(i => i < others ? "yes" : "no")),
            TestTables.Coded("b", ColumnKind.Boolean, Enumerable.Range(0, 30).Select(i => i < others ? "yes" : "no")));
        Assert.AreEqual(duplicates, DuplicateColumn.Find(flags).Any());
        var numbers = TestTables.Make(
            TestTables.Numbers("a", ColumnKind.Integer, Enumerable.Range(0, 30).Select(i => i < others ? i + 1.0 : 0)),
            TestTables.Numbers("b", ColumnKind.Integer, Enumerable.Range(0, 30).Select(i => i < others ? i + 1.0 : 0)));
        Assert.AreEqual(duplicates, DuplicateColumn.Find(numbers).Any());
    }

    private static NumericColumn Numbers(string name, int values) =>
        TestTables.Numbers(name, ColumnKind.Integer, Enumerable.Range(1, values).Select(i => i * 1_009.0));
}
