using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Mixed;

[TestClass]
public sealed class CtganTests
{
    private static ITabularModel model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => model = Methods.Fit("ctgan", TestTables.Shop(2_000), options:
    [
        ("epochs", "80"), ("generator_width", "64"), ("critic_width", "64"), ("embedding_dim", "32"), ("batch_size", "200"), ("learning_rate", "0.001"),
    ]);

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    public void Learns_what_depends_on_what()
    {
        var drawn = Methods.Draw(model, 4_000);
        var same = drawn.Texts("colour").Zip(drawn.Texts("size")).Share(pair => pair is ("red", "small") or ("green", "medium") or ("blue", "large"));
        Assert.IsGreaterThan(0.6, same);
        Assert.IsGreaterThan(0.58, drawn.Values("day").Zip(drawn.Texts("flag")).Share(pair => double.IsNaN(pair.First) == (pair.Second == "no")));
        Assert.IsTrue(drawn.Values("pieces").All(p => p is >= 0 and <= 8 && p == Math.Floor(p)));
    }

    [TestMethod]
    [DataRow("colour", "blue")]
    [DataRow("size", "small")]
    [DataRow("flag", "yes")]
    public void A_given_category_of_any_column_is_met_and_shifts_the_rest(string column, string value)
    {
        var drawn = Methods.Draw(model, 1_500, 1, (column, value));
        Assert.IsTrue(drawn.Texts(column).All(text => text == value));
        if (column == "colour") Assert.IsGreaterThan(0.5, drawn.Texts("size").Share(size => size == "large"));
        if (column == "flag") Assert.IsLessThan(0.3, drawn.Values("day").Share(double.IsNaN));
    }

    [TestMethod]
    public void Rows_do_not_depend_on_how_many_are_drawn_with_them() => Assert.AreEqual(
        TestTables.Text([Methods.Draw(model, 4_608)]),
        TestTables.Text([Methods.Draw(model, 9_000).Take([.. Enumerable.Range(0, 4_608)])]));

    [TestMethod]
    public void Numbers_and_second_columns_cannot_be_given()
    {
        Assert.AreEqual(SynthesisError.Unsupported, Refused(("amount", "100")));
        Assert.AreEqual(SynthesisError.Unsupported, Refused(("colour", "red"), ("size", "small")));
        Assert.AreEqual(SynthesisError.ImpossibleCondition, Refused(("colour", "violet")));
    }

    [TestMethod]
    public void A_table_of_numbers_needs_no_conditions()
    {
        var table = TestTables.Make(TestTables.Numbers("x", ColumnKind.Integer, Enumerable.Range(0, 400).Select(i => (double)(i % 100))));
        using var numbers = Methods.Fit("ctgan", table, options: [("epochs", "5"), ("generator_width", "16"), ("critic_width", "16")]);
        Assert.IsTrue(Methods.Draw(numbers, 300).Values("x").All(x => x is >= 0 and <= 99));
    }

    private static SynthesisError Refused(params (string Column, string? Value)[] given) =>
        Assert.ThrowsExactly<SynthesisException>(() => Methods.Draw(model, 10, 1, given)).Error;
}
