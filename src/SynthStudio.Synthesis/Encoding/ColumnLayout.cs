namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// How a column looks to a model: a finite set of cells. A cell is one category, one value, a narrow range of values, the rare or the
/// missing value. It is spelled by one token (coarse) or, in columns with very many cells, by two (coarse, then fine).
/// </summary>
public sealed class ColumnLayout
{
    /// <summary>Number of cells.</summary>
    public int Cells => Coarse.Length;

    /// <summary>Coarse token by cell, 0 .. <see cref="CoarseCount"/> - 1.</summary>
    public required int[] Coarse { get; init; }

    /// <summary>Fine token by cell, 0 .. <see cref="FineCount"/> - 1, or -1 where the coarse token says it all.</summary>
    public required int[] Fine { get; init; }

    public required int CoarseCount { get; init; }

    /// <summary>Largest number of fine tokens under one coarse token; 0 when the column has none.</summary>
    public required int FineCount { get; init; }

    /// <summary>Scalar features by cell, row-major [Cells, FeatureCount], each of about unit scale; zeros for missing.</summary>
    public required float[] Features { get; init; }

    /// <summary>0 for columns that are not numbers.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>Whether sampling may produce the cell; rare values may not.</summary>
    public required bool[] Drawable { get; init; }

    /// <summary>Training rows by cell.</summary>
    public required long[] Counts { get; init; }

    /// <summary>The cell spelled by a coarse and a fine token (-1 without one); -1 where no cell is.</summary>
    public int[,] CellByTokens()
    {
        var cells = new int[CoarseCount, Math.Max(FineCount, 1)];
        for (var i = 0; i < CoarseCount; i++)
            for (var j = 0; j < cells.GetLength(1); j++)
                cells[i, j] = -1;

        for (var cell = 0; cell < Cells; cell++) cells[Coarse[cell], Math.Max(Fine[cell], 0)] = cell;
        return cells;
    }
}
