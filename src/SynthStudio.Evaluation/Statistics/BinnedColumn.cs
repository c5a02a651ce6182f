namespace SynthStudio.Evaluation.Statistics;

/// <summary>A column cut into bins.</summary>
/// <param name="Codes">One bin a row, 0 to <paramref name="Size"/> - 1.</param>
/// <param name="Size">Number of bins there may be.</param>
internal readonly record struct BinnedColumn(int[] Codes, int Size);
