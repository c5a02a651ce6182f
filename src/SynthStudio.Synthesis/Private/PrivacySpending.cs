using SynthStudio.Privacy;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// What a training has spent so far. Whatever adds noise tells it before the noisy value is used; it refuses what the terms do not allow and
/// tells the observer of what they do. The parameters of later events must not depend on the outcomes of earlier ones unless
/// <paramref name="accountant"/> is one whose bound holds then (rdp, zcdp).
/// </summary>
/// <param name="terms">The promise.</param>
/// <param name="observer">Told of every event.</param>
/// <param name="accountant">Null prices by <see cref="Price"/>.</param>
/// <param name="before">What was spent on the same promise earlier; null when nothing was.</param>
public sealed class PrivacySpending(PrivacyTerms terms, ITrainingObserver observer, IPrivacyAccountant? accountant = null, PrivacyEvent? before = null)
{
    /// <summary>Step of the loss grid over the loss: below epsilon 2 it is the usual one.</summary>
    private const double GridPerEpsilon = 5e-5, UsualGrid = 1e-4, CoarsestGrid = 1e-2;

    private readonly List<PrivacyEvent> events = before is null ? [] : [before];

    /// <summary>Everything spent.</summary>
    public ComposedEvent Total => new([.. events]);

    /// <summary>The privacy loss of <see cref="Total"/> at the delta of the terms.</summary>
    public double Epsilon { get; private set; }

    /// <summary>Adds an event.</summary>
    /// <exception cref="SynthesisException">With it more would be spent than the terms allow; nothing was added.</exception>
    public void Spend(PrivacyEvent e)
    {
        var total = new ComposedEvent([.. events, e]);
        var epsilon = accountant?.Epsilon(total, terms.Delta) ?? Price(total, terms.Delta);
        if (!(epsilon <= terms.Epsilon))
        {
            throw new SynthesisException(
                SynthesisError.PrivacyBudgetExceeded,
                FormattableString.Invariant($"The step '{e.Kind}' would bring epsilon to {epsilon:g6}; the terms allow {terms.Epsilon:g6} at delta {terms.Delta:g3}."),
                "epsilon");
        }

        events.Add(e);
        Epsilon = epsilon;
        observer.Spent(total, epsilon);
    }

    /// <summary>
    /// The tightest epsilon that takes no long: by privacy loss distributions, on a grid that is coarser for large losses (a coarser one never says
    /// less), or by Rényi divergence for events that have none.
    /// </summary>
    public static double Price(PrivacyEvent e, double delta) => Prices.Epsilon(e, delta);

    /// <summary>Says what <see cref="Price"/> says: plans are made by the very figures that are spent later.</summary>
    internal static IPrivacyAccountant Prices { get; } = new RememberingAccountant(new Pricing());

    private sealed class Pricing : IPrivacyAccountant
    {
        public string Name => "spending";

        public double Epsilon(PrivacyEvent privacyEvent, double delta)
        {
            var rough = new RdpAccountant().Epsilon(privacyEvent, delta);
            return PrivacyEvents.Flatten(privacyEvent).Any(part => part.Event is ZeroConcentratedEvent)
                ? rough
                : new PldAccountant(Math.Clamp(rough * GridPerEpsilon, UsualGrid, CoarsestGrid)).Epsilon(privacyEvent, delta);
        }

        public double Delta(PrivacyEvent privacyEvent, double epsilon) => throw new NotSupportedException("Prices are of a given delta.");
    }
}
