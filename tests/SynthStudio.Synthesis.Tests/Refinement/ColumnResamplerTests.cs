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
    private static ITabularModel model = null!;

    [ClassInitialize]
    public static void Train(TestContext context) => model = RidgeTable.Untrained(Agreement(4_000, 1), refine: true);

    [ClassCleanup]
    public static void Dispose() => model.Dispose();

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
        Assert.AreEqual(0.95, Enumerable.Range(0, drawn.RowCount).Average(row => Agrees(drawn, row) ? 1.0 : 0), 0.025);
        Assert.AreEqual(0.5, Enumerable.Range(0, drawn.RowCount).Average(row => Same(drawn, row) ? 1.0 : 0), 0.05);
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
        Assert.IsTrue(Enumerable.Range(0, 500).All(row => Same(given, row)));
        var half = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["same"] = new Dictionary<string, double> { ["yes"] = 0.9 } };
        var balanced = Sample(model, new SampleRequest { Rows = 500, Seed = 5, Rebalance = half });
        Assert.AreEqual(450, Enumerable.Range(0, 500).Count(row => Same(balanced, row)));
    }

    [TestMethod]
    public void The_same_seed_draws_the_same_on_any_number_of_threads_and_from_the_package()
    {
        using var one = RidgeTable.Untrained(Agreement(4_000, 1), refine: true, threads: 1);
        using var loaded = Synthesizers.Load(AutoregressiveTests.Save(model), Device.Cpu);
        var request = new SampleRequest { Rows = 3_000, Seed = 7 };
        var text = TestTables.Text(model.Sample(request, CancellationToken.None));
        Assert.AreEqual(text, TestTables.Text(one.Sample(request, CancellationToken.None)));
        Assert.AreEqual(text, TestTables.Text(loaded.Sample(request, CancellationToken.None)));
    }

    [TestMethod]
    public void What_is_written_is_read_and_what_is_damaged_is_refused()
    {
        var codec = TableCodec.Fit(Agreement(500, 1), 1, protectRare: true);
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
        }) Refuses(ResamplerStore.Write([damaged]));

        void Refuses(byte[] damaged) => Assert.ThrowsExactly<InvalidDataException>(() => ResamplerStore.Read(damaged, codec));
    }

    /// <summary>Two independent numbers, and whether they have the same sign, which is told wrong in one row of twenty.</summary>
    private static Table Agreement(int rows, long seed)
    {
        var random = new SeededStream(seed, StreamPurpose.Codec, 3_000);
        var (a, b, same) = (new double[rows], new double[rows], new string[rows]);
        for (var row = 0; row < rows; row++)
        {
            (a[row], b[row]) = (Math.Round(random.NextGaussian(), 2), Math.Round(random.NextGaussian(), 2));
            same[row] = a[row] >= 0 == b[row] >= 0 == random.NextDouble() < 0.95 ? "yes" : "no";
        }

        return TestTables.Make(
            TestTables.Coded("same", ColumnKind.Boolean, same), TestTables.Numbers("a", ColumnKind.Decimal, a, 2), TestTables.Numbers("b", ColumnKind.Decimal, b, 2));
    }

    private static bool Same(Table table, int row) => ((CodedColumn)table["same"]).Text(row) == "yes";

    private static bool Agrees(Table table, int row) =>
        Same(table, row) == (((NumericColumn)table["a"]).Values[row] >= 0 == ((NumericColumn)table["b"]).Values[row] >= 0);

    private static Table Sample(ITabularModel from, SampleRequest request) =>
        from.Sample(request with { ChunkRows = int.MaxValue, FirstChunkRows = int.MaxValue }, CancellationToken.None).Single();
}
