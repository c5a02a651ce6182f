using System.Globalization;
using System.Text.RegularExpressions;

namespace SynthStudio.Tabular;

/// <summary>A file as the engine sees it: the names of its columns, and SQL that yields each of them as text.</summary>
internal sealed partial class Relation
{
    /// <summary>Bytes of the longest line that is read; a cell of 10 MB fits.</summary>
    private const int MaximumLineBytes = 24_000_000;

    private const int BufferBytes = 32_000_000;

    private readonly SourceFile file;
    private readonly string[] expressions;
    private readonly string from;

    private Relation(SourceFile file, IReadOnlyList<string> names, string[] expressions, string from, char? delimiter)
    {
        this.file = file;
        this.expressions = expressions;
        this.from = from;
        Names = names;
        Delimiter = delimiter;
    }

    public IReadOnlyList<string> Names { get; }

    public char? Delimiter { get; }

    public SourceFacts Facts => new(file.Format, file.Compression, file.EncodingName, Delimiter, file.Bytes, file.ExpandedBytes);

    /// <exception cref="TableException">The file is damaged, its header is not one, or it would expand to too much.</exception>
    public static Relation Of(SourceFile file, DuckSession session, ReadOptions options, CancellationToken cancellation)
    {
        var relation = file.Format switch
        {
            SourceFormat.Parquet => OfTyped(file, session, $"read_parquet({DuckSession.Literal(file.Path)})", cancellation),
            SourceFormat.Json => OfJson(file, session, cancellation),
            _ => OfDelimited(file),
        };
        RefuseNames(relation.Names, file.FileName, options);
        if (file.Format == SourceFormat.Parquet) RefuseExpansion(file, session, options, cancellation);
        return relation;
    }

    /// <summary>What stands behind FROM.</summary>
    public string From => from;

    /// <summary>The expression for the text of a column.</summary>
    public string Text(int column) => expressions[column];

    /// <summary>The query for the texts of the columns numbered <paramref name="columns"/>.</summary>
    public string Select(IEnumerable<int> columns, long? maximumRows) =>
        $"SELECT {string.Join(", ", columns.Select(c => expressions[c]))} FROM {from}{(maximumRows is { } rows ? $" LIMIT {rows}" : "")}";

    /// <summary>The query for the number of rows, as text.</summary>
    public string CountQuery => $"SELECT CAST(count(*) AS VARCHAR) FROM {from}";

    /// <summary>Says what a failure of the engine means, without the values that its message may hold.</summary>
    public TableException Explain(DuckException failure)
    {
        var message = failure.Message;
        long? row = LineNumber().Match(message) is { Success: true } match && long.TryParse(match.Groups[1].Value, out var line)
            ? Math.Max(1, line - 1)
            : null;
        var where = row is null ? file.FileName : $"{file.FileName}, row {row}";
        if (ColumnNumbers().Match(message) is { Success: true } ragged)
        {
            return Error(TableError.RaggedRow, $"{where}: the row has {ragged.Groups[2].Value} cells, the header {ragged.Groups[1].Value}.");
        }

        if (message.Contains("unterminated quote", StringComparison.OrdinalIgnoreCase))
        {
            return Error(TableError.RaggedRow, $"{where}: a quoted cell does not end where the cell does; quotes inside must be doubled.");
        }

        if (message.Contains("Maximum line size", StringComparison.OrdinalIgnoreCase)
            || message.Contains("maximum_object_size", StringComparison.OrdinalIgnoreCase))
        {
            return Error(TableError.CellTooLarge, $"{where}: the row is larger than {MaximumLineBytes} bytes.");
        }

        if (DiskFull().IsMatch(message))
        {
            return TableException.DiskFull(file.FileName);
        }

        if (message.StartsWith("Out of Memory", StringComparison.OrdinalIgnoreCase))
        {
            return Error(TableError.OutOfMemory, $"{file.FileName}: the memory that reading may use does not suffice for it. Use fewer columns or shorter cells.");
        }

        return file.Format switch
        {
            SourceFormat.Parquet => Error(TableError.UnsupportedFormat, $"{file.FileName} is not a valid Parquet file, or is damaged."),
            SourceFormat.Json => Error(TableError.UnsupportedFormat, $"{where}: the JSON is not valid, or not a table of objects."),
            _ => Error(TableError.UnsupportedFormat, $"{where}: the text cannot be cut into cells; is it delimited text as in RFC 4180?"),
        };

        TableException Error(TableError error, string text) => new(error, text, row: row);
    }

    private static Relation OfDelimited(SourceFile file)
    {
        var dialect = Dialect.Find(file.Head, complete: file.Head.Length >= file.ExpandedBytes - 3);
        var columns = string.Join(", ", dialect.Names.Select((_, i) => $"'c{i}': 'VARCHAR'"));
        var from = $"read_csv({DuckSession.Literal(file.Path)}, auto_detect = false, header = true, columns = {{{columns}}}, "
            + $"delim = {DuckSession.Literal(dialect.Delimiter.ToString())}, quote = '\"', escape = '\"', compression = 'none', "
            + $"strict_mode = {(file.HasMixedLineEnds ? "false" : "true")}, null_padding = false, "
            + $"max_line_size = {MaximumLineBytes}, buffer_size = {BufferBytes})";
        return new Relation(file, dialect.Names, [.. dialect.Names.Select((_, i) => $"c{i}")], from, dialect.Delimiter);
    }

    // Values stay the texts they are in the file: 1.0 and 2019-03-01T10:00Z keep their spelling.
    private static Relation OfJson(SourceFile file, DuckSession session, CancellationToken cancellation)
    {
        var source = $"{DuckSession.Literal(file.Path)}, maximum_object_size = {MaximumLineBytes}, compression = 'uncompressed'";
        var names = Describe(file, session, $"read_json({source}, sample_size = -1, records = true)", cancellation);
        var columns = string.Join(", ", names.Select(n => $"{DuckSession.Literal(n)}: 'VARCHAR'"));
        return new Relation(
            file, names, [.. names.Select(DuckSession.Identifier)], $"read_json({source}, records = true, columns = {{{columns}}})", null);
    }

    private static Relation OfTyped(SourceFile file, DuckSession session, string from, CancellationToken cancellation)
    {
        var names = Describe(file, session, from, cancellation);
        return new Relation(file, names, [.. names.Select(n => $"CAST({DuckSession.Identifier(n)} AS VARCHAR)")], from, null);
    }

    /// <summary>
    /// Asks the footer before any page is read. A column's piece takes as many bytes as it has uncompressed, and at least one for each of its
    /// cells, as it would in text: values that repeat are counted once in the former, however many rows there are.
    /// </summary>
    private static void RefuseExpansion(SourceFile file, DuckSession session, ReadOptions options, CancellationToken cancellation)
    {
        var sql = "SELECT CAST(coalesce(sum(greatest(0, total_uncompressed_size, num_values, row_group_num_rows)), 0) AS VARCHAR) "
            + $"FROM parquet_metadata({DuckSession.Literal(file.Path)})";
        var most = file.MostExpandedBytes(options);
        if (Int128.Parse(Ask(file, session, sql, cancellation)[0][0]!, CultureInfo.InvariantCulture) > most)
        {
            throw new TableException(
                TableError.CorruptCompression, $"{file.FileName} declares that it expands from {file.Bytes} to more than {most} bytes.");
        }
    }

    private static List<string> Describe(SourceFile file, DuckSession session, string from, CancellationToken cancellation) =>
        [.. Ask(file, session, $"SELECT column_name FROM (DESCRIBE SELECT * FROM {from})", cancellation).Select(r => r[0]!)];

    /// <summary>What the engine says of a file, before there is a relation; why it fails is explained as later.</summary>
    private static List<string?[]> Ask(SourceFile file, DuckSession session, string sql, CancellationToken cancellation)
    {
        try
        {
            return session.Rows(sql, cancellation);
        }
        catch (DuckException e)
        {
            throw new Relation(file, [], [], "", null).Explain(e);
        }
    }

    private static void RefuseNames(IReadOnlyList<string> names, string file, ReadOptions options)
    {
        if (names.Count > options.MaximumColumns)
        {
            throw new TableException(
                TableError.TooManyColumns, $"{file} has {names.Count} columns; at most {options.MaximumColumns} are read.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0)
            {
                throw new TableException(TableError.EmptyColumnName, $"{file}: column {i + 1} has no name in the header.");
            }

            if (!seen.Add(names[i]))
            {
                throw new TableException(TableError.DuplicateColumn, $"{file} has two columns called '{names[i]}'.", names[i]);
            }
        }
    }

    [GeneratedRegex(@"CSV Error on Line: (\d+)")]
    private static partial Regex LineNumber();

    // ENOSPC, EFBIG and EDQUOT as the engine words them, and its own limit.
    [GeneratedRegex("No space left|File too large|quota exceeded|max_temp_directory", RegexOptions.IgnoreCase)]
    private static partial Regex DiskFull();

    [GeneratedRegex(@"Expected Number of Columns: (\d+) Found: (\d+)")]
    private static partial Regex ColumnNumbers();
}
