using Microsoft.Extensions.Time.Testing;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Marginals;

/// <summary>What holds for every marginal method.</summary>
[TestClass]
public sealed class MarginalMethodTests
{
    [TestMethod]
    [DataRow("mst")]
    [DataRow("tree")]
    [DataRow("aim")]
    public void With_a_large_budget_rows_are_like_the_table(string method)
    {
        var table = PrivateShop.Rows(20_000);
        using var model = PrivateShop.Train(PrivateShop.Method(method, () => new SecureBits()), table, terms: new PrivacyTerms { Epsilon = 20, Delta = 1e-6 });

        var drawn = Methods.Draw(model, 20_000);

        foreach (var region in new[] { "north", "south", "east" })
            Assert.AreEqual(table.Texts("region").Share(r => r == region), drawn.Texts("region").Share(r => r == region), 0.01);
        Assert.AreEqual(table.Values("spent").Share(double.IsNaN), drawn.Values("spent").Share(double.IsNaN), 0.01);
        Assert.AreEqual(table.Values("age").Average(), drawn.Values("age").Average(), 2);
        Assert.AreEqual(
            Methods.Correlation(table.Values("age"), table.Values("spent")), Methods.Correlation(drawn.Values("age"), drawn.Values("spent")), 0.1);
        Assert.IsTrue(drawn.Values("age").All(a => a == Math.Round(a) && a is >= 18 and <= 97));
        Assert.HasCount(20_000, drawn.Texts("id").Distinct().ToList());
    }

    [TestMethod]
    [DataRow("mst", 0.5)]
    [DataRow("tree", 1.0)]
    [DataRow("aim", 3.0)]
    public void The_statement_tells_exactly_what_was_spent_and_that_is_within_the_terms(string method, double epsilon)
    {
        var observer = new NoiseTests.SpentObserver();
        using var model = PrivateShop.Train(PrivateShop.Method(method, () => new SecureBits()), PrivateShop.Rows(2_000), epsilon, observer);

        CollectionAssert.AreEquivalent(PrivacyEvents.Flatten(observer.Totals[^1]).ToArray(), PrivacyEvents.Flatten(model.Privacy.Event).ToArray());
        Assert.AreEqual(model.Privacy.Epsilon, PrivacySpending.Price(model.Privacy.Event, 1e-6), 1e-9);
        Assert.IsTrue(model.Privacy.Epsilon <= epsilon && model.Privacy.Epsilon > 0.9 * epsilon, $"{model.Privacy.Epsilon}");
        Assert.AreEqual((true, 2_000L, "row"), (model.Privacy.Guaranteed, model.Privacy.Rows, model.Privacy.Unit));
        Assert.IsTrue(observer.Epsilons.Zip(observer.Epsilons.Skip(1)).All(pair => pair.First < pair.Second));
        Assert.IsTrue(observer.Reports.All(r => r.TrainingLoss is null && r.ValidationLoss is null), "losses were not paid for");
    }

    [TestMethod]
    [DataRow("mst")]
    [DataRow("tree")]
    [DataRow("aim")]
    public void Rows_that_were_not_declared_are_counted_with_noise(string method)
    {
        var table = PrivateShop.Rows(5_000);
        var counted = Enumerable.Range(0, 3).Select(_ =>
        {
            using var model = PrivateShop.Train(
                PrivateShop.Method(method, () => new SecureBits()), table,
                terms: new PrivacyTerms { Epsilon = 0.5, Delta = 1e-6 });
            CollectionAssert.Contains(model.Privacy.Bought.ToArray(), "number of rows");
            return model.Privacy.Rows;
        }).ToArray();

        Assert.IsTrue(counted.All(rows => Math.Abs(rows - 5_000) < 1_000));
        Assert.AreNotEqual(1, counted.Append(5_000).Distinct().Count(), "the exact number must not come out every time");
    }

    [TestMethod]
    public void The_same_seed_and_table_give_different_noise()
    {
        using var one = PrivateShop.Train(PrivateShop.Method("mst", () => new SecureBits()), PrivateShop.Rows(2_000), seed: 7);
        using var two = PrivateShop.Train(PrivateShop.Method("mst", () => new SecureBits()), PrivateShop.Rows(2_000), seed: 7);

        Assert.AreNotEqual(TestTables.Text([Methods.Draw(one, 500)]), TestTables.Text([Methods.Draw(two, 500)]));
    }

    [TestMethod]
    [DataRow("mst")]
    [DataRow("tree")]
    [DataRow("aim")]
    public void A_saved_model_draws_the_same_rows_and_promises_the_same(string method)
    {
        using var model = PrivateShop.Train(PrivateShop.Method(method, () => new SecureBits()), PrivateShop.Rows(2_000));
        using var package = AutoregressiveTests.Save(model);
        using var loaded = Synthesizers.Load(package, Device.Cpu);
        using var again = AutoregressiveTests.Save(loaded);

        Assert.AreEqual(model.Privacy.ToJson(), loaded.Privacy.ToJson());
        Assert.AreEqual(model.Privacy.ToJson(), ModelPackage.Open(again).Manifest.PrivacyStatement!.ToJson());
        using var reloaded = Synthesizers.Load(again, Device.Cpu);
        Assert.AreEqual(TestTables.Text([Methods.Draw(loaded, 500)]), TestTables.Text([Methods.Draw(reloaded, 500)]));
    }

    [TestMethod]
    [DataRow("mst")]
    [DataRow("aim")]
    public void Given_values_and_ranges_are_met_and_the_rest_follows(string method)
    {
        using var model = PrivateShop.Train(
            PrivateShop.Method(method, () => new SecureBits()), PrivateShop.Rows(20_000), terms: new PrivacyTerms { Epsilon = 20, Delta = 1e-6 });

        var drawn = Methods.Draw(model, 2_000, 1, ("region", "east"), ("member", "yes"));

        Assert.IsTrue(drawn.Texts("region").All(r => r == "east") && drawn.Texts("member").All(m => m == "yes"));
        Assert.IsGreaterThan(55, drawn.Values("age").Average(), "the east is old");
    }

    [TestMethod]
    [DataRow("mst")]
    [DataRow("tree")]
    [DataRow("aim")]
    public void A_time_that_is_over_is_told_before_anything_is_paid_for_and_ends_the_fits_afterwards(string method)
    {
        var clock = new FakeTimeProvider();
        var paid = 0;
        var late = Assert.ThrowsExactly<SynthesisException>(() => Fit(new Told(Pass, () => paid++)));
        Assert.AreEqual((SynthesisError.TimeTooShort, "max_time", 0), (late.Error, late.Subject, paid));

        using var model = Fit(new Told(() => { }, Pass));
        Assert.IsLessThanOrEqualTo(method == "aim" ? 3 : 2, model.Metrics["iterations"], "An iteration for the columns, and for each choice of pairs.");
        using var unhurried = Fit(new Observer());
        Assert.IsGreaterThan(3, unhurried.Metrics["iterations"]);
        Assert.IsGreaterThan(0.9, model.Privacy.Epsilon, "All of the plan is measured.");

        void Pass() => clock.Advance(TimeSpan.FromSeconds(1));

        ITabularModel Fit(ITrainingObserver told) => PrivateTraining.Fit(
            PrivateShop.Method(method, () => new SecureBits(), clock), PrivateShop.Rows(2_000),
            new FitRequest { Seed = 1, Threads = 1, MaxTime = TimeSpan.FromSeconds(1), Privacy = new PrivacyTerms { Epsilon = 1, Delta = 1e-6, Rows = 2_000 } },
            told, CancellationToken.None);
    }

    [TestMethod]
    public void Without_terms_a_private_method_does_not_train() => Assert.AreEqual(
        SynthesisError.PrivacyTermsInvalid,
        Assert.ThrowsExactly<SynthesisException>(() => Methods.Fit("mst", PrivateShop.Rows(100))).Error);

    [TestMethod]
    public void Without_a_declared_domain_a_private_method_does_not_train()
    {
        var table = PrivateShop.Rows(100);
        var undeclared = new Table(table.Schema with { Domains = new Dictionary<string, ColumnDomain>() }, table.Columns);

        Assert.AreEqual(
            SynthesisError.DomainNotDeclared,
            Assert.ThrowsExactly<SynthesisException>(() => PrivateShop.Train(PrivateShop.Method("mst", () => new SecureBits()), undeclared)).Error);
    }

    [TestMethod]
    public void Rules_of_the_schema_hold_in_every_drawn_row()
    {
        var schema = PrivateShop.Schema with { Constraints = [new ExpressionConstraint("adults spend", "age < 30 or spent > 200")] };
        using var model = PrivateShop.Train(PrivateShop.Method("mst", () => new SecureBits()), PrivateShop.Rows(2_000, schema: schema));

        var drawn = Methods.Draw(model, 500);

        Assert.IsTrue(drawn.Values("age").Zip(drawn.Values("spent"), (age, spent) => age < 30 || double.IsNaN(spent) || spent > 200).All(kept => kept));
    }

    [TestMethod]
    public void A_unit_with_many_rows_costs_noise_not_privacy()
    {
        var schema = PrivateShop.Schema with { Population = new Population("region", 4, 2_000) };
        using var model = PrivateShop.Train(
            PrivateShop.Method("mst", () => new SecureBits()), PrivateShop.Rows(2_000, schema: schema), terms: new PrivacyTerms { Epsilon = 1, Delta = 1e-6 });

        Assert.AreEqual(("region", 4), (model.Privacy.Unit, model.Privacy.MaxRowsPerUnit));
        Assert.IsLessThanOrEqualTo(1, PrivacySpending.Price(model.Privacy.Event, 1e-6));
    }
}
