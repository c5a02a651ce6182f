using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>How budgets stand, in figures for people.</summary>
internal static class BudgetArithmetic
{
    private const double Nano = 1e9;

    /// <summary>How the budget stands against what a job asks for.</summary>
    public static BudgetFigures Figures(LedgerState state, PrivacyTerms asked)
    {
        var figures = new BudgetFigures { AskedEpsilon = asked.Epsilon, AskedDelta = asked.Delta };
        if (state.Budget is not { } budget) return figures;

        var price = PrivacyPrice.Asked(asked.Epsilon, asked.Delta);
        var fits = state.Spending.LargestEpsilon(price.AttoDelta, budget);
        var delta = price.AttoDelta;
        if (fits == 0)
        {
            // At a smaller delta there may be room: half of what no box holds.
            delta = LeftDelta(state, budget) / 2;
            fits = delta > 0 ? state.Spending.LargestEpsilon(delta, budget) : 0;
        }

        return figures with
        {
            BudgetEpsilon = budget.Epsilon,
            BudgetDelta = budget.Delta,
            SpentEpsilon = SpentEpsilon(state),
            RemainingEpsilon = RemainingEpsilon(state),
            FitsEpsilon = fits,
            FitsDelta = fits > 0 ? delta == price.AttoDelta ? asked.Delta : delta / 1e18 : 0,
            Fits = state.Spending.Fits(price, budget),
        };
    }

    /// <summary>Spent or reserved at the budget's delta; infinite when that delta cannot hold it.</summary>
    public static double SpentEpsilon(LedgerState state)
    {
        var spent = state.Budget is { } budget ? state.Spending.NanoEpsilonAt(budget.AttoDelta) : 0;
        return spent == long.MaxValue ? double.PositiveInfinity : spent / Nano;
    }

    public static double RemainingEpsilon(LedgerState state) => state.Budget is { } budget ? Math.Max(0, budget.Epsilon - SpentEpsilon(state)) : 0;

    /// <summary>The delta that is not in use by reservations that are held as boxes.</summary>
    private static long LeftDelta(LedgerState state, PrivacyPrice budget) => budget.AttoDelta
        - Math.Min(state.Spending.Kept.Boxes.AttoDelta, state.Spending.Unpacked.Boxes.AttoDelta);
}
