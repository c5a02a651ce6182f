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
            new BudgetSet(new(1, 2)), new Reserved("j", new(3, 4)), new Touched("j"), new Committed("j", "[]", true), new Released("k"), new NonPrivateRelease("model", "g"),
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
        Refused(LedgerError.RefundAfterTouch, new BudgetSet(PrivacyPrice.Allowed(1, 1e-5)), new Reserved("j", PrivacyPrice.Asked(1, 1e-6)), new Touched("j"), new Released("j"));
        Refused(LedgerError.OverBudget, new BudgetSet(PrivacyPrice.Allowed(1, 1e-5)), new Reserved("j", PrivacyPrice.Asked(1.1, 1e-6)));
        Refused(LedgerError.OutOfOrder, new Touched("j"));
        Refused(LedgerError.OutOfOrder, new BudgetSet(PrivacyPrice.Allowed(1, 1e-5)), new Reserved("j", PrivacyPrice.Asked(1, 1e-6)), new Committed("j", "", false));

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
}
