using SynthStudio.Synthesis.Autoregressive.Operations;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Equal rates of a target and declared shares of a third column, which hangs together with both.</summary>
[TestClass]
public sealed class FairSharesTests
{
    private static readonly ushort[][] Cells = [.. Enumerable.Range(0, 8).Select(i => new[] { (ushort)(i & 1), (ushort)(i >> 1 & 1), (ushort)(i >> 2) })];

    [TestMethod]
    public void Rates_are_equal_and_shares_as_declared_at_once()
    {
        // The third column mostly says whether the first two differ; the first two hang together, and are not even.
        var weights = Array.ConvertAll(Cells, c => (c[0] == c[1] ? 0.3 : 0.2) * (c[0] == 1 ? 0.7 : 1) * (c[2] == (c[0] ^ c[1]) ? 0.9 : 0.1));
        Shares.Fit(Cells, weights, [null, null, [0.15, 0.85]], (0, 1));
        Assert.AreEqual(0.85, Mass(c => c[2] == 1), 1e-7);
        Assert.AreEqual(Mass(c => c[0] == 1) * Mass(c => c[1] == 1), Mass(c => c[0] == 1 && c[1] == 1), 1e-7);

        double Mass(Func<ushort[], bool> holds) => Cells.Zip(weights).Where(pair => holds(pair.First)).Sum(pair => pair.Second);
    }

    [TestMethod]
    public void What_does_not_go_together_is_refused()
    {
        // Where the third column says that the first two are equal, most cannot be so and independent, each half and half.
        var weights = Array.ConvertAll(Cells, c => c[2] == (c[0] ^ c[1]) ? 1.0 : 0);
        var error = Assert.ThrowsExactly<SynthesisException>(() => Shares.Fit(Cells, weights, [null, null, [0.9, 0.1]], (0, 1)));
        Assert.AreEqual(SynthesisError.ImpossibleCondition, error.Error);
        Assert.Contains("Equal rates of the target", error.Message);
    }

    [TestMethod]
    public void Rows_have_equal_rates_and_the_shares_of_a_third_column()
    {
        var random = new SeededStream(4, StreamPurpose.Codec, 31);
        string[] group = new string[900], hired = new string[900], test = new string[900];
        for (var i = 0; i < 900; i++)
        {
            (group[i], hired[i]) = (random.NextInt(3) == 0 ? "a" : "b", random.NextInt(2) == 0 ? "yes" : "no");
            test[i] = (group[i] == "a") == (hired[i] == "yes") == random.NextDouble() < 0.95 ? "pass" : "fail";
        }

        using var model = AutoregressiveTests.Fit(
            TestTables.Make(
                TestTables.Coded("group", ColumnKind.Categorical, group), TestTables.Coded("hired", ColumnKind.Boolean, hired),
                TestTables.Coded("test", ColumnKind.Categorical, test)),
            steps: 150);
        var drawn = model.Sample(
            new SampleRequest
            {
                Rows = 6_000, Seed = 3, ChunkRows = 6_000, FirstChunkRows = 6_000, Fairness = new FairnessRequest("hired", "group"),
                Rebalance = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["test"] = new Dictionary<string, double> { ["pass"] = 0.8 } },
            },
            CancellationToken.None).Single();
        var (groups, hires) = (drawn.Texts("group"), drawn.Texts("hired"));
        double Rate(string of) => Enumerable.Range(0, 6_000).Where(row => groups[row] == of).Share(row => hires[row] == "yes");
        Assert.AreEqual(0.8, drawn.Texts("test").Share(text => text == "pass"), 0.001);
        Assert.AreEqual(Rate("a"), Rate("b"), 0.005);
    }
}
