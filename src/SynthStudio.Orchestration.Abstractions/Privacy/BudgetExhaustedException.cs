using System.Globalization;

namespace SynthStudio.Orchestration;

/// <summary>A training does not fit into the privacy budget of a data set's population.</summary>
/// <param name="dataset">The data set.</param>
/// <param name="figures">How the budget stands.</param>
[GenerateSerializer, Alias("synthstudio.BudgetExhaustedException")]
public sealed class BudgetExhaustedException(string dataset, BudgetFigures figures) : Exception(Describe(dataset, figures))
{
    [Id(0)] public string Dataset { get; } = dataset;

    [Id(1)] public BudgetFigures Figures { get; } = figures;

    private static string Describe(string dataset, BudgetFigures f)
    {
        if (f.BudgetEpsilon is null)
            return $"{dataset} has no privacy budget yet: its owner sets one with SetPrivacyBudget (synth privacy budget --epsilon E --delta D).";
        var fits = f.FitsEpsilon > 0
            ? string.Create(CultureInfo.InvariantCulture, $"epsilon {f.FitsEpsilon:G6} at delta {f.FitsDelta:G3} would fit")
            : "nothing more fits: draw from models that are released, which costs nothing, or have the owner raise the budget";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Epsilon {f.AskedEpsilon:G6} at delta {f.AskedDelta:G3} does not fit into the privacy budget of {dataset}: "
            + $"of epsilon {f.BudgetEpsilon:G6} at delta {f.BudgetDelta:G3}, {f.SpentEpsilon:G6} is spent or reserved; {fits}.");
    }
}

/// <summary>How a budget stands against a price. They follow from public parameters only.</summary>
[GenerateSerializer, Immutable, Alias("synthstudio.BudgetFigures")]
public sealed record BudgetFigures
{
    [Id(0)] public required double AskedEpsilon { get; init; }

    [Id(1)] public required double AskedDelta { get; init; }

    /// <summary>Null when the owner has set no budget.</summary>
    [Id(2)] public double? BudgetEpsilon { get; init; }

    [Id(3)] public double? BudgetDelta { get; init; }

    /// <summary>Spent or reserved, at the budget's delta, by the filter that decides.</summary>
    [Id(4)] public double SpentEpsilon { get; init; }

    /// <summary>The budget less what is spent.</summary>
    [Id(5)] public double RemainingEpsilon { get; init; }

    /// <summary>The largest epsilon that would fit; 0 for none.</summary>
    [Id(6)] public double FitsEpsilon { get; init; }

    /// <summary>The delta it would fit at.</summary>
    [Id(7)] public double FitsDelta { get; init; }

    /// <summary>What was asked for fits.</summary>
    [Id(8)] public bool Fits { get; init; }
}
