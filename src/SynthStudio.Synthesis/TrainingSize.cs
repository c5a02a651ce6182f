namespace SynthStudio.Synthesis;

/// <summary>What the time of a training depends on, as far as it is known before.</summary>
/// <param name="Rows">Rows of the table.</param>
/// <param name="RowsInMemory">Rows that a method sees which cannot learn from a file: all, or a random sample.</param>
/// <param name="Numbers">Columns of numbers, dates and times.</param>
/// <param name="Categories">Columns of categories and booleans.</param>
/// <param name="CategoryVariables">Distinct categories of all of them, at most 24 a column.</param>
public readonly record struct TrainingSize(long Rows, long RowsInMemory, int Numbers, int Categories, int CategoryVariables)
{
    /// <summary>Columns that a method learns, at least 1.</summary>
    public int Columns => Math.Max(1, Numbers + Categories);

    /// <summary>Cells of these columns, of all rows.</summary>
    public double Cells => (double)Rows * Columns;

    /// <summary>Cells of these columns that are held in memory.</summary>
    public double CellsInMemory => (double)RowsInMemory * Columns;
}
