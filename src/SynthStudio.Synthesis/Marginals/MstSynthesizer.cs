using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Private;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>
/// MST (McKenna, Miklau, Sheldon, Winning the NIST contest, arXiv:2108.04978) with Gaussian noise throughout: columns by themselves, a spanning
/// tree of the pairs that independence explains worst, those pairs. The tree is chosen from noisy distances of all pairs rather than by the
/// exponential mechanism, which composes less tightly; pairs whose noise would outweigh what they tell are left out, so that it may be a forest.
/// </summary>
public sealed class MstSynthesizer : MarginalSynthesizer
{
    /// <summary>The method's name.</summary>
    public const string Name = "mst";

    private const int SlotsPerPair = 4;

    /// <param name="time">The clock of the time limit.</param>
    public MstSynthesizer(TimeProvider time)
        : base(time, null)
    {
    }

    internal MstSynthesizer(Func<SecureBits> bits, TimeProvider? time = null)
        : base(time ?? TimeProvider.System, bits)
    {
    }

    public override string Method => Name;

    public override string Summary => "Differentially private, in seconds: a tree of noisy pairs of columns. The fastest of the private methods.";

    private protected override double SingleShare(int columns) => columns > 1 ? 0.3 : 1;

    private protected override IReadOnlyList<(string Name, long Releases, double Share)> Phases(int columns) => columns > 1
        ? [(MarginalTraining.Distance, columns * (columns - 1L) / 2, 0.1), (MarginalTraining.Pair, SlotsPerPair * (columns - 1), 0.6)]
        : [];

    private protected override void Learn(MarginalTraining training, NoisePlan plan, Action<double> progress)
    {
        var domain = training.Domain;
        if (domain.Attributes < 2) return;
        var pairs = Pairs(domain);
        var distances = training.Distances(MarginalTraining.Distance, pairs, training.Independent);
        progress(0.3);
        var noise = plan.Levels[MarginalTraining.Pair].Deviation / Math.Sqrt(SlotsPerPair);
        var component = Enumerable.Range(0, domain.Attributes).ToArray();
        var tree = new List<Clique>();
        foreach (var (pair, gain) in pairs.Zip(distances, (p, d) => (p, ExpectedNoise.Gain(d, noise, domain.Cells(p)))).OrderByDescending(p => p.Item2))
        {
            var (from, to) = (component[pair.Attributes[0]], component[pair.Attributes[1]]);
            if (gain <= 0 || from == to) continue;
            for (var c = 0; c < component.Length; c++) if (component[c] == from) component[c] = to;
            tree.Add(pair);
        }

        var slots = SlotsPerPair * (domain.Attributes - 1);
        training.Add(MarginalTraining.Pair, [.. tree.Zip(Slots.Deal(slots, tree.ConvertAll(domain.Cells)))], slots);
    }
}
