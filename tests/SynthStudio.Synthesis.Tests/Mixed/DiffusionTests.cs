using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Mixed;

[TestClass]
public sealed class DiffusionTests
{
    private static ITabularModel model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => model = Methods.Fit("diffusion", TestTables.Shop(2_000), options:
        [("epochs", "60"), ("width", "64"), ("blocks", "2"), ("batch_size", "128"), ("learning_rate", "0.003"), ("sampling_steps", "30")]);

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    public void Learns_what_depends_on_what()
    {
        var drawn = Methods.Draw(model, 3_000);
        var same = drawn.Texts("colour").Zip(drawn.Texts("size")).Share(pair => pair is ("red", "small") or ("green", "medium") or ("blue", "large"));
        Assert.AreEqual(0.933, same, 0.06);
        Assert.IsGreaterThan(0.95, drawn.Values("day").Zip(drawn.Texts("flag")).Share(pair => double.IsNaN(pair.First) == (pair.Second == "no")));
        Assert.IsGreaterThan(0.9, drawn.Values("amount").Zip(drawn.Texts("size")).Share(pair =>
            Math.Abs(pair.First - pair.Second switch { "small" => 100, "medium" => 200, _ => 300 }) < 50));
        Assert.IsTrue(drawn.Values("pieces").All(p => p is >= 0 and <= 8 && p == Math.Floor(p)));
    }

    [TestMethod]
    public void Missing_cells_are_drawn_given_the_others_of_their_row()
    {
        var fresh = TestTables.Shop(1_200, seed: 2);
        var size = (CodedColumn)fresh["size"];
        var table = TestTables.Make(
            new CodedColumn(size.Schema, [.. size.Codes.Select((code, row) => row % 3 == 0 ? CodedColumn.Missing : code)], [.. size.Values, "gigantic"]),
            new NumericColumn(fresh["amount"].Schema, [.. fresh.Values("amount").Select((value, row) => row % 4 == 0 ? double.NaN : value)]),
            fresh["colour"], fresh["day"]);
        var imputer = model.Require<IImputer>();
        var filled = imputer.Impute(table, 1, CancellationToken.None);
        for (var row = 0; row < table.RowCount; row++)
        {
            Assert.IsFalse(filled["size"].IsMissing(row) || filled["amount"].IsMissing(row) || filled["day"].IsMissing(row));
            if (row % 3 != 0) Assert.AreEqual(fresh.Texts("size")[row], filled.Texts("size")[row]);
            if (row % 4 != 0) Assert.AreEqual(fresh.Values("amount")[row], filled.Values("amount")[row]);
        }

        var rows = Enumerable.Range(0, table.RowCount).ToArray();
        Assert.IsGreaterThan(0.9, rows.Where(row => row % 3 == 0 && row % 4 != 0).Share(row => filled.Texts("size")[row] == fresh.Texts("size")[row]));
        Assert.IsGreaterThan(0.85, rows.Where(row => row % 4 == 0 && row % 3 != 0).Share(row => Math.Abs(filled.Values("amount")[row] - fresh.Values("amount")[row]) < 60));
        Assert.AreEqual(TestTables.Text([filled]), TestTables.Text([imputer.Impute(table, 1, CancellationToken.None)]));
        Assert.AreEqual(SynthesisError.Unsupported, Assert.ThrowsExactly<SynthesisException>(() => model.Require<IPredictor>()).Error);
    }

    [TestMethod]
    public void A_column_of_one_value_is_filled_with_it()
    {
        var shop = TestTables.Shop(200);
        var land = TestTables.Coded("land", ColumnKind.Categorical, Enumerable.Repeat<string?>("AT", 200));
        var hours = TestTables.Numbers("hours", ColumnKind.Integer, Enumerable.Repeat(8.0, 200));
        using var trained = Methods.Fit("diffusion", TestTables.Make([.. shop.Columns, land, hours]), options: [("epochs", "1"), ("width", "16"), ("sampling_steps", "2")]);
        var table = TestTables.Make(
            shop["colour"], TestTables.Coded("land", ColumnKind.Categorical, Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? null : "AT")),
            TestTables.Numbers("hours", ColumnKind.Integer, Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? double.NaN : 8)));
        var filled = trained.Require<IImputer>().Impute(table, 1, CancellationToken.None);
        Assert.IsTrue(filled.Texts("land").All(text => text == "AT") && filled.Values("hours").All(value => value == 8));
    }

    [TestMethod]
    public void Given_columns_stand_in_every_row_and_shift_the_rest()
    {
        var drawn = Methods.Draw(model, 1_000, 1, ("amount", "301.25"), ("flag", "no"), ("pieces", "3"));
        Assert.IsTrue(drawn.Values("amount").All(a => a == 301.25) && drawn.Values("pieces").All(p => p == 3));
        Assert.IsTrue(drawn.Texts("flag").All(flag => flag == "no"));
        Assert.IsGreaterThan(0.9, drawn.Texts("size").Share(size => size == "large"));
        Assert.IsGreaterThan(0.9, drawn.Values("day").Share(double.IsNaN));
    }
}
