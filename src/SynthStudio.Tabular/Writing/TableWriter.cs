using System.Buffers;
using System.Text;

namespace SynthStudio.Tabular;

/// <summary>
/// Writes tables as CSV (RFC 4180, but lines end with LF as Unix tools and pandas write them): UTF-8 without byte order mark, values as the
/// schema says, missing ones empty. A table may come in several chunks; each must have the columns of the first. Not safe for concurrent use.
/// </summary>
public sealed class TableWriter : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private readonly Stream target;
    private readonly bool ownsTarget;
    private readonly CellWriter[] cells;
    private readonly byte delimiter;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int used;

    /// <summary>Begins a table on <paramref name="target"/>, which stays open.</summary>
    public TableWriter(Stream target, TableSchema schema, WriteOptions? options = null)
        : this(target, schema, options, ownsTarget: false)
    {
    }

    private TableWriter(Stream target, TableSchema schema, WriteOptions? options, bool ownsTarget)
    {
        options ??= new WriteOptions();
        this.target = target;
        this.ownsTarget = ownsTarget;
        delimiter = char.IsAscii(options.Delimiter) && options.Delimiter is not ('"' or '\r' or '\n')
            ? (byte)options.Delimiter
            : throw new ArgumentException("The delimiter must be an ASCII character other than a quote or a line end.", nameof(options));

        // An empty line reads as no row at all, so a lone missing value is written as quotes.
        var missing = schema.Columns.Count == 1 ? "\"\""u8.ToArray() : [];
        cells = [.. schema.Columns.Select(c => CellWriter.For(c, delimiter, missing))];
        if (options.Header)
        {
            WriteHeader(schema);
        }
    }

    /// <summary>Begins a table in a new file at <paramref name="path"/>, an old one is replaced.</summary>
    public static TableWriter Create(string path, TableSchema schema, WriteOptions? options = null) =>
        new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1), schema, options, ownsTarget: true);

    /// <summary>Writes a whole table to <paramref name="path"/>.</summary>
    public static void Write(Table table, string path, WriteOptions? options = null)
    {
        using var writer = Create(path, table.Schema, options);
        writer.Write(table);
    }

    /// <summary>Appends the rows of <paramref name="chunk"/>.</summary>
    /// <exception cref="ArgumentException">Its columns are not those the table began with.</exception>
    public void Write(Table chunk)
    {
        if (chunk.Columns.Count != cells.Length)
        {
            throw new ArgumentException("The chunk does not have the columns of the table.", nameof(chunk));
        }

        for (var column = 0; column < cells.Length; column++)
        {
            cells[column].Begin(chunk.Columns[column]);
        }

        for (var row = 0; row < chunk.RowCount; row++)
        {
            for (var column = 0; column < cells.Length; column++)
            {
                var cell = cells[column];
                Reserve(cell.MostBytes(row) + 1);
                if (column > 0)
                {
                    buffer[used++] = delimiter;
                }

                used += cell.Write(buffer.AsSpan(used), row);
            }

            Reserve(1);
            buffer[used++] = (byte)'\n';
        }
    }

    /// <summary>Hands everything written so far to the stream.</summary>
    public void Flush()
    {
        target.Write(buffer, 0, used);
        used = 0;
    }

    public void Dispose()
    {
        if (buffer.Length == 0)
        {
            return;
        }

        try
        {
            Flush();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            if (ownsTarget)
            {
                target.Dispose();
            }
        }
    }

    private void WriteHeader(TableSchema schema)
    {
        for (var column = 0; column < schema.Columns.Count; column++)
        {
            var name = CsvText.Quote(Encoding.UTF8.GetBytes(schema.Columns[column].Name), delimiter);
            Reserve(name.Length + 2);
            if (column > 0)
            {
                buffer[used++] = delimiter;
            }

            name.CopyTo(buffer, used);
            used += name.Length;
        }

        Reserve(1);
        buffer[used++] = (byte)'\n';
    }

    private void Reserve(int bytes)
    {
        if (used + bytes <= buffer.Length)
        {
            return;
        }

        Flush();
        if (bytes > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(bytes);
        }
    }
}
