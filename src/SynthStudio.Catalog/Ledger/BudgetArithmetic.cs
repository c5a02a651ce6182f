using SynthStudio.Catalog.Webhooks;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>How budgets stand, in figures for people.</summary>
internal static class BudgetArithmetic
{
    private const double Nano = 1e9;

    /// <summary>From this share of a budget on its owner is warned.</summary>
    private const double Low = 0.8;

    /// <summary>How the budget stands against what a job asks for.</summary>
    /// <param name="state">The population's ledger.</param>
    /// <param name="asked">What the job asks for.</param>
    /// <param name="part">The part that it is for; null for whole tables.</param>
    public static BudgetFigures Figures(LedgerState state, PrivacyTerms asked, LedgerPart? part)
    {
        var figures = new BudgetFigures { AskedEpsilon = asked.Epsilon, AskedDelta = asked.Delta };
        if (state.Budget is not { } budget) return figures;

        var price = PrivacyPrice.Asked(asked.Epsilon, asked.Delta);
        var lost = state.LostBy(part);
        var fits = lost.LargestEpsilon(price.AttoDelta, budget);
        var delta = price.AttoDelta;
        if (fits == 0)
        {
            // At a smaller delta there may be room: half of what no box holds.
            delta = LeftDelta(lost, budget) / 2;
            fits = delta > 0 ? lost.LargestEpsilon(delta, budget) : 0;
        }

        return figures with
        {
            BudgetEpsilon = budget.Epsilon,
            BudgetDelta = budget.Delta,
            SpentEpsilon = SpentEpsilon(state, lost),
            RemainingEpsilon = Math.Max(0, budget.Epsilon - SpentEpsilon(state, lost)),
            FitsEpsilon = fits,
            FitsDelta = fits > 0 ? delta == price.AttoDelta ? asked.Delta : delta / 1e18 : 0,
            Fits = lost.Fits(price, budget),
        };
    }

    /// <summary>The most that anybody has lost, or has set aside, at the budget's delta; infinite when that delta cannot hold it.</summary>
    public static double SpentEpsilon(LedgerState state) => SpentEpsilon(state, state.Most);

    /// <summary>The event that a change of a ledger is for webhooks: a budget becomes low, or is spent or reserved whole; null for none.</summary>
    public static string? Warning(LedgerState before, LedgerState after)
    {
        if (after.Budget is null) return null;
        var (was, now) = (Share(before), Share(after));
        return now >= 1 && was < 1 ? EventTypes.BudgetExhausted : now >= Low && was < Low ? EventTypes.BudgetLow : null;

        static double Share(LedgerState state) => state.Budget is { Epsilon: > 0 } budget ? SpentEpsilon(state) / budget.Epsilon : 0;
    }

    /// <summary>How a divided data set's parts stand.</summary>
    public static PartitionBudget Standing(LedgerState state, DatasetPartition divided) => new(
        divided.Dataset, divided.Partition,
        [.. divided.Partition.Parts.Select(p => SpentEpsilon(state, state.LostBy(new LedgerPart(divided.Dataset, p.Name))))]);

    private static double SpentEpsilon(LedgerState state, Spending lost)
    {
        var spent = state.Budget is { } budget ? lost.NanoEpsilonAt(budget.AttoDelta) : 0;
        return spent == long.MaxValue ? double.PositiveInfinity : spent / Nano;
    }

    public static double RemainingEpsilon(LedgerState state) => state.Budget is { } budget ? Math.Max(0, budget.Epsilon - SpentEpsilon(state)) : 0;

    /// <summary>The delta that is not in use by reservations that are held as boxes.</summary>
    private static long LeftDelta(Spending lost, PrivacyPrice budget) => budget.AttoDelta - Math.Min(lost.Kept.Boxes.AttoDelta, lost.Unpacked.Boxes.AttoDelta);
}
