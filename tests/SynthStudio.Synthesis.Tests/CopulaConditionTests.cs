using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Copula;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>The copula's rows under conditions are those that waiting for them would give, values, ranges, gaps and contradictions included.</summary>
[TestClass]
public sealed class CopulaConditionTests
{
    private const int Drawn = 300_000, Asked = 6_000;

    private static readonly ITabularModel Model = Methods.Fit("copula", Mixed(8_000));

    private static readonly Lazy<Table> Waited = new(() => Methods.Draw(Model, Drawn, 5));

    private static readonly Dictionary<string, (Dictionary<string, Condition> Given, Func<Row, bool> Meets)> Cases = new()
    {
        ["a frequent value"] = (new() { ["a"] = Condition.Is("0") }, row => row.A == 0),
        ["values of three columns"] = (new() { ["a"] = Condition.Is("1"), ["b"] = Condition.Is("2"), ["c"] = Condition.Is("1") }, row => row is { A: 1, B: 2, C: 1 }),
        ["values against the correlation"] = (new() { ["a"] = Condition.Is("1"), ["b"] = Condition.Is("-1") }, row => row is { A: 1, B: -1 }),
        ["values with a gap, and a range"] = (new() { ["a"] = Condition.OneOf("-3", "3"), ["b"] = Condition.Between(new("-2"), null) }, row => row is { A: -3 or 3, B: >= -2 }),
        ["a range that cuts cells"] = (new() { ["x"] = Condition.Between(new("0.403"), new("0.427")) }, row => row.X is >= 0.403 and <= 0.427),
        ["ranges of three columns, far out"] = (
            new()
            {
                ["a"] = Condition.Between(new("2"), null), ["b"] = Condition.Between(new("2"), null),
                ["x"] = Condition.Between(new("1"), null),
            },
            row => row is { A: >= 2, B: >= 2, X: >= 1 }),
        ["a number that may be missing"] = (
            new() { ["d"] = Condition.OneOf("1", null), ["a"] = Condition.Between(new("0"), null) },
            row => row.A >= 0 && (row.D == 1 || double.IsNaN(row.D))),
        ["a missing number"] = (new() { ["d"] = Condition.Is(null), ["x"] = Condition.Between(null, new("0")) }, row => double.IsNaN(row.D) && row.X <= 0),
        ["a category"] = (new() { ["kind"] = Condition.Is("s"), ["a"] = Condition.Between(null, new("0")) }, row => row is { Kind: "s", A: <= 0 }),
        ["a set of categories"] = (new() { ["kind"] = Condition.OneOf("q", "s", "t") }, row => row.Kind is "q" or "s" or "t"),
        ["a set of categories and a range"] = (new() { ["kind"] = Condition.OneOf("q", "t"), ["x"] = Condition.Between(new("0.5"), null) }, row => row is { Kind: "q" or "t", X: >= 0.5 }),
    };

    public static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Rows_are_those_that_waiting_would_give(string name)
    {
        var (given, meets) = Cases[name];
        var drawn = Of(Model.Sample(
            new SampleRequest { Rows = Asked, Seed = 2, Given = given, ChunkRows = Asked, FirstChunkRows = Asked },
            CancellationToken.None).Single());
        var waited = Of(Waited.Value).Where(meets).ToList();
        Assert.IsGreaterThan(150, waited.Count);
        Assert.IsTrue(drawn.TrueForAll(row => meets(row)));
        foreach (var part in new Func<Row, double>[]
        {
            r => r.A, r => r.B, r => r.C, r => double.IsNaN(r.D) ? -99 : r.D, r => r.X, r => r.Kind[0],
            r => r.A - r.C, r => r.B * r.X, r => r.X * (r.Kind is "p" or "q" ? 1 : -1),
        }) Assert.IsLessThan(1, TwoSamples.Distance(drawn.Select(part), waited.Select(part)));
    }

    [TestMethod]
    public void Rows_without_conditions_are_told_from_those_with_them()
    {
        // The test itself can tell: what is given moves the rest.
        var all = Of(Waited.Value);
        Assert.IsGreaterThan(1, TwoSamples.Distance(all.Select(row => row.X), all.Where(row => row.A == 1).Take(400).Select(row => row.X)));
    }

    [TestMethod]
    [DataRow(2, 1 / 3.0)]
    [DataRow(4, 1 / 5.0)]
    [DataRow(9, 1 / 10.0)]
    public void The_chance_of_an_orthant_is_the_mean_weight(int variables, double chance)
    {
        // With all correlations 1/2, all variables are above 0 with the chance 1 / (n + 1).
        var factor = Correlated(variables, 0.5);
        var (means, most) = MinimaxTilting.Find(factor, new double[variables], Enumerable.Repeat(double.PositiveInfinity, variables).ToArray())!.Value;
        var random = new SeededStream(1, StreamPurpose.Codec, 92);
        var weights = Enumerable.Range(0, 40_000).Select(_ => LogWeight(factor, 0, means, random)).ToArray();
        Assert.IsLessThanOrEqualTo(most + 1e-9, weights.Max());
        Assert.AreEqual(chance, weights.Average(Math.Exp), 0.02 * chance);
        Assert.IsGreaterThan(0.5, weights.Average(weight => Math.Exp(weight - most)), "most rows are kept");
    }

    [TestMethod]
    [DataRow(0.9, 1.2, 1.3)]
    [DataRow(0.5, 2.5, double.PositiveInfinity)]
    [DataRow(-0.1, -0.5, 3.0)]
    public void Many_intervals_are_met_with_few_rows_drawn_in_vain(double correlation, double low, double high)
    {
        const int variables = 8;
        var factor = Correlated(variables, correlation);
        var normal = new CutNormal(factor, [.. Enumerable.Range(0, variables).Select(v => new LatentCut(v, [new LatentPiece(low, high, 1)]))]);
        var random = new SeededStream(2, StreamPurpose.Codec, 93);
        var noise = new double[variables];
        double kept = 0;
        for (var i = 0; i < 4_000; i++)
        {
            kept += normal.Draw(noise, random) / 4_000;
            for (var v = 0; v < variables; v++)
                Assert.IsTrue(
                    Enumerable.Range(0, v + 1).Sum(j => factor[v][j] * noise[j])
                        is var z && z >= low - 1e-9 && z <= high + 1e-9);
        }

        Assert.IsGreaterThan(0.25, kept);
    }

    [TestMethod]
    [DataRow(-1.0, 2.0, 0.8185946141)]
    [DataRow(3.0, 3.5, 1.117269e-3)]
    [DataRow(-3.5, -3.0, 1.117269e-3)]
    public void Probabilities_of_intervals_have_their_logarithms(double low, double high, double expected) =>
        Assert.AreEqual(Math.Log(expected), Gaussian.LogBetween(low, high), 1e-5);

    [TestMethod]
    public void Far_tails_have_logarithms_where_probabilities_are_none()
    {
        // ln Φ(-40), by the asymptotic series to 13 digits; both ways of computing meet where one gives way to the other.
        Assert.AreEqual(-804.608442, Gaussian.LogBetween(40, double.PositiveInfinity), 1e-6);
        Assert.AreEqual(Math.Log(Gaussian.Below(-26)), Gaussian.LogBetween(26, double.PositiveInfinity), 1e-6);
    }

    private static double LogWeight(double[][] factor, double low, double[] means, SeededStream random)
    {
        var noise = new double[factor.Length];
        double log = 0;
        for (var k = 0; k < noise.Length; k++)
        {
            var from = (low - Enumerable.Range(0, k).Sum(j => factor[k][j] * noise[j])) / factor[k][k] - means[k];
            noise[k] = means[k] + Gaussian.Truncated(from, double.PositiveInfinity, random.NextDouble());
            log += means[k] * means[k] / 2 - means[k] * noise[k] + Math.Log(Gaussian.Between(from, double.PositiveInfinity));
        }

        return log;
    }

    private static double[][] Correlated(int variables, double correlation)
    {
        var matrix = new double[variables, variables];
        for (var i = 0; i < variables; i++)
            for (var j = 0; j < variables; j++)
                matrix[i, j] = i == j ? 1 : correlation;
        return Cholesky.Factor(matrix, [.. Enumerable.Range(0, variables)]);
    }

    private static List<Row> Of(Table t)
    {
        double[] a = t.Values("a"), b = t.Values("b"), c = t.Values("c"), d = t.Values("d"), x = t.Values("x");
        var kind = t.Texts("kind");
        return [.. Enumerable.Range(0, t.RowCount).Select(row => new Row(a[row], b[row], c[row], d[row], x[row], kind[row]!))];
    }

    /// <summary>Four whole numbers, one of them often missing, one with many decimals, and a category, all correlated.</summary>
    private static Table Mixed(int rows)
    {
        var random = new SeededStream(6, StreamPurpose.Codec, 94);
        double[][] numbers = [.. Enumerable.Range(0, 5).Select(_ => new double[rows])];
        var kinds = new string[rows];
        for (var i = 0; i < rows; i++)
        {
            var common = random.NextGaussian();
            for (var c = 0; c < 4; c++) numbers[c][i] = Math.Round(1.4 * common + (c + 0.5) / 2 * random.NextGaussian());
            if (0.7 * common + random.NextGaussian() > 1) numbers[3][i] = double.NaN;
            numbers[4][i] = Math.Round(common + 0.5 * random.NextGaussian(), 4);
            kinds[i] = (common + random.NextGaussian()) switch { < -1.5 => "p", < -0.3 => "q", < 0.5 => "r", < 1.6 => "s", _ => "t" };
        }

        return TestTables.Make([
            .. "abcd".Select((name, c) => (Column)TestTables.Numbers(name.ToString(), ColumnKind.Integer, numbers[c])),
            TestTables.Numbers("x", ColumnKind.Decimal, numbers[4], 4), TestTables.Coded("kind", ColumnKind.Categorical, kinds),
        ]);
    }

    private sealed record Row(double A, double B, double C, double D, double X, string Kind);
}
