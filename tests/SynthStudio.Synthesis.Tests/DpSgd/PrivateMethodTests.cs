using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Events;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Tests.Marginals;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.DpSgd;

/// <summary>What holds for every method under DP-SGD.</summary>
[TestClass]
public sealed class PrivateMethodTests
{
    private const int Steps = 12;

    private static readonly Table Shop = DeclaredTables.Shop(800);

    private static readonly PrivacyTerms Terms = new() { Epsilon = 2, Delta = 1e-5, Rows = 800 };

    private readonly string folder = Directory.CreateTempSubdirectory("synthstudio").FullName;

    public static IEnumerable<object[]> All => [["dp-autoregressive"], ["dp-tvae"], ["dp-ctgan"]];

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(All))]
    public void The_promise_is_kept_told_step_by_step_and_stated(string method)
    {
        var log = new SpendingLog();
        using var model = Fit(method, Shop, log);

        Assert.IsTrue(model.Privacy.Guaranteed);
        Assert.IsInRange(0.9 * Terms.Epsilon, Terms.Epsilon, model.Privacy.Epsilon);
        Assert.AreEqual(Steps, log.NoisedSteps);
        Assert.HasCount(2 + Steps, log.Spent, "edges of bins, the marginals, then each step");
        CollectionAssert.AreEqual(log.Spent.ConvertAll(s => s.Epsilon).Order().ToList(), log.Spent.ConvertAll(s => s.Epsilon));
        Assert.IsLessThanOrEqualTo(Terms.Epsilon, log.Spent[^1].Epsilon);
        Assert.AreEqual(PrivacySpending.Price(log.Spent[^1].Total, Terms.Delta), model.Privacy.Epsilon, 1e-6, "one grid or another");
        Assert.IsTrue(log.Reports.TrueForAll(r => r.TrainingLoss is null && r.ValidationLoss is null), "losses are releases");
        Assert.AreEqual(log.Spent[^1].Epsilon, log.Reports[^1].Epsilon);
        var foretold = DpSgdCalibration.NoiseMultiplier(Terms.Epsilon, Terms.Delta, sampleRate: 0.05, Steps, recordsPerUnit: 1);
        Assert.AreEqual(foretold, model.Metrics["noise_multiplier"], 0.02 * foretold, "what an estimate tells before");
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Seeds_do_not_reach_noise(string method)
    {
        using var one = Fit(method, Shop, new SpendingLog());
        using var two = Fit(method, Shop, new SpendingLog());
        Assert.AreNotEqual(Rows(one), Rows(two));
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void A_saved_model_draws_the_same_rows_and_states_the_same(string method)
    {
        using var model = Fit(method, Shop, new SpendingLog());
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        Assert.AreEqual(method, loaded.Method);
        Assert.AreEqual(Rows(model), Rows(loaded));
        Assert.AreEqual(model.Privacy.ToJson(), loaded.Privacy.ToJson());
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void What_was_not_declared_neither_stops_the_training_nor_shows(string method)
    {
        var odd = DeclaredTables.Declare(
            TestTables.Make(
                TestTables.Coded(
                    "colour", ColumnKind.Categorical,
                    Enumerable.Range(0, 400).Select(i => i == 7 ? "secret" : i == 8 ? null : i % 2 == 0 ? "red" : "blue")),
                TestTables.Numbers(
                    "amount", ColumnKind.Decimal,
                    Enumerable.Range(0, 400).Select(i => i switch { 3 => 1e308, 4 => -1e308, 5 => double.NaN, _ => i }), 2)),
            new()
            {
                ["colour"] = new() { Kind = ColumnKind.Categorical, Nullable = false, Values = ["red", "blue", "other"] },
                ["amount"] = new() { Kind = ColumnKind.Decimal, DecimalPlaces = 2, Nullable = false, Min = 10, Max = 300 },
            });
        using var model = Fit(method, odd, new SpendingLog(), Terms with { Rows = null });
        var drawn = Methods.Draw(model, 2_000);
        Assert.IsTrue(drawn.Texts("colour").All(c => c is "red" or "blue" or "other"));
        Assert.IsTrue(drawn.Values("amount").All(a => a is >= 10 and <= 300));
        Assert.IsInRange(200, 700, model.Privacy.Rows, "counted with noise");
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Without_terms_or_declarations_nothing_is_trained(string method)
    {
        Assert.AreEqual(
            SynthesisError.PrivacyTermsInvalid,
            Assert.ThrowsExactly<SynthesisException>(
                () => Synthesizers.Get(method).Fit(Shop, new FitRequest(), new SpendingLog(), CancellationToken.None)).Error);
        Assert.AreEqual(
            SynthesisError.DomainNotDeclared,
            Assert.ThrowsExactly<SynthesisException>(() => Fit(method, TestTables.Shop(100), new SpendingLog(), Terms with { Rows = 100 })).Error);
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void A_paused_training_is_charged_for_every_step_once(string method)
    {
        var first = new SpendingLog(wish: steps => steps >= 5 ? TrainingWish.Pause : TrainingWish.Continue);
        Assert.ThrowsExactly<TrainingPausedException>(() => Fit(method, Shop, first, checkpoints: folder));
        Assert.AreEqual(5, first.NoisedSteps);

        var second = new SpendingLog();
        using var model = Fit(method, Shop, second, checkpoints: folder);
        Assert.HasCount(Steps - 5, second.Spent, "the marginals are not bought again");
        Assert.AreEqual(Steps, second.NoisedSteps);
        Assert.AreEqual(Steps, model.Metrics["steps"]);
    }

    [TestMethod]
    public void Steps_that_a_crash_lost_are_charged_and_not_trained_again()
    {
        using var source = new CancellationTokenSource();
        var first = new SpendingLog(atStep: steps =>
        {
            if (steps == 6) source.Cancel();
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => Synthesizers.Get("dp-autoregressive").Fit(Shop, Request(Terms, folder, 200), first, source.Token));
        Assert.AreEqual(7, first.NoisedSteps);

        // The last checkpoint was written after 4 steps and allowed 4 more: those are counted, though only 3 were made.
        var second = new SpendingLog();
        using var model = Synthesizers.Get("dp-autoregressive").Fit(Shop, Request(Terms, folder, 200), second, CancellationToken.None);
        Assert.AreEqual(200, second.NoisedSteps);
        Assert.AreEqual(200, model.Metrics["noised_steps"]);
        Assert.AreEqual(196, model.Metrics["steps"]);
        Assert.IsLessThanOrEqualTo(Terms.Epsilon, model.Privacy.Epsilon);
    }

    [TestMethod]
    public void What_a_lost_checkpoint_had_told_is_charged_to_the_same_promise()
    {
        var first = new SpendingLog(wish: steps => steps >= 5 ? TrainingWish.Pause : TrainingWish.Continue);
        Assert.ThrowsExactly<TrainingPausedException>(() => Fit("dp-autoregressive", Shop, first, checkpoints: folder));
        foreach (var file in Directory.EnumerateFiles(folder)) File.Delete(file);

        var second = new SpendingLog();
        var told = first.Spent[^1];
        using var model = Synthesizers.Get("dp-autoregressive").Fit(Shop, Request(Terms, folder, Steps) with { SpentBefore = told.Total }, second, CancellationToken.None);
        var spent = PrivacySpending.Price(told.Total, Terms.Delta);
        Assert.IsTrue(second.Spent.TrueForAll(s => s.Epsilon > spent), "the earlier attempt's and more");
        Assert.AreEqual(5 + Steps, second.NoisedSteps, "those of both attempts");
        Assert.IsLessThanOrEqualTo(Terms.Epsilon, model.Privacy.Epsilon);
        Assert.AreEqual(PrivacySpending.Price(second.Spent[^1].Total, Terms.Delta), model.Privacy.Epsilon, 1e-6);
        Assert.IsGreaterThan(first.NoiseMultiplier, second.NoiseMultiplier, "less was left");
    }

    [TestMethod]
    public void A_checkpoint_older_than_what_was_told_counts_the_steps_between()
    {
        var first = new SpendingLog(wish: steps => steps >= 5 ? TrainingWish.Pause : TrainingWish.Continue);
        Assert.ThrowsExactly<TrainingPausedException>(() => Fit("dp-autoregressive", Shop, first, checkpoints: folder));
        var checkpoint = Directory.EnumerateFiles(folder).Single(file => file.Contains("000005", StringComparison.Ordinal));
        var kept = File.ReadAllBytes(checkpoint);
        var second = new SpendingLog(wish: steps => steps >= 4 ? TrainingWish.Pause : TrainingWish.Continue);
        Assert.ThrowsExactly<TrainingPausedException>(() => Fit("dp-autoregressive", Shop, second, checkpoints: folder));
        foreach (var file in Directory.EnumerateFiles(folder)) File.Delete(file);
        File.WriteAllBytes(checkpoint, kept);

        var third = new SpendingLog();
        using var model = Synthesizers.Get("dp-autoregressive").Fit(
            Shop, Request(Terms, folder, Steps) with { SpentBefore = second.Spent[^1].Total }, third, CancellationToken.None);
        Assert.AreEqual(9, second.NoisedSteps);
        Assert.HasCount(Steps - 9, third.Spent);
        Assert.AreEqual(Steps, third.NoisedSteps);
    }

    [TestMethod]
    public void People_with_several_rows_are_protected_whole()
    {
        var rows = PrivateShop.RowsOf(PrivateShop.Rows(900)).Select((row, i) => (object?[])[$"person {i / 5}", .. row.Skip(1)]).ToList();
        var terms = new PrivacyTerms { Epsilon = 3, Delta = 1e-5, Rows = 540, UnitColumn = "id", MaxRowsPerUnit = 3 };
        var log = new SpendingLog();
        using var model = Fit("dp-tvae", PrivateShop.TableOf(rows, PrivateShop.Schema), log, terms);

        Assert.AreEqual(("id", 3), (model.Privacy.Unit, model.Privacy.MaxRowsPerUnit));
        Assert.IsInRange(0.9 * terms.Epsilon, terms.Epsilon, model.Privacy.Epsilon);
        Assert.AreEqual(Steps, log.NoisedSteps);
        var events = PrivacyEvents.Flatten(model.Privacy.Event).ToList();
        Assert.IsTrue(events.Exists(e => e is { Event: UserLevelSampledGaussianEvent { MaxRecords: 3 }, Count: Steps }));
        Assert.IsTrue(events.TrueForAll(e => e.Event is UserLevelSampledGaussianEvent or GaussianEvent), "all have loss distributions");
    }

    [TestMethod]
    public void With_a_generous_promise_the_joint_distribution_is_learned()
    {
        var options = new Dictionary<string, string> { ["steps"] = "150", ["sample_rate"] = "0.1", ["width"] = "32", ["learning_rate"] = "0.01" };
        var request = new FitRequest { Privacy = new() { Epsilon = 40, Delta = 1e-5, Rows = 3_000 }, Options = options, Device = Device.Cpu, Threads = 2 };
        using var model = Synthesizers.Get("dp-autoregressive").Fit(DeclaredTables.Shop(3_000), request, new SpendingLog(), CancellationToken.None);
        var drawn = Methods.Draw(model, 5_000);
        var (colours, sizes, amounts) = (drawn.Texts("colour"), drawn.Texts("size"), drawn.Values("amount"));
        string[] colourNames = ["red", "green", "blue"], sizeNames = ["small", "medium", "large"];
        var alike = Enumerable.Range(0, 5_000).Average(i => Array.IndexOf(colourNames, colours[i]) == Array.IndexOf(sizeNames, sizes[i]) ? 1.0 : 0);
        Assert.IsGreaterThan(0.75, alike, "of all sizes follow the colour; 0.93 do in the table, 0.33 in independent columns");
        Assert.IsGreaterThan(
            0.6, Methods.Correlation([.. sizes.Select(s => (double)Array.IndexOf(sizeNames, s))], amounts), "usually above 0.7, by noise that no seed repeats; 0 in independent columns");
    }

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Frequent_categories_of_a_narrow_table_are_drawn_as_often_as_they_are(string method)
    {
        var request = new FitRequest
        {
            Privacy = new() { Epsilon = 8, Delta = 1e-5, Rows = 2_000 }, Device = Device.Cpu, Threads = 2,
            Options = new Dictionary<string, string> { ["steps"] = "60", ["sample_rate"] = "0.1" },
        };
        using var model = Synthesizers.Get(method).Fit(DeclaredTables.Plans(2_000), request, new SpendingLog(), CancellationToken.None);
        var plans = Methods.Draw(model, 5_000).Texts("plan");
        Assert.AreEqual(0.7, plans.Count(p => p == "basic") / 5_000.0, 0.05);
        Assert.AreEqual(0.2, plans.Count(p => p == "plus") / 5_000.0, 0.05);
        Assert.AreEqual(0.1, plans.Count(p => p == "pro") / 5_000.0, 0.05);
    }

    [TestMethod]
    public void Clipping_does_not_sharpen_what_columns_say_of_each_other()
    {
        // With every gradient scaled to one length a network learns whichever is more frequent, always: "yes" of 99 in 100 basic plans.
        var request = new FitRequest
        {
            Privacy = new() { Epsilon = 20, Delta = 1e-5, Rows = 3_000 }, Device = Device.Cpu, Threads = 2,
            Options = new Dictionary<string, string> { ["steps"] = "150", ["sample_rate"] = "0.1", ["width"] = "64" },
        };
        using var model = Synthesizers.Get("dp-autoregressive").Fit(DeclaredTables.Plans(3_000), request, new SpendingLog(), CancellationToken.None);
        var drawn = Methods.Draw(model, 10_000);
        var (plans, paid) = (drawn.Texts("plan"), drawn.Texts("paid"));
        double Paid(string plan) => Enumerable.Range(0, plans.Length).Where(i => plans[i] == plan).Average(i => paid[i] == "yes" ? 1.0 : 0);
        Assert.AreEqual(0.8, Paid("basic"), 0.06);
        Assert.AreEqual(0.3, Paid("plus"), 0.1);
    }

    [TestMethod]
    [DataRow("dp-autoregressive")]
    [DataRow("dp-tvae")]
    [DataRow("dp-ctgan")]
    public void What_was_paid_for_is_not_lost_to_a_time_limit(string method)
    {
        using var model = Synthesizers.Get(method).Fit(
            Shop, Request(Terms, null, Steps) with { MaxTime = TimeSpan.FromTicks(1) },
            new SpendingLog(), CancellationToken.None);
        Assert.IsTrue(model.Metrics["steps"] is >= 1 and < Steps, $"{model.Metrics["steps"]}");
    }

    private static ITabularModel Fit(string method, Table table, ITrainingObserver observer, PrivacyTerms? terms = null, string? checkpoints = null) =>
        Synthesizers.Get(method).Fit(table, Request(terms ?? Terms, checkpoints, Steps), observer, CancellationToken.None);

    private static FitRequest Request(PrivacyTerms terms, string? checkpoints, int steps) => new()
    {
        Privacy = terms, Seed = 3, Threads = 2, Device = Device.Cpu, CheckpointFolder = checkpoints, CheckpointInterval = TimeSpan.FromHours(1),
        Options = new Dictionary<string, string> { ["steps"] = steps.ToString(System.Globalization.CultureInfo.InvariantCulture), ["sample_rate"] = "0.05" },
    };

    private static string Rows(ITabularModel model) => TestTables.Text(model.Sample(new SampleRequest { Rows = 300, Seed = 1 }, CancellationToken.None));
}
