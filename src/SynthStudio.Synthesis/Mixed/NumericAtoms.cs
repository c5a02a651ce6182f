using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Mixed;

/// <summary>
/// The values of a number that occur so often that no density describes them: zeros, round amounts, limits. They become symbols. A column
/// of few values consists of them only.
/// </summary>
internal static class NumericAtoms
{
    /// <summary>A column with at most this many distinct values, none of them rare, has nothing but atoms.</summary>
    private const int FewValues = 24;

    /// <summary>An atom holds at least this share of the rows, and <see cref="Prominence"/> times what its neighbours hold on average.</summary>
    private const double LeastShare = 0.005, Prominence = 3;

    private const int Neighbours = 4, MostAtoms = 24;

    /// <summary>The atoms, ascending.</summary>
    public static double[] Find(NumericCodec codec)
    {
        var pieces = codec.Cells.SelectMany(cell => cell.Pieces).OrderBy(piece => piece.Low).ThenBy(piece => piece.High).ToArray();
        if (pieces.Length <= FewValues && Array.TrueForAll(pieces, IsPoint)) return Array.ConvertAll(pieces, piece => piece.Low);
        var least = LeastShare * pieces.Sum(piece => piece.Weight);
        return [.. Enumerable.Range(0, pieces.Length)
            .Where(i => IsPoint(pieces[i]) && pieces[i].Weight >= least && pieces[i].Weight >= Prominence * AverageAround(pieces, i))
            .OrderByDescending(i => pieces[i].Weight)
            .Take(MostAtoms)
            .Select(i => pieces[i].Low)
            .Order()];
    }

    /// <summary>The rest of the column: ascending points with the rows each stands for and their variance.</summary>
    public static List<(double Value, double Rows, double Variance)> Between(NumericCodec codec, double[] atoms) =>
        [.. codec.Cells.SelectMany(cell => cell.Pieces)
            .Where(piece => !IsPoint(piece) || Array.BinarySearch(atoms, piece.Low) < 0)
            .Select(piece => ((piece.Low + piece.High) / 2, piece.Weight, (piece.High - piece.Low) * (piece.High - piece.Low) / 12))
            .OrderBy(point => point.Item1)];

    private static bool IsPoint(NumericPiece piece) => piece.Low == piece.High;

    private static double AverageAround(NumericPiece[] pieces, int center)
    {
        double sum = 0;
        var count = 0;
        for (var i = Math.Max(center - Neighbours, 0); i <= Math.Min(center + Neighbours, pieces.Length - 1); i++)
        {
            if (i == center) continue;
            sum += pieces[i].Weight;
            count++;
        }

        return count == 0 ? 0 : sum / count;
    }
}
