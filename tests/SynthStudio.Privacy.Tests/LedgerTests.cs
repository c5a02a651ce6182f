using FsCheck;
using FsCheck.Fluent;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Privacy.Tests;

/// <summary>What holds for every sequence of reservations and releases.</summary>
[TestClass]
public sealed class LedgerTests
{
    private const long Delta = 10_000_000_000_000; // 1e-5

    [TestMethod]
    public void What_is_spent_never_falls_below_what_was_released_and_releasing_never_makes_it_more() => Prop.ForAll(Steps, steps =>
    {
        var spending = Spending.Nothing;
        var released = new List<PrivacyEvent>();
        foreach (var (kind, noise) in steps)
        {
            var price = PrivacyPrice.Asked(1.0 / noise, 1e-9);
            var reserved = spending.Reserve(price);
            Assert.IsGreaterThanOrEqualTo(spending.NanoEpsilonAt(Delta), reserved.NanoEpsilonAt(Delta));
            if (kind == 0)
            {
                Assert.AreEqual(spending, reserved.Release(price), "Given back, it is as if it had never been.");
                continue;
            }

            var what = kind == 1 ? (PrivacyEvent)new LaplaceEvent(noise) : new GaussianEvent(noise * 6);
            var after = reserved.Commit(price, EventPrice.Of(what), overspent: false, Delta);
            Assert.IsLessThanOrEqualTo(reserved.NanoEpsilonAt(Delta), after.NanoEpsilonAt(Delta));
            released.Add(what);
            var truth = new Loss.PldAccountant(1e-3).Epsilon(new ComposedEvent([.. released]), 1e-5);
            Assert.IsGreaterThanOrEqualTo(truth - 0.02, after.NanoEpsilonAt(Delta) / 1e9, "The filter is an upper bound."); // 0.02: the coarse grid rounds up.
            spending = after;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithEndSize(12));

    [TestMethod]
    public void Fourteen_small_releases_cost_less_than_their_sum()
    {
        var spending = Spending.Nothing;
        for (var i = 0; i < 14; i++)
        {
            var price = PrivacyPrice.Asked(0.4, 1e-7);
            spending = spending.Reserve(price).Commit(price, EventPrice.Of(new GaussianEvent(14)), false, Delta);
        }

        var spent = spending.NanoEpsilonAt(Delta) / 1e9;

        Assert.IsTrue(spent is > 1 and < 1.4, $"{spent} instead of {14 * 0.4}.");
    }

    [TestMethod]
    public void A_line_is_the_same_text_again_and_another_key_another_hash()
    {
        LedgerEntry[] entries =
        [
            new BudgetSet(new(1, 2)), new Reserved("j", new(3, 4)), new Touched("j"), new Committed("j", "[]", true), new Released("k"),
            new NonPrivateRelease("model", "g"),
            new Reserved("p", new(3, 4), new LedgerPart("d", "north")), new PartitionDeclared("d", Wards),
        ];
        foreach (var entry in entries)
        {
            var line = new LedgerLine(7, 8, "users/u", "projects/p/datasets/d", entry);
            Assert.AreEqual(line, LedgerLine.Parse(line.ToText()));
        }

        CollectionAssert.AreNotEqual(LedgerLine.Hash([1], LedgerLine.Root, "x"), LedgerLine.Hash([2], LedgerLine.Root, "x"));
        Assert.ThrowsExactly<LedgerException>(() => LedgerLine.Parse("""{"kind":"wish"}"""));
    }

    [TestMethod]
    public void An_audit_refuses_a_refund_after_touch_and_a_price_that_did_not_fit()
    {
        byte[] key = [1];
        Refused(
            LedgerError.RefundAfterTouch, new BudgetSet(PrivacyPrice.Allowed(1, 1e-5)), new Reserved("j", PrivacyPrice.Asked(1, 1e-6)),
            new Touched("j"), new Released("j"));
        Refused(LedgerError.OverBudget, new BudgetSet(PrivacyPrice.Allowed(1, 1e-5)), new Reserved("j", PrivacyPrice.Asked(1.1, 1e-6)));
        Refused(LedgerError.OutOfOrder, new Touched("j"));
        Refused(
            LedgerError.OutOfOrder, new BudgetSet(PrivacyPrice.Allowed(1, 1e-5)), new Reserved("j", PrivacyPrice.Asked(1, 1e-6)),
            new Committed("j", "", false));

        void Refused(LedgerError expected, params LedgerEntry[] entries)
        {
            var lines = new List<(string, byte[])>();
            var previous = LedgerLine.Root.ToArray();
            foreach (var entry in entries)
            {
                var text = new LedgerLine(lines.Count + 1, 0, "", "", entry).ToText();
                lines.Add((text, previous = LedgerLine.Hash(key, previous, text)));
            }

            Assert.AreEqual(expected, Assert.ThrowsExactly<LedgerException>(() => LedgerAudit.Run(key, lines)).Error);
        }
    }

    private static Arbitrary<(int Kind, int Noise)[]> Steps { get; } =
        (from kind in Gen.Choose(0, 2) from noise in Gen.Choose(2, 40) select (kind, noise)).ArrayOf().ToArbitrary();

    private static readonly Partition Wards = Partition.ByValues(
        "ward", [KeyValuePair.Create("north", (IReadOnlyList<string>)["n"]), KeyValuePair.Create("south", (IReadOnlyList<string>)["s", "sw"])]);

    [TestMethod]
    public void Parts_are_paid_for_side_by_side_and_the_whole_table_with_all_of_them()
    {
        var ledger = new LedgerState(null, Spending.Nothing, 0, 0)
            .After(new BudgetSet(new(1_000_000_000, Delta)), null).After(new PartitionDeclared("d", Wards), null);
        ledger = Reserve(ledger, "a", 0.6, "north");
        ledger = Reserve(ledger, "b", 0.7, "south");

        Assert.AreEqual(700_000_000, ledger.Most.NanoEpsilonAt(Delta), "The most expensive part counts.");
        Assert.AreEqual(600_000_000, ledger.LostBy(new LedgerPart("d", "north")).NanoEpsilonAt(Delta));
        ledger = Reserve(ledger, "c", 0.3, null);
        Assert.AreEqual(1_000_000_000, ledger.Most.NanoEpsilonAt(Delta));
        Refused(LedgerError.OverBudget, () => Reserve(ledger, "d", 0.01, "south"));
        Refused(LedgerError.OverBudget, () => Reserve(ledger, "e", 0.01, null));
        ledger = Reserve(ledger, "f", 0.1, "north");
        Assert.AreEqual(1_000_000_000, ledger.Most.NanoEpsilonAt(Delta), "There was room in the north only.");
        Refused(LedgerError.PartUnknown, () => Reserve(ledger, "g", 0.01, "west"));
    }

    [TestMethod]
    public void Another_data_set_of_the_same_people_is_no_part_of_the_first()
    {
        var ledger = new LedgerState(new(1_000_000_000, Delta), Spending.Nothing, 0, 0)
            .After(new PartitionDeclared("d", Wards), null).After(new PartitionDeclared("e", Partition.ByHash("id", 3)), null);
        ledger = Reserve(ledger, "a", 0.6, "north");
        ledger = Reserve(ledger, "b", 0.4, "2", "e");

        Assert.AreEqual(1_000_000_000, ledger.Most.NanoEpsilonAt(Delta), "Somebody may be in both.");
        Refused(LedgerError.OverBudget, () => Reserve(ledger, "c", 0.01, "2", "e"));
        Assert.AreEqual(600_000_000, ledger.LostBy(new LedgerPart("e", "1")).NanoEpsilonAt(Delta));
    }

    [TestMethod]
    public void A_partition_stays_once_something_is_spent_in_a_part()
    {
        var ledger = new LedgerState(new(1_000_000_000, Delta), Spending.Nothing, 0, 0).After(new PartitionDeclared("d", Wards), null);
        var other = new PartitionDeclared("d", Partition.ByHash("ward", 2));
        Assert.HasCount(2, ledger.After(other, null).Parts.Datasets.Single().Partition.Parts);
        var reserved = Reserve(ledger, "a", 0.5, "north");
        Refused(LedgerError.PartitionInUse, () => reserved.After(other, null));
        Assert.AreEqual(reserved, reserved.After(new PartitionDeclared("d", Wards), null), "The same again changes nothing.");
        var given = reserved.After(new Released("a"), new Reservation(PrivacyPrice.Asked(0.5, 1e-9), ReservationState.Reserved, new LedgerPart("d", "north")));
        Assert.AreEqual(ledger, given);
    }

    [TestMethod]
    public void A_value_is_in_one_part_only()
    {
        var overlap = Assert.ThrowsExactly<PrivacyException>(() => Partition.ByValues(
            "ward", [KeyValuePair.Create("north", (IReadOnlyList<string>)["n", "x"]), KeyValuePair.Create("south", (IReadOnlyList<string>)["s", "x"])]));
        Assert.AreEqual(PrivacyError.PartsOverlap, overlap.Error);
        Assert.Contains("'x'", overlap.Message);

        var parts = Partition.ByHash("id", 7).Parts;
        for (var i = 0; i < 1000; i++) Assert.AreEqual(1, parts.Count(p => p.Contains($"person {i}")));
        Assert.IsTrue(parts.All(p => Enumerable.Range(0, 1000).Any(i => p.Contains($"person {i}"))));
    }

    private static LedgerState Reserve(LedgerState state, string job, double epsilon, string? part, string dataset = "d") =>
        state.After(new Reserved(job, PrivacyPrice.Asked(epsilon, 1e-9), part is null ? null : new LedgerPart(dataset, part)), null);

    private static void Refused(LedgerError error, Func<object> change) => Assert.AreEqual(error, Assert.ThrowsExactly<LedgerException>(() => change()).Error);
}
