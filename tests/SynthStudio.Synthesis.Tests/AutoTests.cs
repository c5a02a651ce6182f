using SynthStudio.Synthesis.Auto;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

[TestClass]
public sealed class AutoTests
{
    private static readonly TableFacts Usual = new(24_000, 24_000, 6, 9, 100, null, 8L << 30, 2, Device.Auto);

    [TestMethod]
    public void Plain_rows_come_from_the_network_and_the_reason_tells_size_time_and_memory()
    {
        var choice = MethodChooser.Choose(Usual, forConditions: false);
        Assert.AreEqual("autoregressive", choice.Method);
        foreach (var words in new[] { "24,000 rows", "6 columns of numbers", "9 of categories", " s and ", " MB" }) Assert.Contains(words, choice.Reason);
    }

    [TestMethod]
    public void Plain_rows_come_from_trees_when_there_is_little_time()
    {
        var hurried = MethodChooser.Choose(Usual with { MaxTime = TimeSpan.FromSeconds(10) }, forConditions: false);
        Assert.AreEqual("cart", hurried.Method);
        Assert.Contains("Passed over: autoregressive would take about", hurried.Reason);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Of_a_table_that_does_not_fit_into_memory_all_rows_are_learned_and_told(bool forConditions)
    {
        var sampled = MethodChooser.Choose(Usual with { Rows = 10_000_000, RowsInMemory = 400_000, MemoryBytes = 64L << 30 }, forConditions);
        Assert.AreEqual("autoregressive", sampled.Method);
        Assert.Contains("10,000,000 rows", sampled.Reason);
        Assert.Contains("cart would learn 400,000 of the rows only", MethodChooser.Choose(
            Usual with { Rows = 10_000_000, RowsInMemory = 400_000, MaxTime = TimeSpan.FromSeconds(1) }, forConditions).Reason);
    }

    [TestMethod]
    public void Rows_under_conditions_come_from_the_network_when_there_is_time()
    {
        Assert.AreEqual("autoregressive", MethodChooser.Choose(Usual, forConditions: true).Method);
        var hurried = MethodChooser.Choose(Usual with { MaxTime = TimeSpan.FromSeconds(10) }, forConditions: true);
        Assert.AreEqual("copula", hurried.Method);
        Assert.Contains("Passed over: autoregressive would take about", hurried.Reason);
    }

    [TestMethod]
    public void A_gpu_is_used_when_it_is_asked_for_and_the_costs_are_said_to_be_a_cpus()
    {
        var choice = MethodChooser.Choose(Usual with { Device = Device.Cuda }, forConditions: false);
        Assert.AreEqual("autoregressive", choice.Method);
        Assert.Contains("threads of a CPU, since none was measured on a GPU", choice.Reason);
        Assert.EndsWith("threads of a CPU.", MethodChooser.Choose(Usual, forConditions: false).Reason);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_gpu_is_used_even_when_time_is_short(bool forConditions)
    {
        var choice = MethodChooser.Choose(
            Usual with { Rows = 1_000_000, RowsInMemory = 1_000_000, Device = Device.Cuda, MaxTime = TimeSpan.FromSeconds(5) },
            forConditions);
        Assert.AreEqual("autoregressive", choice.Method);
        Assert.Contains("it alone computes on a GPU", choice.Reason);
    }

    [TestMethod]
    public void A_training_that_goes_on_stays_with_its_method_on_a_smaller_machine()
    {
        var smaller = Usual with { MaxTime = TimeSpan.FromSeconds(10) };
        Assert.AreEqual("cart", MethodChooser.Choose(smaller, forConditions: false).Method);
        Assert.AreEqual("autoregressive", MethodChooser.Choose(smaller with { GoesOn = true }, forConditions: false).Method);
    }

    [TestMethod]
    public void What_does_not_fit_into_memory_is_passed_over() =>
        Assert.Contains("autoregressive would need about", MethodChooser.Choose(Usual with { MemoryBytes = 500L << 20 }, forConditions: true).Reason);

    [TestMethod]
    public void When_nothing_fits_the_fastest_is_taken_and_said_to_be_so()
    {
        var choice = MethodChooser.Choose(Usual with { Rows = 50_000_000, MaxTime = TimeSpan.FromSeconds(1) }, forConditions: false);
        Assert.Contains("nothing fits", choice.Reason);
    }

    [TestMethod]
    public void More_rows_and_columns_never_cost_less()
    {
        foreach (var method in new[] { "cart", "copula", "autoregressive" })
        {
            var usual = MethodCosts.Of(method, Usual);
            var longer = MethodCosts.Of(method, Usual with { Rows = 240_000, RowsInMemory = 240_000 });
            var wider = MethodCosts.Of(method, Usual with { Numbers = 60, CategoryVariables = 200 });
            Assert.IsTrue(longer.Time > usual.Time && longer.MemoryBytes > usual.MemoryBytes, method);
            Assert.IsTrue(wider.Time > usual.Time && wider.MemoryBytes > usual.MemoryBytes, method);
        }
    }

    [TestMethod]
    [DataRow("autoregressive", "steps", "100", "400")]
    [DataRow("tvae", "epochs", "10", "40")]
    [DataRow("ctgan", "epochs", "20", "80")]
    [DataRow("diffusion", "epochs", "10", "40")]
    [DataRow("cart", "max_predictors", "1", "7")]
    public void Options_that_ask_for_more_are_expected_to_take_longer(string method, string option, string less, string more)
    {
        var table = TestTables.Shop(3_000);
        TimeSpan Expect(string value) =>
            TrainingForecast.Of(method, table, new FitRequest { Threads = 2, Options = new Dictionary<string, string> { [option] = value } }).Time!.Value;
        Assert.IsGreaterThan(Expect(less), Expect(more));
        var limited = TrainingForecast.Of(method, table, new FitRequest { Threads = 2, MaxTime = TimeSpan.FromMilliseconds(1) });
        Assert.AreEqual(TimeSpan.FromMilliseconds(1), limited.Time);
        Assert.IsGreaterThan(TimeSpan.FromMilliseconds(1), limited.ProcessorTime!.Value);
    }

    [TestMethod]
    public void The_chosen_methods_model_can_what_it_could_had_it_been_asked_for()
    {
        var chosen = new ChosenModel(ShopModel.Trained, MethodChooser.Choose(Usual, forConditions: false));
        var sizes = TestTables.Make(TestTables.Coded("size", ColumnKind.Categorical, ["small", null]));
        Assert.IsFalse(chosen.Require<IImputer>().Impute(sizes, 1, CancellationToken.None)["size"].IsMissing(1));
        using var trees = new ChosenModel(Methods.Fit("cart", TestTables.Shop(200)), MethodChooser.Choose(Usual, forConditions: false));
        Assert.AreEqual(SynthesisError.Unsupported, Assert.ThrowsExactly<SynthesisException>(() => trees.Require<IImputer>()).Error);
    }

    [TestMethod]
    public void The_package_is_the_chosen_methods_and_tells_why()
    {
        using var model = Synthesizers.Get("auto").Fit(
            TestTables.Shop(6_000), new FitRequest { Seed = 1, Threads = 2, MaxTime = TimeSpan.FromSeconds(5) }, new Observer(), CancellationToken.None);
        Assert.AreEqual("cart", model.Method);
        Assert.IsGreaterThan(0, model.Metrics["estimated_seconds"]);
        using var package = AutoregressiveTests.Save(model);
        Assert.Contains("6,000 rows", ModelPackage.Open(package).Manifest.Choice!);
        package.Position = 0;
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        Assert.AreEqual(TestTables.Text([Methods.Draw(model, 300)]), TestTables.Text([Methods.Draw(loaded, 300)]));
    }
}
