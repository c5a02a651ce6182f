using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Mixed;

[TestClass]
public sealed class TvaeTests
{
    private static ITabularModel model = null!;
    private static Table drawn = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        model = Methods.Fit("tvae", TestTables.Shop(2_000), options: [("epochs", "120"), ("width", "64"), ("embedding_dim", "16"), ("batch_size", "128"), ("learning_rate", "0.004")]);
        drawn = Methods.Draw(model, 4_000);
    }

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    public void Learns_what_depends_on_what()
    {
        var same = drawn.Texts("colour").Zip(drawn.Texts("size")).Share(pair => pair is ("red", "small") or ("green", "medium") or ("blue", "large"));
        Assert.IsGreaterThan(0.75, same);
        var amounts = drawn.Values("amount").Zip(drawn.Texts("size")).Share(pair =>
            Math.Abs(pair.First - pair.Second switch { "small" => 100, "medium" => 200, _ => 300 }) < 50);
        Assert.IsGreaterThan(0.85, amounts);
    }

    [TestMethod]
    public void Missing_values_follow_the_column_that_causes_them() =>
        Assert.IsGreaterThan(0.88, drawn.Values("day").Zip(drawn.Texts("flag")).Share(pair => double.IsNaN(pair.First) == (pair.Second == "no")));

    [TestMethod]
    public void Columns_keep_their_shares_and_grids()
    {
        foreach (var colour in new[] { "red", "green", "blue" }) Assert.AreEqual(1 / 3.0, drawn.Texts("colour").Share(c => c == colour), 0.08);
        Assert.AreEqual(5 / 9.0, drawn.Values("pieces").Share(p => p == 0), 0.08);
        Assert.IsTrue(drawn.Values("pieces").All(p => p is >= 0 and <= 8 && p == Math.Floor(p)));
        Assert.IsTrue(drawn.Values("amount").All(a => Math.Abs(a * 100 - Math.Round(a * 100)) < 1e-6));
        Assert.IsTrue(drawn.Values("day").Where(double.IsFinite).All(day => day % 86_400 == 0));
    }

    [TestMethod]
    public void Conditions_are_refused()
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => Methods.Draw(model, 10, 1, ("colour", "red")));
        Assert.AreEqual(SynthesisError.Unsupported, error.Error);
        Assert.AreEqual("colour", error.Subject);
    }
}
