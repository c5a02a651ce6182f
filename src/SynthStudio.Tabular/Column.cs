namespace SynthStudio.Tabular;

/// <summary>The values of one column. Immutable once it is part of a <see cref="Table"/>.</summary>
public abstract class Column(ColumnSchema schema)
{
    public ColumnSchema Schema { get; } = schema;

    public string Name => Schema.Name;

    /// <summary>Number of rows, missing ones included.</summary>
    public abstract int Count { get; }

    /// <summary>Cells whose text was not of the column's kind and that were read as missing, where the reader was told to; 0 for a part of a table.</summary>
    public int InvalidCells { get; internal init; }

    /// <summary>Whether the value in <paramref name="row"/> (0-based) is missing.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>The rows named by <paramref name="rows"/>, in that order, as a new column.</summary>
    public abstract Column Take(ReadOnlySpan<int> rows);
}
