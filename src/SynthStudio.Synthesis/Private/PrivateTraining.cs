using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Noise;
using SynthStudio.Privacy.Renyi;
using SynthStudio.Synthesis.Constraints;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// The frame of every private training: terms are completed and checked, rows of other parts left out, contributions bounded, and a
/// model leaves only with a statement that, accounted for once more, keeps the terms. Rules of the schema are kept by checking drawn
/// rows, which costs nothing.
/// </summary>
internal static class PrivateTraining
{
    /// <exception cref="SynthesisException">Terms or table are refused, the method cannot train privately, or it broke its promise.</exception>
    public static ITabularModel Fit(ISynthesizer method, Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation)
    {
        if (!method.Capabilities.HasFlag(Capabilities.DifferentialPrivacy))
        {
            throw new SynthesisException(
                SynthesisError.Unsupported,
                $"The method '{method.Method}' cannot train under privacy terms. These can: {string.Join(", ", Private().Select(m => m.Method))}.",
                "epsilon");
        }

        if (request.AllRows is not null)
        {
            throw new SynthesisException(
                SynthesisError.Unsupported,
                "A private training needs all rows in memory: which rows a sample holds depends on how many there are, so that one more person would change many.",
                "epsilon");
        }

        var terms = request.Privacy!.CompletedBy(table.Schema);
        var bounded = ContributionBound.Enforce(PartRows.Enforce(table, terms.Part), terms, new SecureBits());
        var model = method.Fit(bounded, request with { Privacy = terms }, observer, cancellation);
        try
        {
            DemandKept(terms, model.Privacy);
            return table.Schema.Constraints.Count > 0 ? new ConstrainedModel(model, ConstraintPlan.Checking(model.Schema)) : model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The methods that train under terms.</summary>
    private static IEnumerable<ISynthesizer> Private() => Synthesizers.All.Where(m => m.Capabilities.HasFlag(Capabilities.DifferentialPrivacy));

    private static bool HasLossDistribution(PrivacyStatement statement) =>
        PrivacyEvents.Flatten(statement.Event).All(e => e.Event is not ZeroConcentratedEvent);

    private static void DemandKept(PrivacyTerms terms, PrivacyStatement statement)
    {
        // Both are bounds: where the quick one does not suffice, the usual grid may.
        var epsilon = PrivacySpending.Price(statement.Event, terms.Delta);
        if (epsilon > terms.Epsilon) epsilon = Math.Min(epsilon, new RdpAccountant().Epsilon(statement.Event, terms.Delta));
        if (epsilon > terms.Epsilon && HasLossDistribution(statement)) epsilon = new PldAccountant().Epsilon(statement.Event, terms.Delta);
        if (!statement.Guaranteed || statement.Delta != terms.Delta || !(epsilon <= terms.Epsilon) || !(statement.Epsilon <= terms.Epsilon))
        {
            throw new SynthesisException(
                SynthesisError.PrivacyBudgetExceeded,
                FormattableString.Invariant($"The model spent epsilon {epsilon:g6} where the terms allow {terms.Epsilon:g6}: it is thrown away."),
                "epsilon");
        }
    }
}
