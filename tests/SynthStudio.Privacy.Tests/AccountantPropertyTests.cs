using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Gaussian;
using SynthStudio.Privacy.Ledger;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Privacy.Tests;

/// <summary>What must hold for every kind of event and every accountant that takes it.</summary>
[TestClass]
public sealed class AccountantPropertyTests
{
    private const double Delta = 1e-6;

    public static IEnumerable<object[]> Events =>
    [
        [new GaussianEvent(3)],
        [new DiscreteGaussianEvent(3)],
        [new LaplaceEvent(8)],
        [new ExponentialMechanismEvent(0.2)],
        [new ApproximateDpEvent(0.2, 1e-8)],
        [new ZeroConcentratedEvent(0.02)],
        [new PoissonSampledEvent(0.05, new GaussianEvent(1))],
        [new PoissonSampledEvent(0.05, new LaplaceEvent(2))],
        [new UserLevelSampledGaussianEvent(4, 0.05, 3)],
    ];

    [TestMethod]
    [DynamicData(nameof(Events))]
    public void Repeating_is_composing_and_costs_strictly_more(PrivacyEvent e)
    {
        foreach (var accountant in Taking(e))
        {
            var once = accountant.Epsilon(e, Delta);
            var repeated = accountant.Epsilon(e.Times(5), Delta);

            Assert.AreEqual(accountant.Epsilon(new ComposedEvent([.. Enumerable.Repeat(e, 5)]), Delta), repeated, $"{accountant.Name}: five copies.");
            Assert.IsGreaterThan(once, repeated, $"{accountant.Name}: five times cost more than once.");
            Assert.IsGreaterThan(repeated, accountant.Epsilon(e.Times(6), Delta), $"{accountant.Name}: six times cost more than five.");
            Assert.IsTrue(double.IsFinite(repeated), accountant.Name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Events))]
    public void Epsilon_and_delta_are_inverse(PrivacyEvent e)
    {
        foreach (var accountant in Taking(e))
        {
            var epsilon = accountant.Epsilon(e.Times(4), Delta);

            Assert.IsLessThanOrEqualTo(Delta * (1 + 1e-9), accountant.Delta(e.Times(4), epsilon * (1 + 1e-9)), accountant.Name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Events))]
    public void No_release_at_all_costs_nothing(PrivacyEvent e)
    {
        foreach (var accountant in Taking(e)) Assert.AreEqual(0, accountant.Epsilon(e.Times(0), Delta), accountant.Name);
    }

    [TestMethod]
    [DataRow(0.7)]
    [DataRow(3.0)]
    [DataRow(40.0)]
    public void A_discretised_gaussian_is_never_below_the_exact_curve(double sigma)
    {
        foreach (var (count, delta) in new[] { (1L, 1e-5), (7L, 1e-9), (100L, 1e-6) })
        {
            var e = new GaussianEvent(sigma).Times(count);
            var exact = new GdpAccountant().Epsilon(e, delta);
            var tabulated = new PldAccountant().Epsilon(e, delta);

            Assert.IsGreaterThanOrEqualTo(exact * (1 - 1e-9), tabulated);
            Assert.AreEqual(exact, tabulated, 1e-4 * exact + 1e-9);
            Assert.IsLessThan(new RdpAccountant().Epsilon(e, delta), tabulated);
        }
    }

    [TestMethod]
    public void Tiny_deltas_keep_their_digits()
    {
        var e = new GaussianEvent(2).Times(10);

        Assert.AreEqual(new GdpAccountant().Epsilon(e, 1e-18), new PldAccountant().Epsilon(e, 1e-18), 1e-3);
    }

    [TestMethod]
    public void A_unit_with_one_record_is_an_ordinary_step()
    {
        var user = new UserLevelSampledGaussianEvent(1.2, 0.02, 1).Times(500);
        var record = new PoissonSampledEvent(0.02, new GaussianEvent(1.2)).Times(500);

        foreach (var accountant in new IPrivacyAccountant[] { new PldAccountant(), new RdpAccountant() })
            Assert.AreEqual(accountant.Epsilon(record, Delta), accountant.Epsilon(user, Delta), 1e-8, accountant.Name);
    }

    [TestMethod]
    public void More_records_a_unit_cost_more()
    {
        var epsilons = new[] { 1, 2, 5 }.Select(k => new PldAccountant().Epsilon(new UserLevelSampledGaussianEvent(4, 0.02, k).Times(100), Delta)).ToList();

        CollectionAssert.AreEqual(epsilons.Order().ToList(), epsilons);
        Assert.IsGreaterThan(2 * epsilons[0], epsilons[^1]);
    }

    [TestMethod]
    public void A_release_without_protection_is_infinite_everywhere()
    {
        foreach (var accountant in Accountants.All)
        {
            Assert.AreEqual(double.PositiveInfinity, accountant.Epsilon(new NonPrivateEvent(), Delta), accountant.Name);
            Assert.AreEqual(
                double.PositiveInfinity, accountant.Epsilon(new ComposedEvent([new GaussianEvent(5), new GaussianEvent(0)]), Delta),
                accountant.Name);
            Assert.AreEqual(1, accountant.Delta(new NonPrivateEvent(), 3), accountant.Name);
        }
    }

    [TestMethod]
    public void Different_mechanisms_compose_as_the_references_say()
    {
        var gaussians = new ComposedEvent([new GaussianEvent(10).Times(14), new GaussianEvent(20).Times(13)]);
        Assert.AreEqual(1.8396229859180402, new PldAccountant().Epsilon(gaussians, 1e-6), 1e-6);
        var mixed = new ComposedEvent([new PoissonSampledEvent(500.0 / 32561, new GaussianEvent(1)).Times(1954), new GaussianEvent(10).Times(14)]);
        Assert.AreEqual(4.449713433107374, new PldAccountant().Epsilon(mixed, 1e-5), 1e-4);
        Assert.AreEqual(4.875303186321151, new RdpAccountant().Epsilon(mixed, 1e-5), 1e-4);
        var boxes = new ComposedEvent([new ApproximateDpEvent(1, 1e-7).Times(2), new GaussianEvent(5)]);
        Assert.AreEqual(2.815978804532141, new PldAccountant().Epsilon(boxes, 1e-6), 1e-4);
        Assert.AreEqual(2.8824002417287726, new RdpAccountant().Epsilon(boxes, 1e-6), 1e-8);
        Assert.AreEqual(1.773991555301049, new PldAccountant().Epsilon(new LaplaceEvent(10).Times(20), 1e-6), 1e-4);
    }

    [TestMethod]
    public void A_box_that_is_sure_to_see_a_record_leaves_its_delta_behind()
    {
        var box = new ApproximateDpEvent(0.5, 0.01);
        var sampled = new PoissonSampledEvent(1, box);
        var accountant = new RdpAccountant();
        Assert.AreEqual(double.PositiveInfinity, accountant.Epsilon(sampled, Delta));
        Assert.AreEqual(accountant.Delta(box, 2), accountant.Delta(sampled, 2), 1e-15);
        Assert.AreEqual(EventPrice.Of(box).AttoDelta, EventPrice.Of(sampled).AttoDelta);
    }

    [TestMethod]
    [DataRow(-1.0)]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void Senseless_parameters_are_refused(double noise)
    {
        var refused = Assert.ThrowsExactly<PrivacyException>(() => new GaussianEvent(noise));
        Assert.AreEqual("noise_multiplier", refused.Subject);
        Assert.ThrowsExactly<PrivacyException>(() => new PldAccountant().Epsilon(new GaussianEvent(1), 0));
        Assert.ThrowsExactly<PrivacyException>(() => new PoissonSampledEvent(1.5, new GaussianEvent(1)));
    }

    /// <summary>All accountants that have a bound for it; never none.</summary>
    private static List<IPrivacyAccountant> Taking(PrivacyEvent e)
    {
        var taking = Accountants.All.Where(accountant =>
        {
            try
            {
                accountant.Epsilon(e, Delta);
                return true;
            }
            catch (PrivacyException exception) when (exception.Error == PrivacyError.UnsupportedEvent)
            {
                return false;
            }
        }).ToList();
        Assert.IsNotEmpty(taking);
        return taking;
    }
}
