using SynthStudio.Synthesis.Cells;
using SynthStudio.Synthesis.GraphicalModel;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>Draws rows of merged cells, then splits the merged ones up again.</summary>
/// <param name="model">Calibrated.</param>
/// <param name="compression">Which cells were merged.</param>
/// <param name="weights">By column, by cell: its weight among those it was merged with.</param>
internal sealed class MarginalSampler(MarkovModel model, ColumnCompression compression, double[][] weights) : ICellSampler
{
    private readonly (int[] Cells, CumulativeWeights Weights)[][] members = [.. compression.Codes.Select((codes, c) =>
        Members(codes, compression.Domain[c], weights[c]))];

    public ushort[][] Draw(int rows, SeededStream random, CancellationToken cancellation)
    {
        var drawn = RowDraw.Draw(model, rows, random, cancellation);
        for (var c = 0; c < drawn.Length; c++)
        {
            var (column, of) = (drawn[c], members[c]);
            for (var row = 0; row < rows; row++)
            {
                var (cells, among) = of[column[row]];
                column[row] = (ushort)(cells.Length == 1 ? cells[0] : cells[among.At(random.NextDouble())]);
            }
        }

        return drawn;
    }

    private static (int[], CumulativeWeights)[] Members(int[] codes, int merged, double[] weights) => [.. Enumerable.Range(0, merged).Select(code =>
    {
        var cells = Enumerable.Range(0, codes.Length).Where(cell => codes[cell] == code).ToArray();
        return (cells, new CumulativeWeights([.. cells.Select(cell => weights[cell])]));
    })];
}
