using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Refinement;

[TestClass]
public sealed class RefinementTests
{
    private static ITabularModel model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => model = RidgeTable.Untrained(RidgeTable.Make(4_000), refine: true);

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

    [TestMethod]
    public void Refinement_draws_the_ridge_that_the_network_does_not_know()
    {
        using var plain = RidgeTable.Untrained(RidgeTable.Make(4_000), refine: false);
        Assert.IsLessThan(0.1, RidgeTable.PaidShare(Sample(plain, new SampleRequest { Rows = 4_000, Seed = 2 })));
        Assert.IsGreaterThan(0.7, RidgeTable.PaidShare(Sample(model, new SampleRequest { Rows = 4_000, Seed = 2 })));
        Assert.IsGreaterThan(0.5, model.Metrics["refinement_gain"]);
    }

    [TestMethod]
    public void Refinement_keeps_the_distribution_of_each_column()
    {
        var (real, drawn) = (RidgeTable.Make(4_000, seed: 3), Sample(model, new SampleRequest { Rows = 4_000, Seed = 3 }));
        foreach (var name in new[] { "bill", "paid", "other" })
        {
            var (a, b) = (Sorted(real, name), Sorted(drawn, name));
            foreach (var level in new[] { 0.1, 0.25, 0.5, 0.75, 0.9 })
            {
                var below = b.Count(value => value <= a[(int)(level * a.Length)]) / (double)b.Length;
                Assert.AreEqual(level, below, 0.05, $"{name} at {level}");
            }
        }

        static double[] Sorted(Table table, string name) => [.. ((NumericColumn)table[name]).Values.Order()];
    }

    [TestMethod]
    public void Independent_columns_that_the_network_knows_are_left_alone()
    {
        var random = new SeededStream(4, StreamPurpose.Codec, 0);
        var columns = Enumerable.Range(0, 6).Select(c => TestTables.Numbers(
            $"c{c}", ColumnKind.Decimal, Enumerable.Range(0, 3_000).Select(_ => Math.Round(random.NextGaussian(), 2)).ToArray(), 2)).ToArray<Column>();
        using var independent = RidgeTable.Untrained(TestTables.Make(columns), refine: true);
        Assert.AreEqual(0, independent.Metrics["refined_columns"]);
    }

    [TestMethod]
    public void Conditions_are_met_exactly_also_where_columns_are_refined()
    {
        var range = new RangeCondition(new RangeBound("50", true), new RangeBound("90", false));
        var table = Sample(model, new SampleRequest
        {
            Rows = 1_000, Seed = 5,
            Given = new Dictionary<string, Condition> { ["plan"] = Condition.Is("prepaid"), ["paid"] = range },
        });
        for (var row = 0; row < 1_000; row++)
        {
            Assert.AreEqual("prepaid", ((CodedColumn)table["plan"]).Text(row));
            Assert.IsTrue(((NumericColumn)table["paid"]).Values[row] is >= 50 and < 90);
        }
    }

    [TestMethod]
    public void Rows_that_begin_with_a_condition_are_refined_after_it()
    {
        var given = new Dictionary<string, Condition> { ["plan"] = Condition.Is("prepaid") };
        Assert.IsGreaterThan(0.7, RidgeTable.PaidShare(Sample(model, new SampleRequest { Rows = 2_000, Seed = 6, Given = given })));
    }

    [TestMethod]
    public void The_same_seed_refines_and_draws_the_same_on_any_number_of_threads()
    {
        var table = RidgeTable.Make(900);
        using var one = RidgeTable.Untrained(table, refine: true, threads: 1);
        using var two = RidgeTable.Untrained(table, refine: true, threads: 2);
        Assert.IsGreaterThan(0, one.Metrics["refined_columns"]);
        Assert.AreEqual(one.Metrics["refinement_gain"], two.Metrics["refinement_gain"]);
        var request = new SampleRequest { Rows = 3_000, Seed = 7 };
        Assert.AreEqual(TestTables.Text(one.Sample(request, CancellationToken.None)), TestTables.Text(two.Sample(request, CancellationToken.None)));
    }

    [TestMethod]
    public void A_resumed_training_is_refined_as_if_it_had_never_stopped()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio").FullName;
        try
        {
            var table = RidgeTable.Make(900);
            var request = new FitRequest { Seed = 8, Device = Device.Cpu, Options = AutoregressiveTests.Small(40), CheckpointFolder = folder };
            using var whole = Synthesizers.Get("autoregressive").Fit(table, request with { CheckpointFolder = null }, new Observer(), CancellationToken.None);
            var pausing = new Observer(wish: step => step >= 20 ? TrainingWish.Pause : TrainingWish.Continue);
            Assert.ThrowsExactly<TrainingPausedException>(() => Synthesizers.Get("autoregressive").Fit(table, request, pausing, CancellationToken.None));
            using var resumed = Synthesizers.Get("autoregressive").Fit(table, request, new Observer(), CancellationToken.None);
            Assert.IsGreaterThan(0, whole.Metrics["refined_columns"]);
            CollectionAssert.AreEqual(Rows(whole), Rows(resumed));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string[] Rows(ITabularModel drawn) =>
            TestTables.Text(drawn.Sample(new SampleRequest { Rows = 500, Seed = 9 }, CancellationToken.None)).Split('\n');
    }

    [TestMethod]
    public void A_training_that_was_paused_while_refined_has_only_the_rest_of_its_time()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio").FullName;
        try
        {
            var clock = new SetClock();
            var request = new FitRequest
            {
                Seed = 8, Device = Device.Cpu, Options = AutoregressiveTests.Small(20), CheckpointFolder = folder, MaxTime = TimeSpan.FromSeconds(600),
            };
            ITabularModel Fit(Observer observer) => new AutoregressiveSynthesizer(clock).Fit(RidgeTable.Make(900), request, observer, CancellationToken.None);

            // Twenty steps take 500 seconds: 100 are left.
            Assert.ThrowsExactly<TrainingPausedException>(
                () => Fit(new Observer(wish: asked => asked >= 20 ? TrainingWish.Pause : TrainingWish.Continue, atStep: _ => clock.Pass(25))));
            var columns = 0;
            using var resumed = Fit(new Observer(atStep: _ =>
            {
                columns++;
                clock.Pass(150);
            }));
            Assert.AreEqual(1, columns, "asked for once, and then it was too late");
            Assert.AreEqual(0, resumed.Metrics["refined_columns"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void A_loaded_model_refines_as_the_one_that_was_saved()
    {
        using var loaded = Synthesizers.Load(AutoregressiveTests.Save(model), Device.Cpu);
        var request = new SampleRequest { Rows = 2_000, Seed = 10 };
        Assert.AreEqual(TestTables.Text(model.Sample(request, CancellationToken.None)), TestTables.Text(loaded.Sample(request, CancellationToken.None)));
    }

    private static Table Sample(ITabularModel from, SampleRequest request) =>
        from.Sample(request with { ChunkRows = int.MaxValue, FirstChunkRows = int.MaxValue }, CancellationToken.None).Single();

    /// <summary>A clock that stands still but for what a test lets pass.</summary>
    private sealed class SetClock : TimeProvider
    {
        private long seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => seconds;

        public void Pass(int more) => seconds += more;
    }
}
