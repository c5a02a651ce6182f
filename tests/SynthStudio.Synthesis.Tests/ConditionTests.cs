using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>
/// Rows under conditions, declared shares and fairness, against the shop's true distribution, as far as 3,000 rows taught it to a small
/// network.
/// </summary>
[TestClass]
public sealed class ConditionTests
{
    /// <summary>P(size fits colour) and P(any one other size).</summary>
    private const double Fits = 0.9 + 0.1 / 3, Other = 0.1 / 3;

    [TestMethod]
    public void Two_sets_at_once_follow_the_joint_distribution()
    {
        var table = Draw(4_000, new() { ["colour"] = Condition.OneOf("red", "green"), ["size"] = Condition.OneOf("medium", "large") });
        Assert.IsTrue(table.Texts("colour").All(colour => colour is "red" or "green"));
        Assert.IsTrue(table.Texts("size").All(size => size is "medium" or "large"));

        // Green mostly has a fitting size among those admitted, red never; one column after the other would give half and half.
        Assert.AreEqual((Fits + Other) / (Fits + 3 * Other), table.Texts("colour").Share(colour => colour == "green"), 0.065);
    }

    [TestMethod]
    public void A_range_is_met_to_its_bounds_and_shifts_the_rest()
    {
        var table = Draw(3_000, new() { ["amount"] = Condition.Between(new("185.5"), new("205", Inclusive: false)) });
        Assert.IsTrue(table.Values("amount").All(amount => amount is >= 185.5 and < 205 && Math.Round(amount, 2) == amount));
        Assert.IsGreaterThan(0.93, table.Texts("size").Share(size => size == "medium"));
        Assert.AreEqual(Fits, table.Texts("colour").Share(colour => colour == "green"), 0.08);

        // Of a normal distribution around 200 with deviation 10, 46 % of what lies between 185.5 and 205 lies below 197.
        Assert.AreEqual(0.51, table.Values("amount").Share(amount => amount < 197), 0.07);
    }

    [TestMethod]
    public void Not_missing_and_ranges_of_dates_together()
    {
        var table = Draw(
            1_000,
            new()
            {
                ["day"] = Condition.Between(new("2019-06-01"), new("2019-06-30")),
                ["pieces"] = Condition.OneOf("1", "2", "3"),
            });
        var (first, last) = (new DateTime(2019, 6, 1), new DateTime(2019, 6, 30));
        Assert.IsTrue(table.Values("day").All(
            day => DateTime.UnixEpoch.AddSeconds(day) is var moment
                && moment >= first && moment <= last && moment.TimeOfDay == TimeSpan.Zero));
        Assert.IsTrue(table.Values("pieces").All(pieces => pieces is 1 or 2 or 3));
        Assert.IsGreaterThan(0.94, table.Texts("flag").Share(flag => flag == "yes"));
        Assert.IsFalse(Draw(500, new() { ["day"] = Condition.NotMissing() }).Values("day").Any(double.IsNaN));
    }

    [TestMethod]
    public void Conditions_that_exclude_each_other_are_refused()
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => Draw(10, new() { ["amount"] = Condition.Between(new("1e6"), null) }));
        Assert.AreEqual(SynthesisError.ImpossibleCondition, error.Error);
        Assert.AreEqual("amount", error.Subject);
    }

    [TestMethod]
    public void Declared_shares_are_exact_and_the_rest_follows()
    {
        var table = Draw(6_001, rebalance: new() { ["colour"] = new Dictionary<string, double> { ["red"] = 0.7, ["blue"] = 0.3 } });
        Assert.AreEqual(4_200, table.Texts("colour").Count(colour => colour == "red"), 1);
        Assert.AreEqual(1_800, table.Texts("colour").Count(colour => colour == "blue"), 1);
        Assert.AreEqual((0.7 * Fits) + (0.3 * Other), table.Texts("size").Share(size => size == "small"), 0.02);
    }

    [TestMethod]
    public void Shares_left_open_go_to_the_other_values()
    {
        var table = Draw(3_000, rebalance: new() { ["colour"] = new Dictionary<string, double> { ["red"] = 0.8 } });
        Assert.AreEqual(2_400, table.Texts("colour").Count(colour => colour == "red"), 1);
        Assert.AreEqual(0.1, table.Texts("colour").Share(colour => colour == "green"), 0.02);
    }

    [TestMethod]
    public void Several_balanced_columns_keep_how_they_hang_together()
    {
        var table = Draw(6_000, rebalance: new()
        {
            ["colour"] = new Dictionary<string, double> { ["red"] = 0.5 },
            ["size"] = new Dictionary<string, double> { ["small"] = 0.2 },
        });
        var (colours, sizes) = (table.Texts("colour"), table.Texts("size"));
        Assert.AreEqual(3_000, colours.Count(colour => colour == "red"), 9);
        Assert.AreEqual(1_200, sizes.Count(size => size == "small"), 9);
        Assert.IsGreaterThan(0.9, Enumerable.Range(0, 6_000).Where(row => sizes[row] == "small").Share(row => colours[row] == "red"));
    }

    [TestMethod]
    public void A_fair_target_has_equal_rates_and_the_rest_still_fits()
    {
        var table = Draw(6_000, fairness: new FairnessRequest("size", "colour"));
        var (colours, sizes) = (table.Texts("colour"), table.Texts("size"));
        foreach (var colour in new[] { "red", "green", "blue" })
            Assert.AreEqual(1 / 3.0, Enumerable.Range(0, 6_000).Where(row => colours[row] == colour).Share(row => sizes[row] == "small"), 0.03);
        Assert.IsGreaterThan(0.75, Enumerable.Range(0, 6_000).Where(row => sizes[row] == "large").Share(row => table.Values("amount")[row] > 250));
    }

    [TestMethod]
    public void What_is_rare_is_balanced_and_met_together_at_a_low_temperature_too()
    {
        // Three of a hundred red ones are large: at a fiftieth of the temperature one of 10^72, less than single precision knows.
        var shares = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["size"] = new Dictionary<string, double> { ["large"] = 0.5 } };
        var balanced = Draw(600, new() { ["colour"] = Condition.Is("red") }, shares, temperature: 0.02);
        Assert.AreEqual(300, balanced.Texts("size").Count(size => size == "large"), 1);

        var both = Draw(300, new() { ["colour"] = Condition.OneOf("red", "green"), ["amount"] = Condition.Between(new("280"), new("320")) }, temperature: 0.02);
        Assert.IsTrue(both.Texts("colour").All(colour => colour is "red" or "green") && both.Values("amount").All(amount => amount is >= 280 and <= 320));
    }

    [TestMethod]
    public void A_temperature_is_that_of_coarse_tokens_and_of_fine_ones_under_each()
    {
        var column = new ColumnLayout
        {
            Coarse = [0, 1, 1], Fine = [-1, 0, 1], CoarseCount = 2, FineCount = 2,
            Features = [], FeatureCount = 0, Drawable = [true, true, true], Counts = [1, 1, 1],
        };
        float[] learned = [0.75f, 0.1875f, 0.0625f];
        CollectionAssert.AreEqual(new[] { 0.75, 0.1875, 0.0625 }, Tempering.Of(column, learned, 1));
        var sharp = Tempering.Of(column, learned, 0.5);
        Assert.AreEqual(0.9, sharp[0], 1e-12);
        Assert.AreEqual(0.09, sharp[1], 1e-12);
        Assert.AreEqual(0.01, sharp[2], 1e-12);
    }

    [TestMethod]
    [DataRow("red", 1.2)]
    [DataRow("red", double.NaN)]
    [DataRow("violet", 0.5)]
    public void Impossible_shares_are_refused(string value, double share) => Assert.ThrowsExactly<SynthesisException>(
        () => Draw(10, rebalance: new() { ["colour"] = new Dictionary<string, double> { [value] = share } }));

    [TestMethod]
    public void Two_spellings_of_a_value_have_one_share()
    {
        var error = Assert.ThrowsExactly<SynthesisException>(
            () => Draw(10, rebalance: new() { ["pieces"] = new Dictionary<string, double> { ["1"] = 0.5, ["1.0"] = 0.5 } }));
        Assert.AreEqual(SynthesisError.OptionOutOfRange, error.Error);
        Assert.AreEqual("pieces", error.Subject);
        Assert.Contains("'1' and '1.0'", error.Message);
    }

    [TestMethod]
    public void What_a_method_cannot_do_is_refused()
    {
        using var model = Methods.Fit("independent", TestTables.Shop(200));
        var request = new SampleRequest { Rows = 5, Fairness = new("size", "colour") };
        var error = Assert.ThrowsExactly<SynthesisException>(() => model.Sample(request, CancellationToken.None).ToList());
        Assert.AreEqual(SynthesisError.Unsupported, error.Error);
        Assert.ThrowsExactly<SynthesisException>(() => Operations.ModelOperations.Require<Operations.IImputer>(model));
    }

    private static Table Draw(
        int rows, Dictionary<string, Condition>? given = null, Dictionary<string, IReadOnlyDictionary<string, double>>? rebalance = null,
        FairnessRequest? fairness = null,
        double temperature = 1)
    {
        var request = new SampleRequest
        {
            Rows = rows, Seed = 3, Given = given ?? [], Rebalance = rebalance ?? [], Fairness = fairness, Temperature = temperature,
        };
        var drawn = TestTables.Text(ShopModel.Trained.Sample(request with { ChunkRows = 77 }, CancellationToken.None));
        var whole = ShopModel.Trained.Sample(request with { ChunkRows = rows, FirstChunkRows = rows }, CancellationToken.None).Single();
        Assert.AreEqual(drawn, TestTables.Text([whole]), "rows must not depend on chunks");
        return whole;
    }
}
