using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Marginals;
using SynthStudio.Synthesis.Private;

namespace SynthStudio.Synthesis.Tests.Marginals;

/// <summary>The noise that is drawn is the noise that is accounted for.</summary>
[TestClass]
public sealed class NoiseTests
{
    private static readonly Domain Domain = new([400, 50]);

    private static readonly CountTable Empty = new(Domain, [[], []]);

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void Measured_counts_have_the_deviation_that_the_plan_and_the_event_say(int rowsPerUnit)
    {
        var terms = new PrivacyTerms { Epsilon = 1, Delta = 1e-6, UnitColumn = "person", MaxRowsPerUnit = rowsPerUnit };
        var plan = NoisePlan.For(terms, [("a", 3, 0.5), ("b", 1, 0.5)]);
        var observer = new SpentObserver();
        var noisy = new NoisyMarginals(Domain, Empty, plan, new PrivacySpending(terms, observer), new SecureBits());

        var measured = noisy.Measure("a", [(Domain.Clique(0, 1), 2), (Domain.Clique(1), 1)]);

        var deviation = Math.Sqrt(measured[0].Counts.Average(c => c * c));
        Assert.AreEqual(measured[0].Deviation, deviation, 0.02 * deviation, "20,000 draws lie within 0.5 % of it");
        Assert.AreEqual(plan.Levels["a"].Deviation / Math.Sqrt(2), measured[0].Deviation, 1e-9);
        var (e, count) = PrivacyEvents.Flatten(observer.Totals.Single()).Single();
        Assert.AreEqual(3, count, "two releases of one table and one of another");
        var multiplier = e is DiscreteGaussianEvent discrete ? discrete.NoiseMultiplier : ((GaussianEvent)e).NoiseMultiplier;
        Assert.AreEqual(plan.Levels["a"].Deviation / rowsPerUnit, multiplier, 1e-9);
    }

    [TestMethod]
    public void Units_of_several_rows_pay_what_the_exact_gaussian_asks_for()
    {
        var terms = new PrivacyTerms { Epsilon = 1, Delta = 1e-6, UnitColumn = "person", MaxRowsPerUnit = 3 };
        var level = NoisePlan.For(terms, [("a", 1, 1.0)]).Levels["a"];

        Assert.AreEqual(4.224679, level.Deviation / 3, 0.01, "zero-concentrated privacy would ask for 4.530877");
        var bits = new SecureBits();
        var noisy = Enumerable.Range(0, 2_000).Select(_ => level.Noisy(10, bits, releases: 4)).ToArray();
        Assert.AreEqual(level.Deviation / 2, Math.Sqrt(noisy.Average(n => (n - 10) * (n - 10))), 0.1 * level.Deviation);
    }

    [TestMethod]
    public void Distances_are_exact_up_to_their_noise()
    {
        var terms = new PrivacyTerms { Epsilon = 5, Delta = 1e-6 };
        var plan = NoisePlan.For(terms, [("d", 1, 1)]);
        var rows = Enumerable.Range(0, 1_000).Select(i => (ushort)(i % 400)).ToArray();
        var table = new CountTable(Domain, [rows, new ushort[1_000]]);
        var noisy = new NoisyMarginals(Domain, table, plan, new PrivacySpending(terms, new SpentObserver()), new SecureBits());

        var distance = noisy.Distances("d", [Domain.Clique(0)], _ => new double[400])[0];

        Assert.AreEqual(1_000, distance, 8 * plan.Levels["d"].Deviation);
    }

    [TestMethod]
    public void One_row_more_moves_every_release_by_no_more_than_one_and_takes_the_same_chance()
    {
        var terms = new PrivacyTerms { Epsilon = 1, Delta = 1e-6 };
        var plan = NoisePlan.For(terms, [("a", 3, 0.5), ("d", 2, 0.5)]);
        ushort[][] rows = [[.. Enumerable.Range(0, 900).Select(i => (ushort)(i * 7 % 400))], [.. Enumerable.Range(0, 900).Select(i => (ushort)(i % 50))]];
        var (counts, distances, blocks) = Release(rows);
        var (more, moreDistances, moreBlocks) = Release([[.. rows[0], 399], [.. rows[1], 0]]);

        Assert.AreEqual(blocks, moreBlocks);
        foreach (var (one, other) in counts.Zip(more))
            CollectionAssert.AreEqual(
                new[] { 1.0 },
                one.Zip(other, (x, y) => Math.Abs(y - x)).Where(d => d > 1e-9).Select(d => Math.Round(d, 9)).ToArray());
        foreach (var (one, other) in distances.Zip(moreDistances)) Assert.IsLessThanOrEqualTo(1, Math.Abs(one - other));

        (List<double[]> Counts, double[] Distances, int Blocks) Release(ushort[][] table)
        {
            var bits = new ReplayedBits(7);
            var noisy = new NoisyMarginals(Domain, new CountTable(Domain, table), plan, new PrivacySpending(terms, new SpentObserver()), bits.Make());
            var measured = noisy.Measure("a", [(Domain.Clique(0, 1), 2), (Domain.Clique(1), 1)]);
            return (
                measured.ConvertAll(m => m.Counts),
                noisy.Distances(
                    "d", [Domain.Clique(0), Domain.Clique(0, 1)],
                    c => [.. Enumerable.Range(0, (int)Domain.Cells(c)).Select(i => i % 5 + 0.5)]),
                bits.Blocks);
        }
    }

    [TestMethod]
    public void A_plan_spends_all_of_the_budget_and_no_more()
    {
        foreach (var epsilon in new[] { 0.1, 1, 4, 10 })
        {
            var terms = new PrivacyTerms { Epsilon = epsilon, Delta = 1e-6 };
            var spent = PrivacySpending.Price(NoisePlan.For(terms, [("a", 40, 0.3), ("b", 91, 0.1), ("c", 50, 0.6)]).Events, 1e-6);
            Assert.IsTrue(spent <= epsilon && spent > 0.999 * epsilon, $"{spent} of {epsilon}");
        }
    }

    [TestMethod]
    public void Noise_that_is_halved_would_break_the_terms()
    {
        var terms = new PrivacyTerms { Epsilon = 1, Delta = 1e-6 };
        var level = NoisePlan.For(terms, [("a", 1, 1)]).Levels["a"];

        Assert.IsGreaterThan(1.9, PrivacySpending.Price(new NoiseLevel(level.Deviation / 2, 1).Event, 1e-6));
    }

    [TestMethod]
    public void Releases_are_dealt_out_to_the_last_and_to_everyone()
    {
        foreach (var total in new[] { 3, 7, 128 })
        {
            var slots = Slots.Deal(total, [10_000, 10, 1]);
            Assert.AreEqual(total, slots.Sum());
            Assert.IsTrue(slots.All(s => s >= 1));
            Assert.IsTrue(slots[0] >= slots[1] && slots[1] >= slots[2]);
        }
    }

    internal sealed class SpentObserver : ITrainingObserver
    {
        public List<PrivacyEvent> Totals { get; } = [];

        public List<double> Epsilons { get; } = [];

        public TrainingWish Wish => TrainingWish.Continue;

        public List<TrainingProgress> Reports { get; } = [];

        public void Report(TrainingProgress progress) => Reports.Add(progress);

        public void CheckpointWritten(string file, long step)
        {
        }

        public void Spent(PrivacyEvent total, double epsilon)
        {
            Totals.Add(total);
            Epsilons.Add(epsilon);
        }
    }
}
