namespace SynthStudio.Tabular;

/// <summary>
/// Writes a table whose missing cells were filled: as CSV, with all columns of its file in their order. What was not filled keeps the text
/// that the file has, spelling and all; only filled cells are spelled as the schema says. The file is read again and never held.
/// </summary>
public static class TableFilling
{
    private const byte Delimiter = (byte)',';

    /// <summary>Writes <paramref name="filled"/> to <paramref name="target"/>.</summary>
    /// <param name="path">The file that <paramref name="read"/> was read from. Of Parquet the values are written as their types are.</param>
    /// <param name="fileName">Its original name; null takes the path's.</param>
    /// <param name="read">Some of its columns, with all rows.</param>
    /// <param name="filled">The same columns and rows, some missing cells filled.</param>
    /// <param name="target">The CSV file to write.</param>
    /// <param name="options">How to read, as <paramref name="read"/> was.</param>
    /// <param name="cancellation">Stops it at once.</param>
    /// <exception cref="TableException">The file cannot be read any more, or is another.</exception>
    public static void Write(
        string path, string? fileName, Table read, Table filled, string target, ReadOptions options, CancellationToken cancellation)
    {
        using var source = TableSource.Open(path, fileName, options, cancellation);
        using var output = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);

        // An empty line reads as no row at all, so a lone missing value is written as quotes.
        var missing = source.Names.Count == 1 ? "\"\""u8.ToArray() : [];
        var (before, after) = (ByName(read), ByName(filled));
        var fills = source.Names
            .Select(name => before.TryGetValue(name, out var observed) && after.TryGetValue(name, out var complete)
                ? new Fill(observed, complete, missing) : null)
            .ToArray();
        WriteHeader(output, source.Names);
        var row = 0;
        foreach (var batch in source.Read(Enumerable.Range(0, fills.Length), options.MaximumRows, cancellation))
        {
            foreach (var chunk in batch.Chunks)
            {
                if (chunk.Rows > read.RowCount - row) throw Changed(source);
                var columns = Enumerable.Range(0, fills.Length).Select(chunk.Column).ToArray();
                for (var i = 0; i < chunk.Rows; i++, row++)
                {
                    WriteRow(output, columns, i, fills, row, missing);
                }
            }
        }

        if (row != read.RowCount) throw Changed(source);
    }

    private static void WriteHeader(FileStream output, IReadOnlyList<string> names)
    {
        for (var column = 0; column < names.Count; column++)
        {
            if (column > 0) output.WriteByte(Delimiter);
            output.Write(CsvText.Quote(System.Text.Encoding.UTF8.GetBytes(names[column]), Delimiter));
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteRow(FileStream output, TextVector[] columns, int place, Fill?[] fills, int row, byte[] missing)
    {
        for (var column = 0; column < columns.Length; column++)
        {
            if (column > 0) output.WriteByte(Delimiter);
            if (fills[column] is { } fill && fill.Has(row))
            {
                fill.Write(output, row);
                continue;
            }

            ReadOnlySpan<byte> text = columns[column].IsNull(place) ? missing : columns[column].Bytes(place);
            if (columns[column].IsNull(place) || CsvText.IsPlain(text, Delimiter)) output.Write(text);
            else output.Write(CsvText.Quote(text.ToArray(), Delimiter));
        }

        output.WriteByte((byte)'\n');
    }

    private static Dictionary<string, Column> ByName(Table table) => table.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);

    private static TableException Changed(TableSource source) => new(TableError.FileUnreadable, $"{source.FileName} was changed while it was worked on.");

    /// <summary>The cells of a column that were filled.</summary>
    private sealed class Fill
    {
        private readonly Column before, after;
        private readonly CellWriter writer;
        private byte[] cell = [];

        public Fill(Column before, Column after, byte[] missing)
        {
            (this.before, this.after, writer) = (before, after, CellWriter.For(after.Schema, Delimiter, missing));
            writer.Begin(after);
        }

        public bool Has(int row) => before.IsMissing(row) && !after.IsMissing(row);

        public void Write(FileStream output, int row)
        {
            var most = writer.MostBytes(row);
            if (cell.Length < most) cell = new byte[most];
            output.Write(cell.AsSpan(0, writer.Write(cell, row)));
        }
    }
}
