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
        var columns = new Column[parts[0].Columns.Count];
        for (var c = 0; c < columns.Length; c++)
        {
            var pieces = parts.ConvertAll(part => part.Columns[c]);
            columns[c] = pieces[0] is NumericColumn
                ? new NumericColumn(pieces[0].Schema, [.. pieces.SelectMany(piece => ((NumericColumn)piece).Values)])
                : JoinCoded(pieces.ConvertAll(piece => (CodedColumn)piece));
        }

        return new Table(parts[0].Schema, columns);
    }

    private static CodedColumn JoinCoded(List<CodedColumn> pieces)
    {
        var codes = new List<int>();
        if (pieces.TrueForAll(piece => ReferenceEquals(piece.Values, pieces[0].Values)))
            return new CodedColumn(pieces[0].Schema, [.. pieces.SelectMany(piece => piece.Codes)], pieces[0].Values);
        var values = new List<string>();
        foreach (var piece in pieces)
        {
            codes.AddRange(piece.Codes.Select(code => code == CodedColumn.Missing ? code : code + values.Count));
            values.AddRange(piece.Values);
        }

        return new CodedColumn(pieces[0].Schema, [.. codes], [.. values]);
    }
}
