using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Independent;

/// <summary>Draws every column's cells by their training counts. A condition on one column leaves the others as they are.</summary>
internal sealed class IndependentSampler : ICellSampler
{
    private readonly CumulativeWeights[] weights;

    public IndependentSampler(IReadOnlyList<ColumnLayout> layouts, CellConditions conditions, double temperature) =>
        weights = [.. layouts.Select((layout, c) => new CumulativeWeights(Weights(layout, conditions[c], temperature)))];

    public ushort[][] Draw(int rows, SeededStream random, CancellationToken cancellation)
    {
        var drawn = new ushort[weights.Length][];
        for (var c = 0; c < weights.Length; c++)
        {
            drawn[c] = new ushort[rows];
            for (var row = 0; row < rows; row++) drawn[c][row] = (ushort)weights[c].At(random.NextDouble());
        }

        return drawn;
    }

    /// <summary>Measured by the most frequent of the admitted cells: at a low temperature, the power of what is rare beside others is 0.</summary>
    private static double[] Weights(ColumnLayout layout, double[]? shares, double temperature)
    {
        var admitted = Array.ConvertAll(layout.Drawable, drawable => drawable ? 1.0 : 0);
        for (var cell = 0; shares is not null && cell < admitted.Length; cell++) admitted[cell] *= shares[cell];
        double most = layout.Counts.Where((_, cell) => admitted[cell] > 0).Max();
        return [.. admitted.Select((share, cell) => share > 0 ? Math.Pow(layout.Counts[cell] / most, 1 / temperature) * share : 0)];
    }
}
