using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Tests.Marginals;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Private;

/// <summary>What is bought of a domain comes out of noisy counts and is paid for.</summary>
[TestClass]
public sealed class PurchaseTests
{
    // Recorded chance, so to speak: with chance of its own one run in a thousand would see noise stand out where nothing is.
    private readonly SecureBits bits = new(new Random(3).NextBytes);

    [TestMethod]
    public void A_category_that_one_row_has_stays_in_and_frequent_ones_come_out()
    {
        var values = Enumerable.Range(0, 500).Select(i => $"rare {i}").Append("a").Append("b").ToArray();
        var codes = Enumerable.Range(0, 500).Concat(Enumerable.Repeat(500, 2_000)).Concat(Enumerable.Repeat(501, 1_000)).Append(CodedColumn.Missing).ToArray();
        var column = new CodedColumn(new ColumnSchema { Name = "c", Kind = ColumnKind.Categorical }, codes, values);

        var bought = CategoryThreshold.Categories(column, 1, new NoiseLevel(20, 1), 1e-7, bits);

        CollectionAssert.AreEqual(new[] { "a", "b", ColumnDomain.Other }, bought);
    }

    [TestMethod]
    public void A_unit_with_many_rows_faces_a_higher_threshold()
    {
        var column = new CodedColumn(new ColumnSchema { Name = "c", Kind = ColumnKind.Categorical }, [.. Enumerable.Repeat(0, 60)], ["only hers"]);
        var published = Enumerable.Range(0, 200).Count(_ => CategoryThreshold.Categories(column, 60, new NoiseLevel(1, 60), 1e-7, bits).Length > 1);

        Assert.AreEqual(0, published);
    }

    [TestMethod]
    public void Bins_hold_about_equally_many_rows_and_a_frequent_value_has_its_own()
    {
        var domain = new ColumnDomain { Kind = ColumnKind.Integer, Min = 0, Max = 99_999 };
        var values = Enumerable.Repeat(0.0, 9_000).Concat(Enumerable.Range(0, 10_000).Select(i => 1.0 + i)).Append(double.NaN).Append(1e300).ToArray();

        var edges = QuantileTree.Edges(values, domain, 20, QuantileTree.Levels(domain), new NoiseLevel(20, 1), bits);

        CollectionAssert.AreEqual(edges.Order().Distinct().ToArray(), edges);
        Assert.AreEqual((0.0, 99_999.0), (edges[0], edges[^1]));
        Assert.AreEqual(1, edges[1], "zero alone");
        Assert.IsTrue(edges.Length is > 8 and < 60, $"{edges.Length}");
        Assert.IsGreaterThan(5, edges.Count(e => e is > 1 and < 10_001));
    }

    [TestMethod]
    public void Bounds_are_the_outermost_powers_of_two_that_many_rows_lie_between()
    {
        var domain = new ColumnDomain { Kind = ColumnKind.Decimal, DecimalPlaces = 1 };
        var values = Enumerable.Range(0, 5_000).Select(i => -3 + i / 5_000.0 * 103).Append(1e12).Append(-1e12).ToArray();

        var bounded = BoundHistogram.Bounded(values, domain, new NoiseLevel(4, 1), bits);

        Assert.AreEqual((-4.0, 128.0), (bounded.Min, bounded.Max), "single outliers do not move them");
        Assert.AreEqual(-1, BoundHistogram.Bounded(values, domain with { Min = -1 }, new NoiseLevel(10, 1), bits).Min, "a declared one stays");
    }

    [TestMethod]
    public void Everything_bought_is_spent_told_and_within_the_terms()
    {
        var domains = new Dictionary<string, ColumnDomain>(PrivateShop.Schema.Domains)
        {
            ["region"] = new() { Kind = ColumnKind.Categorical },
            ["age"] = new() { Kind = ColumnKind.Integer, Nullable = false },
            ["spent"] = new() { Kind = ColumnKind.Decimal, DecimalPlaces = 2, Min = 0, Max = 1_000 },
        };
        var table = PrivateShop.Rows(20_000, schema: PrivateShop.Schema with { Domains = domains });
        var method = new SynthStudio.Synthesis.Marginals.MstSynthesizer(TimeProvider.System);
        var request = new FitRequest
        {
            Privacy = new PrivacyTerms { Epsilon = 2, Delta = 1e-6 },
            Options = new Dictionary<string, string> { ["categories"] = "bought", ["bounds"] = "bought" },
        };

        using var model = PrivateTraining.Fit(method, table, request, new Observer(), CancellationToken.None);
        var drawn = Methods.Draw(model, 5_000);

        foreach (var bought in new[] { "categories of 'region'", "bounds of 'age'", "edges of the bins of 'spent'" }) CollectionAssert.Contains(model.Privacy.Bought.ToArray(), bought);
        Assert.IsTrue(PrivacyEvents.Flatten(model.Privacy.Event).Any(e => e.Event is ApproximateDpEvent { Epsilon: 0, Delta: > 0 }), "thresholds are paid for");
        Assert.IsLessThanOrEqualTo(2, PrivacySpending.Price(model.Privacy.Event, 1e-6));
        Assert.AreEqual(table.Texts("region").Share(r => r == "north"), drawn.Texts("region").Share(r => r == "north"), 0.03);
        Assert.AreEqual(table.Values("age").Average(), drawn.Values("age").Average(), 4);
    }

    [TestMethod]
    public void What_is_declared_is_never_bought()
    {
        var purchase = new DomainPurchase(PrivateShop.Schema, new DomainOptions(32, BuysCategories: true, BuysBounds: true, BuysEdges: true));

        Assert.IsEmpty(purchase.Bought);
        Assert.IsEmpty(purchase.Phases(0.1));
    }
}
