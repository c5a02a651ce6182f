namespace SynthStudio.Tabular;

/// <summary>A table in memory, column by column, as its schema says.</summary>
public sealed class Table
{
    private readonly Dictionary<string, Column> byName;

    /// <exception cref="ArgumentException">Columns and schema disagree in number, order or length.</exception>
    public Table(TableSchema schema, IReadOnlyList<Column> columns)
    {
        if (!schema.Columns.Select(c => c.Name).SequenceEqual(columns.Select(c => c.Name)))
        {
            throw new ArgumentException("The columns are not those of the schema, in its order.", nameof(columns));
        }

        if (columns.Any(c => c.Count != columns[0].Count))
        {
            throw new ArgumentException("All columns must have the same number of rows.", nameof(columns));
        }

        Schema = schema;
        Columns = columns;
        byName = columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
    }

    public TableSchema Schema { get; }

    public IReadOnlyList<Column> Columns { get; }

    public int RowCount => Columns.Count == 0 ? 0 : Columns[0].Count;

    /// <summary>The column called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public Column this[string name] => byName[name];

    /// <summary>The rows named by <paramref name="rows"/> (0-based), in that order, as a new table.</summary>
    public Table Take(ReadOnlySpan<int> rows)
    {
        var taken = new Column[Columns.Count];
        for (var i = 0; i < taken.Length; i++)
        {
            taken[i] = Columns[i].Take(rows);
        }

        return new Table(Schema, taken);
    }
}
