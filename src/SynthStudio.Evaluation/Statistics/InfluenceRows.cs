using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Statistics;

/// <summary>The rows of two tables at which <see cref="Influence"/> looks: all, or as many at random as make a spread known to two percent.</summary>
/// <param name="Left">Rows of the real table.</param>
/// <param name="Right">Rows of the table that is scored.</param>
/// <param name="LeftTotal">Rows the real table has.</param>
/// <param name="RightTotal">Rows the scored table has.</param>
internal sealed record InfluenceRows(int[] Left, int[] Right, int LeftTotal, int RightTotal)
{
    private const int MostRows = 4_000;

    public static InfluenceRows Draw(int leftTotal, int rightTotal, int seed) => new(
        RowSample.DrawIfMore(leftTotal, MostRows, seed + 131), RowSample.DrawIfMore(rightTotal, MostRows, seed + 132), leftTotal, rightTotal);
}
