using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Mixed;

[TestClass]
public sealed class NumericModesTests
{
    private const int Rows = 6_000;

    private static readonly SeededStream Random = new(1, StreamPurpose.Codec, 77);

    [TestMethod]
    public void A_mixture_finds_two_modes_where_they_are()
    {
        var mixture = Fit(Numbers(_ => Random.NextDouble() < 0.3 ? 10 + Random.NextGaussian() : 50 + 4 * Random.NextGaussian())).Mixture;
        var low = Enumerable.Range(0, mixture.Count).Where(k => mixture.Means[k] < 25).ToArray();
        Assert.AreEqual(0.3, low.Sum(k => mixture.Weights[k]), 0.02);
        Assert.AreEqual(10, Mean(low), 0.2);
        Assert.AreEqual(50, Mean([.. Enumerable.Range(0, mixture.Count).Except(low)]), 0.4);

        double Mean(int[] components) =>
            components.Sum(k => mixture.Weights[k] * mixture.Means[k]) / components.Sum(k => mixture.Weights[k]);
    }

    [TestMethod]
    public void A_mixture_is_the_same_in_any_unit()
    {
        const double unit = 1e-8;
        var random = new SeededStream(2, StreamPurpose.Codec, 78);
        var points = Enumerable.Range(0, 2_000).Select(_ => random.NextDouble() < 0.3 ? 10 + random.NextGaussian() : 50 + 4 * random.NextGaussian())
            .Order().Select(value => (Value: value, Rows: 1.0, Variance: 0.0)).ToList();
        var (large, small) =
            (GaussianMixture.Fit(points, 10),
             GaussianMixture.Fit(points.ConvertAll(point => (point.Value * unit, point.Rows, point.Variance)), 10));
        Assert.AreEqual(large.Count, small.Count);
        for (var k = 0; k < large.Count; k++)
        {
            Assert.AreEqual(large.Means[k], small.Means[k] / unit, 0.05);
            Assert.AreEqual(large.Deviations[k], small.Deviations[k] / unit, 0.05);
        }
    }

    [TestMethod]
    public void Frequent_values_among_others_become_symbols_of_their_own()
    {
        var modes = Fit(Numbers(_ => Random.NextDouble() switch { < 0.4 => 0, < 0.5 => 500, _ => Math.Round(300 + 90 * Random.NextGaussian(), 2) }));
        CollectionAssert.AreEqual(new[] { 0.0, 500.0 }, modes.Atoms);
        Assert.AreEqual(0.4, modes.Counts[0] / (double)Rows, 0.03);
        Assert.IsEmpty(Fit(Numbers(_ => Math.Round(40 + 10 * Random.NextGaussian()))).Atoms);
    }

    [TestMethod]
    public void A_column_of_few_values_has_no_mixture()
    {
        var modes = Fit(Numbers(_ => Random.NextInt(7)));
        Assert.HasCount(7, modes.Atoms);
        Assert.AreEqual(0, modes.Mixture.Count);
    }

    [TestMethod]
    public void Encoding_and_decoding_keep_distribution_grid_and_missing_values()
    {
        var column = Numbers(i => i % 5 == 0 ? double.NaN : Random.NextInt(3) == 0 ? 0 : Math.Round(Math.Exp(6 + Random.NextGaussian())));
        var codec = NumericCodec.Fit(column, threshold: 5);
        var modes = new ModeColumn(codec, NumericModes.Fit(codec));
        var (symbols, scalars) = modes.Encode(column, new SeededStream(1, StreamPurpose.ModeChoice, 0));
        var decoded = ((NumericColumn)modes.Decode(symbols, scalars, new SeededStream(1, StreamPurpose.DecodedValues, 0), 0, 1)).Values;
        for (var i = 0; i < Rows; i++)
        {
            Assert.AreEqual(double.IsNaN(column.Values[i]), double.IsNaN(decoded[i]));
            Assert.AreEqual(column.Values[i] == 0, decoded[i] == 0);
            if (!double.IsNaN(decoded[i])) Assert.AreEqual(Math.Round(decoded[i]), decoded[i]);
        }

        var (before, after) = (Sorted(column.Values), Sorted(decoded));
        for (var i = 0; i < before.Length; i += 50) Assert.AreEqual(before[i], after[i], 0.05 * before[i] + 15);
    }

    [TestMethod]
    public void Scalars_stay_within_the_reach_of_a_network_that_ends_in_tanh()
    {
        var column = Numbers(_ => Math.Exp(3 * Random.NextGaussian()));
        var codec = NumericCodec.Fit(column, threshold: 5);
        var (_, scalars) = new ModeColumn(codec, NumericModes.Fit(codec)).Encode(column, new SeededStream(1, StreamPurpose.ModeChoice, 0));
        Assert.IsLessThan(1, scalars!.Max(Math.Abs));
        Assert.IsGreaterThan(0.1, scalars!.Average(Math.Abs));
    }

    private static NumericColumn Numbers(Func<int, double> value) =>
        TestTables.Numbers("x", ColumnKind.Decimal, Enumerable.Range(0, Rows).Select(value));

    private static NumericModes Fit(NumericColumn column) => NumericModes.Fit(NumericCodec.Fit(column, threshold: 5));

    private static double[] Sorted(double[] values) => [.. values.Where(double.IsFinite).Order()];
}
