using SynthStudio.Synthesis.Autoregressive.Inference;

namespace SynthStudio.Synthesis.Autoregressive.Refinement;

/// <summary>
/// A numeric column whose values lie near those of one that is drawn before it, as a bill lies near the bill of the month before, or is paid
/// to the cent.
/// </summary>
/// <param name="Source">The column drawn before.</param>
/// <param name="Centers">By cell of the source: the cell of this column that holds its value; <see cref="Cell.Unset"/> for a missing one.</param>
/// <param name="Sums">By bin of <see cref="CellDistance"/>: running sums of how much more frequent than by chance it is among training rows.</param>
internal sealed record ColumnRelation(int Source, ushort[] Centers, float[] Sums)
{
    /// <summary>
    /// The relation at a temperature: every distance of a bin, which are equally frequent, to the power of 1 /
    /// <paramref name="temperature"/>.
    /// </summary>
    /// <param name="temperature">Above 0; 1 is the learned relation.</param>
    public ColumnRelation At(double temperature)
    {
        if (temperature == 1) return this;
        var densities = new double[CellDistance.Bins];
        for (var bin = CellDistance.None + 1; bin < densities.Length; bin++) densities[bin] = (Sums[bin] - Sums[bin - 1]) / CellDistance.WidthOf(bin);
        var most = densities.Max();
        var sums = new float[CellDistance.Bins];
        for (var bin = CellDistance.None + 1; bin < sums.Length; bin++)
        {
            var weight = densities[bin] > 0 ? CellDistance.WidthOf(bin) * Math.Pow(densities[bin] / most, 1 / temperature) : 0;
            sums[bin] = sums[bin - 1] + (float)weight;
        }

        return this with { Sums = sums };
    }

    /// <summary>The bin of the distance between a cell and the source's.</summary>
    /// <param name="source">A cell of the source.</param>
    /// <param name="cell">A cell of this column.</param>
    /// <param name="values">Number of cells of this column that hold values; a missing one comes after them.</param>
    public byte BinOf(ushort source, ushort cell, int values) =>
        Centers[source] == Cell.Unset || cell >= values ? CellDistance.None : CellDistance.BinOf(cell - Centers[source]);

    /// <summary>A cell near the source's; <see cref="Cell.Unset"/> where there is none.</summary>
    /// <param name="source">A cell of the source.</param>
    /// <param name="values">Number of cells of this column that hold values.</param>
    /// <param name="choice">Uniform in [0, 1): which bin of distances.</param>
    /// <param name="inside">Uniform in [0, 1): which distance of the bin.</param>
    public ushort Propose(ushort source, int values, float choice, float inside)
    {
        if (Centers[source] == Cell.Unset) return Cell.Unset;
        var cell = Centers[source] + CellDistance.DistanceIn(Weights.Choose(Sums, choice), inside);
        return cell >= 0 && cell < values ? (ushort)cell : Cell.Unset;
    }
}
