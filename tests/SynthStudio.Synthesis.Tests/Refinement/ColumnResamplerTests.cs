using SynthStudio.Synthesis.Autoregressive;
using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Autoregressive.Refinement;
using SynthStudio.Synthesis.Boosting;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Refinement;

[TestClass]
public sealed class ColumnResamplerTests
{
    private static ITabularModel model = null!, without = null!, pair = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        model = RidgeTable.Untrained(AgreementTable.Make(4_000, 1), refine: true);
        without = Synthesizers.Load(AgreementTable.WithoutResamplers(AutoregressiveTests.Save(model)), Device.Cpu);
        pair = RidgeTable.Untrained(Pair(3_000), refine: true);
    }

    [ClassCleanup]
    public static void Dispose()
    {
        model.Dispose();
        without.Dispose();
        pair.Dispose();
    }

    [TestMethod]
    public void A_value_is_drawn_by_its_log_odds_which_temperature_divides()
    {
        const int rows = 100_000;
        byte[] bins = [.. Enumerable.Range(0, rows).Select(row => (byte)(row % 2))];
        var resampler = new ColumnResampler(1, [0], 0, 2, MathF.Log(3), new ObliviousTrees(1, [0], [0], [0, MathF.Log(3)]));
        Assert.AreEqual((0.75, 0.9), (Share(1, 0), Share(1, 1)));
        Assert.AreEqual((0.63, 0.75), (Share(2, 0), Share(2, 1)));

        double Share(double temperature, int bin)
        {
            var cells = resampler.Draw([bins, null], rows, temperature, new SeededStream(3, StreamPurpose.SampledTokens, 0));
            Assert.IsTrue(cells.All(cell => cell is 0 or 2));
            return Math.Round(Enumerable.Range(0, rows).Where(row => bins[row] == bin).Average(row => cells[row] / 2.0), 2);
        }
    }

    [TestMethod]
    public void A_column_of_two_values_is_drawn_again_where_trees_know_more_than_the_network()
    {
        Assert.AreEqual(1, model.Metrics["resampled_columns"]);
        var drawn = Sample(model, new SampleRequest { Rows = 4_000, Seed = 2 });
        Assert.AreEqual(0.95, Enumerable.Range(0, drawn.RowCount).Average(row => AgreementTable.Agrees(drawn, row) ? 1.0 : 0), 0.025);
        Assert.AreEqual(0.5, Enumerable.Range(0, drawn.RowCount).Average(row => AgreementTable.Same(drawn, row) ? 1.0 : 0), 0.05);
    }

    [TestMethod]
    public void A_coin_that_the_network_knows_is_left_alone()
    {
        var random = new SeededStream(4, StreamPurpose.Codec, 0);
        var coin = TestTables.Coded("coin", ColumnKind.Boolean, Enumerable.Range(0, 2_000).Select(_ => random.NextInt(2) == 0 ? "heads" : "tails"));
        var amount = TestTables.Numbers("amount", ColumnKind.Decimal, [.. Enumerable.Range(0, 2_000).Select(_ => Math.Round(random.NextGaussian(), 2))], 2);
        var request = new FitRequest { Seed = 1, Device = Device.Cpu, Options = new Dictionary<string, string>(AutoregressiveTests.Small(100)) { ["refine"] = "true" } };
        using var fair = Synthesizers.Get("autoregressive").Fit(TestTables.Make(coin, amount), request, new Observer(), CancellationToken.None);
        Assert.AreEqual(0, fair.Metrics["resampled_columns"]);
    }

    [TestMethod]
    public void What_a_request_decides_is_not_drawn_again()
    {
        var given = Sample(model, new SampleRequest { Rows = 500, Seed = 5, Given = new Dictionary<string, Condition> { ["same"] = Condition.Is("yes") } });
        Assert.IsTrue(Enumerable.Range(0, 500).All(row => AgreementTable.Same(given, row)));
        var half = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["same"] = new Dictionary<string, double> { ["yes"] = 0.9 } };
        var balanced = Sample(model, new SampleRequest { Rows = 500, Seed = 5, Rebalance = half });
        Assert.AreEqual(450, Enumerable.Range(0, 500).Count(row => AgreementTable.Same(balanced, row)));
        var fair = Sample(pair, new SampleRequest { Rows = 3_000, Seed = 5, Fairness = new FairnessRequest("again", "same") });
        var again = Enumerable.Range(0, 3_000).ToLookup(row => AgreementTable.Same(fair, row), row => ((CodedColumn)fair["again"]).Text(row) == "yes" ? 1.0 : 0);
        Assert.AreEqual(again[true].Average(), again[false].Average(), 0.06);
    }

    [TestMethod]
    public void What_a_condition_leaves_free_is_drawn_as_without_it()
    {
        var free = TestTables.Text(model.Sample(new SampleRequest { Rows = 500, Seed = 5 }, CancellationToken.None));
        foreach (var condition in new[] { Condition.NotMissing(), Condition.OneOf("no", "yes") })
        {
            var request = new SampleRequest { Rows = 500, Seed = 5, Given = new Dictionary<string, Condition> { ["same"] = condition } };
            Assert.AreEqual(free, TestTables.Text(model.Sample(request, CancellationToken.None)));
        }
    }

    [TestMethod]
    public void A_package_of_before_draws_without()
    {
        var drawn = Sample(without, new SampleRequest { Rows = 4_000, Seed = 2 });
        var again = Sample(model, new SampleRequest { Rows = 4_000, Seed = 2 });
        CollectionAssert.AreEqual(((NumericColumn)again["a"]).Values, ((NumericColumn)drawn["a"]).Values);
        Assert.IsGreaterThan(200, Enumerable.Range(0, 4_000).Count(row => AgreementTable.Same(drawn, row) != AgreementTable.Same(again, row)));
    }

    [TestMethod]
    public void Rows_in_an_order_decide_as_shuffled_ones()
    {
        // One row in 300 is far out: most of what trees know is of those, which stand behind the rows that are compared.
        var random = new SeededStream(6, StreamPurpose.Codec, 0);
        var amounts = Enumerable.Range(0, 10_000).Select(_ => Math.Round(random.NextGaussian(), 2)).ToArray();
        Assert.AreEqual((1, 1), (Resampled([.. amounts.Order()]), Resampled(amounts)));

        static double Resampled(double[] amounts)
        {
            var far = TestTables.Coded("far", ColumnKind.Boolean, amounts.Select(amount => amount >= 2.7 ? "yes" : "no"));
            using var trained = RidgeTable.Untrained(TestTables.Make(far, TestTables.Numbers("amount", ColumnKind.Decimal, amounts, 2)), refine: true);
            return trained.Metrics["resampled_columns"];
        }
    }

    [TestMethod]
    public void What_may_be_chance_is_left_to_the_network()
    {
        CollectionAssert.AreEqual((int[])[0, 1], Resampled(new RefinementPlan()));
        CollectionAssert.AreEqual((int[])[], Resampled(new RefinementPlan { LeastEvidence = 100_000 }));
        CollectionAssert.AreEqual((int[])[], Resampled(new RefinementPlan { FewestResampledRows = 3_001 }));

        static int[] Resampled(RefinementPlan plan) => [.. Refine(plan, _ => true).Resamplers.Select(resampler => resampler.Column).Order()];
    }

    [TestMethod]
    public void When_time_runs_out_what_was_learned_by_then_is_kept()
    {
        var all = Refine(new RefinementPlan(), _ => true);
        foreach (var (limit, kept) in new[] { (0.7, 0), (0.8, 1) })
        {
            var stopped = Refine(new RefinementPlan(), share => share < limit);
            CollectionAssert.AreEqual(
                Array.ConvertAll(all.Resamplers[..kept], resampler => resampler.Column), Array.ConvertAll(stopped.Resamplers, resampler => resampler.Column));
            Assert.AreEqual(all.Refiners.Count(refiner => refiner is not null), stopped.Refiners.Count(refiner => refiner is not null));
        }
    }

    [TestMethod]
    public void Each_column_is_drawn_by_what_was_drawn_again_before()
    {
        var codec = TableCodec.Fit(Pair(500), 1, protectRare: true);
        var shape = new NetworkShape(new TokenLayout([.. codec.Modelled.Select(c => codec.Columns[c].Layout)]), 16, Blocks: 1);
        var sampler = new AutoregressiveSampler(new InferenceNetwork(shape, shape.Initial(1)));
        var random = new SeededStream(3, StreamPurpose.SampledTokens, 0);
        var cells = codec.Encode(Pair(500));
        var block = new BlockDraw(sampler, cells, new double[]?[cells.Length], random);
        var before = cells[0].ToArray();

        // The second column is made the first, then the first the opposite of it, then the second the first again.
        foreach (var (column, sure) in new[] { (1, 50f), (0, -50f), (1, 50f) })
            block.Resample(new ColumnResampler(column, [1 - column], 0, 1, 0, new ObliviousTrees(1, [0], [0], [-sure, sure])), RowRefinement.None(codec), 1);
        CollectionAssert.AreEqual(Array.ConvertAll(before, cell => (ushort)(1 - cell)), cells[0]);
        CollectionAssert.AreEqual(cells[0], cells[1]);
    }

    [TestMethod]
    public void The_same_seed_draws_the_same_on_any_number_of_threads_and_from_the_package()
    {
        using var one = RidgeTable.Untrained(AgreementTable.Make(4_000, 1), refine: true, threads: 1);
        using var loaded = Synthesizers.Load(AutoregressiveTests.Save(model), Device.Cpu);
        var request = new SampleRequest { Rows = 3_000, Seed = 7 };
        var text = TestTables.Text(model.Sample(request, CancellationToken.None));
        Assert.AreEqual(text, TestTables.Text(one.Sample(request, CancellationToken.None)));
        Assert.AreEqual(text, TestTables.Text(loaded.Sample(request, CancellationToken.None)));
    }

    [TestMethod]
    public void What_is_written_is_read_and_what_is_damaged_is_refused()
    {
        var codec = TableCodec.Fit(AgreementTable.Make(500, 1), 1, protectRare: true);
        var resampler = new ColumnResampler(0, [1, 2], 0, 1, 0.5f, new ObliviousTrees(1, [1], [3], [-0.5f, 0.5f]));
        var bytes = ResamplerStore.Write([resampler]);
        CollectionAssert.AreEqual(bytes, ResamplerStore.Write(ResamplerStore.Read(bytes, codec)));

        Refuses(bytes[..^1]);
        Refuses([.. bytes, 0]);
        Refuses([]);
        foreach (var damaged in new[]
        {
            resampler with { Column = 3 }, resampler with { Column = -1 }, resampler with { Low = 9 }, resampler with { Offset = float.NaN },
            resampler with { Others = [0, 1] }, resampler with { Others = [1, 3] }, resampler with { Trees = resampler.Trees with { Features = [2] } },
            resampler with { Trees = resampler.Trees with { Depth = 9 } }, resampler with { Trees = resampler.Trees with { Leaves = [0] } },
            resampler with { High = 0 }, resampler with { Low = 1, High = 0 }, resampler with { Column = 1, Others = [0, 2] },
        }) Refuses(ResamplerStore.Write([damaged]));
        Refuses(ResamplerStore.Write([resampler, resampler]));

        void Refuses(byte[] damaged) => Assert.ThrowsExactly<InvalidDataException>(() => ResamplerStore.Read(damaged, codec));
    }

    /// <summary>Whether two numbers have the same sign, and that told again, wrong in one row of ten.</summary>
    private static Table Pair(int rows)
    {
        var (table, random) = (AgreementTable.Make(rows, 1), new SeededStream(1, StreamPurpose.Codec, 3_001));
        var again = Enumerable.Range(0, rows).Select(row => AgreementTable.Same(table, row) == random.NextInt(10) > 0 ? "yes" : "no").ToArray();
        return TestTables.Make(table["same"], TestTables.Coded("again", ColumnKind.Boolean, again), table["a"], table["b"]);
    }

    /// <summary>What is learned of the pair by another plan.</summary>
    private static RowRefinement Refine(RefinementPlan plan, Func<double, bool> report)
    {
        var trained = (AutoregressiveModel)pair;
        var network = new InferenceNetwork(trained.Shape, trained.Weights);
        var trainer = new RefinementTrainer(network, PassPlan.Choose(network), trained.Codec, plan, 1, threads: 2);
        return trainer.Fit(new CellArrays(trained.Codec.Encode(Pair(3_000))), report, CancellationToken.None).Refinement;
    }

    private static Table Sample(ITabularModel from, SampleRequest request) =>
        from.Sample(request with { ChunkRows = int.MaxValue, FirstChunkRows = int.MaxValue }, CancellationToken.None).Single();
}
