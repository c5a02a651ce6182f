using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

/// <summary>Ordered categories and durations are numbers to every method, and come out as they are written.</summary>
[TestClass]
public sealed class OrdinalAndDurationTests
{
    private static readonly CategoryOrder Grades = new(["none", "low", "mid", "high", "top"]);

    private static readonly Table Table = Make(1_500);

    [TestMethod]
    [DataRow("independent")]
    [DataRow("copula")]
    [DataRow("cart")]
    [DataRow("tvae")]
    [DataRow("autoregressive")]
    public void Every_method_draws_values_of_the_order_and_durations_of_the_precision(string method)
    {
        using var model = method is "independent" or "copula" or "cart"
            ? Methods.Fit(method, Table)
            : Methods.Fit(method, Table, options: method == "tvae" ? [("epochs", "3")] : [("steps", "100"), ("width", "64")]);
        var drawn = Methods.Draw(model, 1_000);
        Assert.IsTrue(drawn.Values("grade").All(rank => rank is 0 or 1 or 2 or 3 || double.IsNaN(rank)), "top is rare");
        Assert.IsTrue(drawn.Values("took").All(seconds => seconds >= 0 && seconds % 60 == 0));
    }

    [TestMethod]
    public void A_range_of_the_order_and_of_durations_can_be_given_in_their_spelling()
    {
        using var model = Methods.Fit("cart", Table);
        var request = new SampleRequest
        {
            Rows = 300, Seed = 1, ChunkRows = 300, FirstChunkRows = 300,
            Given = new Dictionary<string, Condition>
            {
                ["grade"] = Condition.Between(new RangeBound("mid"), null), ["took"] = Condition.Between(null, new RangeBound("3:00:00", Inclusive: false)),
            },
        };
        var drawn = model.Sample(request, CancellationToken.None).Single();
        Assert.IsTrue(drawn.Values("grade").All(rank => rank >= 2));
        Assert.IsTrue(drawn.Values("took").All(seconds => seconds < 3 * 3_600));
        Assert.AreEqual(SynthesisError.ImpossibleCondition, Assert.ThrowsExactly<SynthesisException>(
            () => Methods.Draw(model, 10, given: ("grade", "huge"))).Error);
    }

    [TestMethod]
    public void An_inequality_between_two_ordered_columns_holds_in_every_row()
    {
        var ruled = new Table(Table.Schema with { Constraints = [new InequalityConstraint("up", "grade", "later", Strict: false)] }, Table.Columns);
        using var model = Methods.Fit("independent", ruled);
        var drawn = Methods.Draw(model, 1_000);
        var (grade, later) = (drawn.Values("grade"), drawn.Values("later"));
        Assert.IsTrue(Enumerable.Range(0, grade.Length).All(row => double.IsNaN(grade[row]) || double.IsNaN(later[row]) || grade[row] <= later[row]));
        Assert.IsTrue(later.All(rank => double.IsNaN(rank) || rank is >= 0 and <= 4 && double.IsInteger(rank)));
    }

    private static Table Make(int rows)
    {
        var random = new SeededStream(9, StreamPurpose.Codec, 5);
        double[] grade = new double[rows], later = new double[rows], took = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            grade[row] = row < 2 ? 4 : random.NextDouble() < 0.1 ? double.NaN : random.NextInt(4);
            later[row] = double.IsNaN(grade[row]) ? 1 : Math.Min(4, grade[row] + random.NextInt(2));
            took[row] = 60 * (30 * (1 + (double.IsNaN(grade[row]) ? 0 : grade[row])) + random.NextInt(90));
        }

        return TestTables.Make(
            new NumericColumn(new() { Name = "grade", Kind = ColumnKind.Ordinal, Order = Grades }, grade),
            new NumericColumn(new() { Name = "later", Kind = ColumnKind.Ordinal, Order = Grades }, later),
            new NumericColumn(new() { Name = "took", Kind = ColumnKind.Duration, Format = "[h]:mm:ss" }, took));
    }
}
