using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>What mode-specific normalisation learns of a number: frequent values, and a mixture for the rest.</summary>
/// <param name="Atoms">Frequent values, ascending: symbols 0 .. n - 1.</param>
/// <param name="Mixture">Its components are the next symbols; none when atoms are all there is.</param>
/// <param name="Counts">Training rows by symbol, of the mixture's components by their shares; the last one is missing values, if there are any.</param>
public sealed record NumericModes(double[] Atoms, GaussianMixture Mixture, long[] Counts)
{
    /// <summary>Most components, as published.</summary>
    private const int MostModes = 10;

    /// <summary>Learns from the codec's cells, a compressed histogram of the column: no pass over the rows is needed.</summary>
    public static NumericModes Fit(NumericCodec codec)
    {
        var atoms = NumericAtoms.Find(codec);
        var rest = NumericAtoms.Between(codec, atoms);
        var mixture = rest.Count == 0 ? new GaussianMixture([], [], []) : GaussianMixture.Fit(rest, MostModes);
        var pieces = codec.Cells.SelectMany(cell => cell.Pieces).ToArray();
        var restRows = rest.Sum(point => point.Rows);
        return new NumericModes(atoms, mixture,
        [
            .. atoms.Select(atom => (long)pieces.Where(piece => piece.Low == atom && piece.High == atom).Sum(piece => piece.Weight)),
            .. mixture.Weights.Select(weight => Math.Max((long)Math.Round(weight * restRows), 1)),
            .. codec.MissingCount > 0 ? [codec.MissingCount] : Array.Empty<long>(),
        ]);
    }
}
