using SynthStudio.Synthesis.Encoding;

namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>Which tokens of a column spell a cell that may be drawn, to be added to logits: 0, or minus infinity.</summary>
internal sealed class TokenMasks
{
    public TokenMasks(ColumnLayout column, int fineTokens)
    {
        CellByTokens = column.CellByTokens();
        Coarse = Closed(column.CoarseCount);
        Fine = new float[column.CoarseCount][];
        HasFine = new bool[column.CoarseCount];
        for (var cell = 0; cell < column.Cells; cell++)
        {
            if (column.Drawable[cell]) Coarse[column.Coarse[cell]] = 0;
            if (column.Fine[cell] < 0) continue;
            HasFine[column.Coarse[cell]] = true;
            Fine[column.Coarse[cell]] ??= Closed(fineTokens);
            if (column.Drawable[cell]) Fine[column.Coarse[cell]][column.Fine[cell]] = 0;
        }

        static float[] Closed(int tokens) => [.. Enumerable.Repeat(float.NegativeInfinity, tokens)];
    }

    /// <summary>The cell spelled by a coarse and a fine token; -1 where none is.</summary>
    public int[,] CellByTokens { get; }

    public float[] Coarse { get; }

    /// <summary>By coarse token, by fine token; null where the coarse token says it all.</summary>
    public float[][] Fine { get; }

    public bool[] HasFine { get; }
}
