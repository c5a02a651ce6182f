using SynthStudio.Synthesis.GraphicalModel;

namespace SynthStudio.Synthesis.Marginals;

/// <summary>Exact counts of a private table. Nothing it returns may leave without noise.</summary>
/// <param name="domain">Sizes of the columns.</param>
/// <param name="cells">By column, by row.</param>
internal sealed class CountTable(Domain domain, ushort[][] cells)
{
    /// <summary>Rows by cell of a clique, in its layout.</summary>
    public long[] Count(Clique clique)
    {
        var counts = new long[(int)domain.Cells(clique)];
        if (clique.Count == 0)
        {
            counts[0] = cells[0].Length;
            return counts;
        }

        var shape = domain.Shape(clique);
        var columns = clique.Attributes.Select(a => cells[a]).ToArray();
        if (columns.Length == 2)
        {
            var (slow, fast, stride) = (columns[0], columns[1], shape[1]);
            for (var row = 0; row < slow.Length; row++) counts[slow[row] * stride + fast[row]]++;
            return counts;
        }

        for (var row = 0; row < columns[0].Length; row++)
        {
            var cell = 0;
            for (var i = 0; i < columns.Length; i++) cell = cell * shape[i] + columns[i][row];
            counts[cell]++;
        }

        return counts;
    }
}
