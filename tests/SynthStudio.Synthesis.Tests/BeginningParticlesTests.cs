using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests;

/// <summary>Rows under so many conditions that particles stand for the combinations of cells they begin with.</summary>
[TestClass]
public sealed class BeginningParticlesTests
{
    private const int Values = 20;

    /// <summary>Four columns of twenty values, each as likely, and a class that every fiftieth row is of.</summary>
    private static readonly Lazy<ITabularModel> Model = new(() =>
    {
        const int rows = 4_000;
        var random = new SeededStream(5, StreamPurpose.Codec, 77);
        var columns = Enumerable.Range(0, 4)
            .Select(c => TestTables.Coded($"c{c}", ColumnKind.Categorical, Enumerable.Range(0, rows).Select(_ => $"v{random.NextInt(Values)}").ToArray()));
        var classes = TestTables.Coded("class", ColumnKind.Categorical, Enumerable.Range(0, rows).Select(row => row % 50 == 0 ? "rare" : "usual"));
        return AutoregressiveTests.Fit(TestTables.Make([classes, .. columns]), steps: 150);
    });

    /// <summary>All values but one: three columns alone have 6,859 combinations.</summary>
    private static readonly Dictionary<string, Condition> Given = Enumerable.Range(0, 4)
        .ToDictionary(c => $"c{c}", _ => Condition.OneOf([.. Enumerable.Range(1, Values - 1).Select(value => $"v{value}")]));

    [TestMethod]
    public void A_rare_class_that_is_wanted_often_has_as_many_combinations_as_its_rows_find()
    {
        var drawn = Draw(4_000, new() { ["class"] = new Dictionary<string, double> { ["rare"] = 0.5 } });
        var classes = drawn.Texts("class");
        var rare = Enumerable.Range(0, 4_000).Where(row => classes[row] == "rare").ToList();
        Assert.IsInRange(1_999, 2_001, rare.Count);

        // 2,000 draws of 6,859 find about 1,730; a fiftieth of 4,096 particles are 82.
        Assert.IsGreaterThan(1_200, Combinations(drawn, rare));
        Assert.IsTrue(Enumerable.Range(0, 4).All(c => drawn.Texts($"c{c}").All(text => text is not (null or "v0"))));
    }

    [TestMethod]
    public void A_large_sample_is_not_limited_to_the_particles_of_one_table()
    {
        var drawn = Draw(16_000, []);
        Assert.IsGreaterThan(4_600, Combinations(drawn, [.. Enumerable.Range(0, 16_000)]));
    }

    [TestMethod]
    public void Equal_seeds_draw_equal_rows()
    {
        var shares = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["class"] = new Dictionary<string, double> { ["rare"] = 0.3 } };
        Assert.AreEqual(TestTables.Text([Draw(3_000, shares)]), TestTables.Text([Draw(3_000, shares)]));
        Assert.AreNotEqual(TestTables.Text([Draw(3_000, shares)]), TestTables.Text([Draw(3_000, shares, seed: 4)]));
    }

    private static int Combinations(Table table, List<int> rows)
    {
        string?[] first = table.Texts("c0"), second = table.Texts("c1"), third = table.Texts("c2");
        return rows.Select(row => (first[row], second[row], third[row])).Distinct().Count();
    }

    private static Table Draw(int rows, Dictionary<string, IReadOnlyDictionary<string, double>> rebalance, long seed = 3) => Model.Value.Sample(
        new SampleRequest { Rows = rows, Seed = seed, Given = Given, Rebalance = rebalance, ChunkRows = rows, FirstChunkRows = rows },
        CancellationToken.None).Single();
}
