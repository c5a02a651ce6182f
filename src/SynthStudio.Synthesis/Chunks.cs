using SynthStudio.Tabular;

namespace SynthStudio.Synthesis;

/// <summary>Re-cuts a stream of tables into chunks of a wished size.</summary>
internal static class Chunks
{
    /// <summary>The same rows, in chunks of <paramref name="firstRows"/>, then <paramref name="rows"/>; the last may be shorter.</summary>
    public static IEnumerable<Table> Resize(IEnumerable<Table> tables, int firstRows, int rows)
    {
        var wanted = firstRows;
        List<Table> parts = [];
        var collected = 0;
        foreach (var table in tables)
        {
            var used = 0;
            while (table.RowCount - used >= wanted - collected)
            {
                parts.Add(Slice(table, used, wanted - collected));
                used += wanted - collected;
                yield return Join(parts);
                (collected, wanted) = (0, rows);
                parts.Clear();
            }

            if (used < table.RowCount) parts.Add(Slice(table, used, table.RowCount - used));
            collected += table.RowCount - used;
        }

        if (collected > 0) yield return Join(parts);
    }

    private static Table Slice(Table table, int first, int rows) =>
        first == 0 && rows == table.RowCount ? table : table.Take(Enumerable.Range(first, rows).ToArray());

    /// <summary>The rows of all parts, of the same columns.</summary>
    public static Table Join(List<Table> parts)
    {
        if (parts.Count == 1) return parts[0];
        return new Table(parts[0].Schema, [.. parts[0].Columns.Select((column, c) => Join(column.Schema, parts.ConvertAll(part => part.Columns[c])))]);
    }

    /// <summary>The cells of all pieces of a column.</summary>
    public static Column Join(ColumnSchema schema, List<Column> pieces) => pieces[0] is NumericColumn
        ? JoinNumbers(schema, pieces.ConvertAll(piece => (NumericColumn)piece))
        : JoinCoded(schema, pieces.ConvertAll(piece => (CodedColumn)piece));

    /// <summary>One table of rows of several.</summary>
    /// <param name="rows">By row of the result: the table that it is taken from, and its number there.</param>
    public static Table Gather(IReadOnlyCollection<(Table Table, int Row)> rows)
    {
        var sources = rows.Index().GroupBy(row => row.Item.Table).ToList();
        var joined = Join(sources.ConvertAll(source => source.Key.Take([.. source.Select(row => row.Item.Row)])));
        if (sources.Count == 1) return joined;
        var places = new int[rows.Count];
        foreach (var (place, row) in sources.SelectMany(source => source).Index()) places[row.Index] = place;
        return joined.Take(places);
    }

    private static NumericColumn JoinNumbers(ColumnSchema schema, List<NumericColumn> pieces) => new(schema, [.. pieces.SelectMany(piece => piece.Values)])
    {
        Offsets = pieces.TrueForAll(piece => piece.Offsets is null) ? null : [.. pieces.SelectMany(piece => piece.Offsets ?? new short[piece.Count])],
    };

    private static CodedColumn JoinCoded(ColumnSchema schema, List<CodedColumn> pieces)
    {
        var codes = new List<int>();
        if (pieces.TrueForAll(piece => ReferenceEquals(piece.Values, pieces[0].Values)))
            return new CodedColumn(schema, [.. pieces.SelectMany(piece => piece.Codes)], pieces[0].Values);
        var values = new List<string>();
        foreach (var piece in pieces)
        {
            codes.AddRange(piece.Codes.Select(code => code == CodedColumn.Missing ? code : code + values.Count));
            values.AddRange(piece.Values);
        }

        return new CodedColumn(schema, [.. codes], [.. values]);
    }
}
