using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Operations;

/// <summary>Fills the missing cells of a column.</summary>
internal static class FilledCells
{
    /// <summary>
    /// <paramref name="column"/> with its missing cells taken from the same rows of <paramref name="from"/>, a column of
    /// the same kind of cells.
    /// </summary>
    public static Column Of(Column column, Column from)
    {
        if (column is NumericColumn numbers)
        {
            var drawn = (NumericColumn)from;
            return new NumericColumn(column.Schema, [.. numbers.Values.Select((value, row) => double.IsNaN(value) ? drawn.Values[row] : value)])
            {
                Offsets = (numbers.Offsets ?? drawn.Offsets) is null
                    ? null
                    : [.. numbers.Values.Select((value, row) => (double.IsNaN(value) ? drawn : numbers).OffsetOf(row))],
            };
        }

        var (texts, fills) = ((CodedColumn)column, (CodedColumn)from);
        var values = texts.Values.ToList();
        var known = values.Index().ToDictionary(value => value.Item, value => value.Index, StringComparer.Ordinal);
        var codes = (int[])texts.Codes.Clone();
        for (var row = 0; row < codes.Length; row++)
        {
            if (codes[row] != CodedColumn.Missing || fills.Text(row) is not { } text) continue;
            if (!known.TryGetValue(text, out var code))
            {
                known.Add(text, code = values.Count);
                values.Add(text);
            }

            codes[row] = code;
        }

        return new CodedColumn(column.Schema, codes, [.. values]);
    }
}
