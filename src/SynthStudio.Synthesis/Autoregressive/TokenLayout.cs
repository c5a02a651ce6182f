using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>
/// Where the tokens of all modelled columns lie in the network's input and output: coarse tokens of all columns one after the other, then
/// their fine tokens; the features of numeric columns; the columns with fine tokens counted on their own.
/// </summary>
internal sealed class TokenLayout
{
    public TokenLayout(IReadOnlyList<ColumnLayout> columns)
    {
        Columns = columns;
        CoarseOffset = new int[columns.Count];
        FineOffset = new int[columns.Count];
        FeatureOffset = new int[columns.Count];
        for (var c = 0; c < columns.Count; c++)
        {
            CoarseOffset[c] = CoarseTokens;
            FeatureOffset[c] = Features;
            CoarseTokens += columns[c].CoarseCount;
            Features += columns[c].FeatureCount;
        }

        InputTokens = CoarseTokens;
        FineColumns = [.. Enumerable.Range(0, columns.Count).Where(c => columns[c].FineCount > 0)];
        FineContextOffset = new int[FineColumns.Length];
        for (var f = 0; f < FineColumns.Length; f++)
        {
            var c = FineColumns[f];
            FineOffset[c] = InputTokens;
            FineContextOffset[f] = FineContexts;
            InputTokens += columns[c].FineCount;
            FineContexts += columns[c].CoarseCount;
            FineTokens = Math.Max(FineTokens, columns[c].FineCount);
        }
    }

    public IReadOnlyList<ColumnLayout> Columns { get; }

    /// <summary>C.</summary>
    public int Count => Columns.Count;

    /// <summary>First coarse token of a column, in the input and in the output.</summary>
    public int[] CoarseOffset { get; }

    /// <summary>First fine token of a column in the input; meaningless for columns without.</summary>
    public int[] FineOffset { get; }

    /// <summary>First feature of a column.</summary>
    public int[] FeatureOffset { get; }

    /// <summary>Coarse tokens of all columns: the width of the output.</summary>
    public int CoarseTokens { get; }

    /// <summary>Coarse and fine tokens of all columns.</summary>
    public int InputTokens { get; }

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
