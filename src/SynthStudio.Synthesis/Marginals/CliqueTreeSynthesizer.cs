using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Private;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>
/// One shot over a tree of cliques: noisy distances of all pairs from independence choose, once, as many pairs as a junction tree of limited size
/// holds and the noise allows; all are measured together and fitted once. For wide tables, where rounds of choosing take too long.
/// </summary>
public sealed class CliqueTreeSynthesizer : MarginalSynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "tree";

    /// <param name="time">The clock of the time limit.</param>
    public CliqueTreeSynthesizer(TimeProvider time)
        : base(time, null)
    {
    }

    internal CliqueTreeSynthesizer(Func<SecureBits> bits, TimeProvider? time = null)
        : base(time ?? TimeProvider.System, bits)
    {
    }

    public override string Method => Name;

    public override string Summary => "Differentially private: one tree of cliques of noisy pairs, chosen in one shot. For wide tables.";

    private protected override double SingleShare(int columns) => columns > 1 ? 0.15 : 1;

    private protected override IReadOnlyList<(string Name, long Releases, double Share)> Phases(int columns) => columns > 1
        ? [(MarginalTraining.Distance, columns * (columns - 1L) / 2, 0.05), (MarginalTraining.Pair, PairSlots(columns), 0.8)]
        : [];

    private protected override void Learn(MarginalTraining training, NoisePlan plan, Action<double> progress)
    {
        var domain = training.Domain;
        if (domain.Attributes < 2) return;
        var pairs = Pairs(domain);
        var distances = training.Distances(MarginalTraining.Distance, pairs, training.Independent);
        progress(0.2);
        var chosen = new PairChoice(domain, [], PairSlots(domain.Attributes), plan.Levels[MarginalTraining.Pair].Deviation).Choose([.. pairs.Zip(distances)]);
        progress(0.4);
        training.Add(MarginalTraining.Pair, chosen, PairSlots(domain.Attributes));
    }

    private static int PairSlots(int columns) => Math.Max(128, 4 * columns);
}
