using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class AutoregressiveTests
{
    private static ITabularModel model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => model = ShopModel.Trained;

    [TestMethod]
    public void Learns_a_strong_dependence()
    {
        var table = Sample(new SampleRequest { Rows = 3_000, Seed = 5 });
        var same = Enumerable.Range(0, 3_000).Count(row => Index(table, "colour", row) == Index(table, "size", row)) / 3_000.0;
        Assert.AreEqual(0.933, same, 0.03);
        var fitting = Enumerable.Range(0, 3_000).Count(row =>
            Math.Abs(((NumericColumn)table["amount"]).Values[row] - 100 * (Index(table, "size", row) + 1)) < 50);
        Assert.IsGreaterThan(2_750, fitting);
    }

    [TestMethod]
    public void Missing_values_follow_the_column_that_causes_them()
    {
        var table = Sample(new SampleRequest { Rows = 2_000, Seed = 6 });
        var wrong = Enumerable.Range(0, 2_000).Count(row => table["day"].IsMissing(row) != (((CodedColumn)table["flag"]).Text(row) == "no"));
        Assert.IsLessThan(40, wrong);
    }

    [TestMethod]
    public void Values_keep_their_decimals_days_and_range()
    {
        var table = Sample(new SampleRequest { Rows = 2_000, Seed = 7 });
        foreach (var amount in ((NumericColumn)table["amount"]).Values) Assert.AreEqual(Math.Round(amount, 2), amount);
        foreach (var day in ((NumericColumn)table["day"]).Values.Where(double.IsFinite)) Assert.AreEqual(0, day % 86_400);
        foreach (var pieces in ((NumericColumn)table["pieces"]).Values) Assert.IsTrue(pieces is >= 0 and <= 8 && pieces == Math.Floor(pieces));
    }

    [TestMethod]
    public void Conditions_are_met_exactly_and_shift_the_rest()
    {
        var given = new Dictionary<string, Condition> { ["size"] = Condition.Is("large"), ["pieces"] = Condition.Is("3"), ["day"] = Condition.Is(null) };
        var table = Sample(new SampleRequest { Rows = 1_000, Seed = 8, Given = given });
        for (var row = 0; row < 1_000; row++)
        {
            Assert.AreEqual("large", ((CodedColumn)table["size"]).Text(row));
            Assert.AreEqual(3, ((NumericColumn)table["pieces"]).Values[row]);
            Assert.IsTrue(table["day"].IsMissing(row));
        }

        Assert.IsGreaterThan(850, Enumerable.Range(0, 1_000).Count(row => ((CodedColumn)table["colour"]).Text(row) == "blue"));
        Assert.IsGreaterThan(980, Enumerable.Range(0, 1_000).Count(row => ((CodedColumn)table["flag"]).Text(row) == "no"));
    }

    [TestMethod]
    public void The_rows_do_not_depend_on_chunks_or_threads()
    {
        using var package = Save(model);
        using var oneThread = Synthesizers.Load(package, Device.Cpu, threads: 1);
        var request = new SampleRequest { Rows = 6_000, Seed = 9 };
        var expected = TestTables.Text(model.Sample(request, CancellationToken.None));
        Assert.AreEqual(expected, TestTables.Text(model.Sample(request with { ChunkRows = 700, FirstChunkRows = 3 }, CancellationToken.None)));
        Assert.AreEqual(expected, TestTables.Text(oneThread.Sample(request, CancellationToken.None)));
        Assert.AreNotEqual(expected, TestTables.Text(model.Sample(request with { Seed = 10 }, CancellationToken.None)));
    }

    [TestMethod]
    public void A_low_temperature_sharpens()
    {
        var share = Share(1);
        Assert.IsGreaterThan(share + 0.02, Share(0.3));

        double Share(double temperature)
        {
            var table = Sample(new SampleRequest { Rows = 2_000, Seed = 11, Temperature = temperature });
            return Enumerable.Range(0, 2_000).Count(row => Index(table, "colour", row) == Index(table, "size", row)) / 2_000.0;
        }
    }

    [TestMethod]
    [DataRow("colour", "violet", SynthesisError.ImpossibleCondition)]
    [DataRow("amount", "1e9", SynthesisError.ImpossibleCondition)]
    [DataRow("amount", "much", SynthesisError.ImpossibleCondition)]
    [DataRow("amount", null, SynthesisError.ImpossibleCondition)]
    [DataRow("shape", "round", SynthesisError.UnknownColumn)]
    public void Impossible_conditions_are_refused_by_name(string column, string? value, SynthesisError expected)
    {
        var request = new SampleRequest { Rows = 1, Given = new Dictionary<string, Condition> { [column] = Condition.Is(value) } };
        var error = Assert.ThrowsExactly<SynthesisException>(() => model.Sample(request, CancellationToken.None).ToList());
        Assert.AreEqual(expected, error.Error);
        Assert.AreEqual(column, error.Subject);
    }

    [TestMethod]
    public void Equal_seeds_train_equal_models_on_any_number_of_threads()
    {
        var table = TestTables.Shop(500);
        using var one = Fit(table, steps: 30, seed: 4, threads: 1);
        using var two = Fit(table, steps: 30, seed: 4, threads: 2);
        using var other = Fit(table, steps: 30, seed: 5, threads: 2);
        Assert.AreEqual(one.Metrics["best_validation_loss"], two.Metrics["best_validation_loss"]);
        Assert.AreNotEqual(one.Metrics["best_validation_loss"], other.Metrics["best_validation_loss"]);
        var request = new SampleRequest { Rows = 700 };
        Assert.AreEqual(TestTables.Text(one.Sample(request, CancellationToken.None)), TestTables.Text(two.Sample(request, CancellationToken.None)));
    }

    internal static ITabularModel Fit(Table table, long steps, long seed = 1, int threads = 2) => Synthesizers.Get("autoregressive").Fit(
        table,
        new FitRequest { Seed = seed, Threads = threads, Device = Device.Cpu, Options = Small(steps) },
        new Observer(),
        CancellationToken.None);

    internal static Dictionary<string, string> Small(long steps) => new()
    {
        ["steps"] = $"{steps}", ["width"] = "64", ["blocks"] = "2", ["batch_size"] = "256",
    };

    internal static MemoryStream Save(ITabularModel model)
    {
        var package = new MemoryStream();
        model.Save(package, new PackageFacts(3_000, "", "test", DateTimeOffset.UnixEpoch, 1, new Dictionary<string, string>()));
        package.Position = 0;
        return package;
    }

    private static Table Sample(SampleRequest request) =>
        model.Sample(request with { ChunkRows = int.MaxValue, FirstChunkRows = int.MaxValue }, CancellationToken.None).Single();

    private static int Index(Table table, string column, int row) => ((CodedColumn)table[column]).Text(row) switch
    {
        "red" or "small" => 0,
        "green" or "medium" => 1,
        _ => 2,
    };
}
