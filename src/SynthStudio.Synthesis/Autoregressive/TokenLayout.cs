using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// Where the tokens of all modelled columns lie in the network's input and output: coarse tokens of all columns one after the other; the
/// features of numeric columns; the columns with fine tokens counted on their own.
/// </summary>
internal sealed class TokenLayout
{
    public TokenLayout(IReadOnlyList<ColumnLayout> columns)
    {
        Columns = columns;
        CoarseOffset = new int[columns.Count];
        FeatureOffset = new int[columns.Count];
        for (var c = 0; c < columns.Count; c++)
        {
            CoarseOffset[c] = CoarseTokens;
            FeatureOffset[c] = Features;
            CoarseTokens += columns[c].CoarseCount;
            Features += columns[c].FeatureCount;
        }

        SamplingOrder = [.. Enumerable.Range(0, columns.Count).OrderBy(c => columns[c].Cells).ThenBy(c => c)];
        FineColumns = [.. Enumerable.Range(0, columns.Count).Where(c => columns[c].FineCount > 0)];
        FineContextOffset = new int[FineColumns.Length];
        for (var f = 0; f < FineColumns.Length; f++)
        {
            var column = columns[FineColumns[f]];
            FineContextOffset[f] = FineContexts;
            FineContexts += column.CoarseCount;
            FineTokens = Math.Max(FineTokens, column.FineCount);
        }
    }

    public IReadOnlyList<ColumnLayout> Columns { get; }

    /// <summary>C.</summary>
    public int Count => Columns.Count;

    /// <summary>First coarse token of a column, in the input and in the output.</summary>
    public int[] CoarseOffset { get; }

    /// <summary>
    /// The columns in the order they are drawn in, if a method has no other: those with the fewest cells first, as many rows then
    /// share their beginning.
    /// </summary>
    public int[] SamplingOrder { get; }

    /// <summary>First feature of a column.</summary>
    public int[] FeatureOffset { get; }

    /// <summary>V, coarse tokens of all columns: the rows of the input's embedding and the width of the output.</summary>
    public int CoarseTokens { get; }

    /// <summary>Scalar features of all columns.</summary>
    public int Features { get; }

    /// <summary>Indices of the columns with fine tokens.</summary>
    public int[] FineColumns { get; }

    /// <summary>By column with fine tokens: where its coarse tokens begin among those of all columns with fine tokens.</summary>
    public int[] FineContextOffset { get; }

    /// <summary>Coarse tokens of the columns with fine tokens: the contexts a fine token can stand in.</summary>
    public int FineContexts { get; }

    /// <summary>Largest number of fine tokens of a column.</summary>
    public int FineTokens { get; }
}
