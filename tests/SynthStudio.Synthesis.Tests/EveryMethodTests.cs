using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>What holds for every method that computes on the CPU without a network.</summary>
[TestClass]
public sealed class EveryMethodTests
{
    private static readonly Table Shop = TestTables.Shop(2_000);

    [TestMethod]
    [DataRow("independent")]
    [DataRow("bootstrap")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void Equal_seeds_give_equal_rows_whatever_the_threads_and_chunks(string method)
    {
        using var one = Methods.Fit(method, Shop, seed: 3, threads: 1);
        using var two = Methods.Fit(method, Shop, seed: 3, threads: 2);
        var request = new SampleRequest { Rows = 9_000, Seed = 5 };
        var drawn = TestTables.Text(one.Sample(request, CancellationToken.None));
        Assert.AreEqual(drawn, TestTables.Text(two.Sample(request with { ChunkRows = 700, FirstChunkRows = 9 }, CancellationToken.None)));
        Assert.AreNotEqual(drawn, TestTables.Text(one.Sample(request with { Seed = 6 }, CancellationToken.None)));
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("bootstrap")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void A_saved_model_draws_the_same_rows(string method)
    {
        using var model = Methods.Fit(method, Shop);
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        Assert.AreEqual(method, loaded.Method);
        Assert.AreEqual(TestTables.Text([Methods.Draw(model, 500)]), TestTables.Text([Methods.Draw(loaded, 500)]));
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("bootstrap")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void Columns_keep_their_shares_means_and_missing_values(string method)
    {
        using var model = Methods.Fit(method, Shop);
        var drawn = Methods.Draw(model, 20_000);
        foreach (var colour in new[] { "red", "green", "blue" })
            Assert.AreEqual(Shop.Texts("colour").Share(c => c == colour), drawn.Texts("colour").Share(c => c == colour), 0.015);
        Assert.AreEqual(Shop.Values("amount").Average(), drawn.Values("amount").Average(), 3);
        Assert.AreEqual(Shop.Values("day").Share(double.IsNaN), drawn.Values("day").Share(double.IsNaN), 0.015);
        Assert.AreEqual(Shop.Values("pieces").Share(p => p == 0), drawn.Values("pieces").Share(p => p == 0), 0.015);
        Assert.IsTrue(drawn.Values("pieces").All(p => p == Math.Round(p) && p is >= 0 and < 9));
        Assert.IsTrue(drawn.Values("amount").All(a => Math.Abs(a * 100 - Math.Round(a * 100)) < 1e-6));
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("bootstrap")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void Given_values_are_met_exactly(string method)
    {
        using var model = Methods.Fit(method, Shop);
        var drawn = Methods.Draw(model, 1_000, 1, ("size", "large"), ("day", null), ("pieces", "3"));
        Assert.IsTrue(drawn.Texts("size").All(size => size == "large"));
        Assert.IsTrue(drawn.Values("day").All(double.IsNaN));
        Assert.IsTrue(drawn.Values("pieces").All(pieces => pieces == 3));
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("bootstrap")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void Sets_and_ranges_are_met(string method)
    {
        using var model = Methods.Fit(method, Shop);
        var given = new Dictionary<string, Condition>
        {
            ["size"] = Condition.OneOf("large", "small"), ["amount"] = Condition.Between(new("90"), new("120", Inclusive: false)), ["day"] = Condition.NotMissing(),
        };
        var drawn = model.Sample(new SampleRequest { Rows = 500, Given = given, FirstChunkRows = 500 }, CancellationToken.None).Single();
        Assert.IsTrue(drawn.Texts("size").All(size => size is "large" or "small"));
        Assert.IsTrue(drawn.Values("amount").All(amount => amount is >= 90 and < 120));
        Assert.IsFalse(drawn.Values("day").Any(double.IsNaN));
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("bootstrap")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void Unknown_options_columns_and_devices_are_refused(string method)
    {
        Refuses(SynthesisError.UnknownOption, () => Methods.Fit(method, Shop, options: ("colour", "1")));
        using var model = Methods.Fit(method, Shop);
        Refuses(SynthesisError.UnknownColumn, () => Methods.Draw(model, 10, 1, ("weight", "1")));
        Refuses(SynthesisError.ImpossibleCondition, () => Methods.Draw(model, 10, 1, ("size", "gigantic")));
        Refuses(SynthesisError.DeviceUnavailable, () => Synthesizers.Get(method).Fit(
            Shop, new FitRequest { Device = Device.Cuda }, new Observer(), CancellationToken.None));
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("bootstrap")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void A_cancelled_training_ends(string method)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => Synthesizers.Get(method).Fit(Shop, new FitRequest { Device = Device.Cpu }, new Observer(), source.Token));
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("bootstrap")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void Constant_missing_identifier_text_and_ignored_columns_come_along(string method)
    {
        const int rows = 300;
        var table = TestTables.Make(
            TestTables.Coded("id", ColumnKind.Identifier, Enumerable.Range(0, rows).Select(i => $"{i:D5}")),
            TestTables.Numbers("same", ColumnKind.Integer, Enumerable.Repeat(42.0, rows)),
            TestTables.Numbers("nothing", ColumnKind.Decimal, Enumerable.Repeat(double.NaN, rows)),
            TestTables.Coded("none", ColumnKind.Categorical, Enumerable.Repeat<string?>(null, rows)),
            TestTables.Coded("note", ColumnKind.Text, Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? null : $"the note number {i}")),
            TestTables.Coded("skip", ColumnKind.Ignored, Enumerable.Range(0, rows).Select(i => $"{i}")),
            TestTables.Coded("kind", ColumnKind.Categorical, Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? "a" : "b")));
        using var model = Methods.Fit(method, table);
        var drawn = Methods.Draw(model, 1_000);
        CollectionAssert.AreEqual(new[] { "id", "same", "nothing", "none", "note", "kind" }, drawn.Schema.Columns.Select(c => c.Name).ToArray());
        Assert.HasCount(1_000, drawn.Texts("id").Distinct());
        Assert.IsEmpty(drawn.Texts("id").Intersect(table.Texts("id")));
        Assert.IsTrue(drawn.Values("same").All(v => v == 42));
        Assert.IsTrue(drawn.Values("nothing").All(double.IsNaN) && drawn.Texts("none").All(text => text is null));
        Assert.AreEqual(0.5, drawn.Texts("note").Share(text => text is null), 0.06);

        // What is given of columns that do not vary is checked; what is made up cannot be given.
        Assert.AreEqual(5, Methods.Draw(model, 5, 1, ("same", "42"), ("nothing", null), ("none", null)).RowCount);
        foreach (var (column, value) in new (string, string?)[] { ("same", "43"), ("same", null), ("nothing", "1"), ("none", "x"), ("id", "00001"), ("note", "the note number 8") })
            Refuses(SynthesisError.ImpossibleCondition, () => Methods.Draw(model, 5, 1, (column, value)));
    }

    [TestMethod]
    [DataRow("independent")]
    [DataRow("cart")]
    [DataRow("copula")]
    public void Numbers_near_the_largest_doubles_are_refused_by_name_unless_they_are_rare(string method)
    {
        foreach (var few in new[] { 3, 300 })
        {
            var huge = Enumerable.Range(0, few).Select(i => i % 2 == 0 ? double.MaxValue : double.MinValue);
            var error = Assert.ThrowsExactly<SynthesisException>(() => Methods.Fit(method, Made(few, huge), options: ("protect_rare", "false")));
            Assert.AreEqual((SynthesisError.Unsupported, "n"), (error.Error, error.Subject));
            Assert.Contains("missing_markers", error.Message);
        }

        using var model = Methods.Fit(method, Made(300, Enumerable.Range(0, 300).Select(i => i == 7 ? double.MaxValue : i % 50)));
        Assert.IsTrue(Methods.Draw(model, 500).Values("n").All(value => value is >= 0 and < 50));

        static Table Made(int rows, IEnumerable<double> numbers) => TestTables.Make(
            TestTables.Numbers("n", ColumnKind.Decimal, numbers.Concat(Enumerable.Range(0, Math.Max(30 - rows, 0)).Select(i => (double)i))),
            TestTables.Coded("kind", ColumnKind.Categorical, Enumerable.Range(0, Math.Max(rows, 30)).Select(i => i % 2 == 0 ? "a" : "b")));
    }

    [TestMethod]
    public void Bootstrap_copies_rows_and_says_so()
    {
        using var model = Methods.Fit("bootstrap", Shop);
        var training = TestTables.Text([Shop]).Split('\n').ToHashSet();
        Assert.IsTrue(TestTables.Text([Methods.Draw(model, 500)]).Split('\n').All(training.Contains));
        using var package = AutoregressiveTests.Save(model);
        Assert.Contains("contains the training rows", ModelPackage.Open(package).Manifest.Privacy);
    }

    [TestMethod]
    public void Independent_columns_do_not_hang_together()
    {
        using var model = Methods.Fit("independent", Shop);
        var drawn = Methods.Draw(model, 20_000);
        var same = drawn.Texts("colour").Zip(drawn.Texts("size")).Share(pair => pair is ("red", "small") or ("green", "medium") or ("blue", "large"));
        Assert.AreEqual(1 / 3.0, same, 0.02);
    }

    [TestMethod]
    public void A_rare_value_is_met_at_a_low_temperature_too()
    {
        using var model = Methods.Fit(
            "independent",
            TestTables.Make(TestTables.Coded(
                "size", ColumnKind.Categorical,
                Enumerable.Range(0, 4_000).Select(i => i < 10 ? "large" : i < 20 ? "medium" : "small"))));
        var request = new SampleRequest
        {
            Rows = 300, FirstChunkRows = 300, Temperature = 0.005,
            Given = new Dictionary<string, Condition> { ["size"] = Condition.Is("large") },
        };
        Assert.IsTrue(model.Sample(request, CancellationToken.None).Single().Texts("size").All(size => size == "large"));
    }

    private static void Refuses(SynthesisError expected, Action action) =>
        Assert.AreEqual(expected, Assert.ThrowsExactly<SynthesisException>(action).Error);
}
