namespace SynthStudio.Synthesis.Boosting;

/// <summary>Rows of two classes, as trees look at them.</summary>
/// <param name="Bins">By feature, by row.</param>
/// <param name="BinCounts">By feature: number of its bins.</param>
/// <param name="Labels">By row: whether it is of the first class.</param>
internal sealed record LabelledRows(byte[][] Bins, int[] BinCounts, bool[] Labels)
{
    public int Count => Labels.Length;

    /// <summary>Some of the rows.</summary>
    public LabelledRows Take(int[] rows) =>
        new([.. Bins.Select(bin => Array.ConvertAll(rows, row => bin[row]))], BinCounts, Array.ConvertAll(rows, row => Labels[row]));
}
