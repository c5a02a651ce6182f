namespace SynthStudio.Tabular;

/// <summary>
/// Writes a table, whatever its format, as CSV (RFC 4180, commas, UTF-8), with the types that its columns have by all of their values. A
/// type is given only where it loses nothing: <c>007</c> is no number, nor is an identifier of more digits than 64 bits hold; a day is one
/// in ISO 8601 that is in the calendar. Cells of texts stay as they are; in the other columns the spellings of a missing value become
/// missing. The table is never held.
/// </summary>
public static class TableExtraction
{
    /// <summary>Columns that are looked at in one pass: each takes several expressions.</summary>
    private const int ColumnsAtOnce = 24;

    /// <summary>
    /// A spelling as short as this has at most 15 digits, and a binary number of 64 bits keeps them; one that is longer than the
    /// other is no number for us.
    /// </summary>
    private const int AlwaysExact = 15, LongestNumber = 40;

    private const string Offset = "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)", Whole = "(0|[1-9][0-9]{0,17})", Moment = "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?";

    /// <summary>What makes each type, of a trimmed text v; the first that all values are is the column's.</summary>
    private static readonly (ExtractedType Type, string Test)[] Tests =
    [
        (ExtractedType.Integer, "regexp_full_match(v, '0|-?[1-9][0-9]{0,18}') AND TRY_CAST(v AS BIGINT) IS NOT NULL"),
        (ExtractedType.Decimal, KeepsItsDigits($"regexp_full_match(v, '-?({Whole}(\\.[0-9]+)?|\\.[0-9]+)([eE][+-]?[0-9]{{1,2}})?')")),
        (ExtractedType.Boolean, "lower(v) IN ('true', 'false')"),
        (ExtractedType.Date, "regexp_full_match(v, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(v AS DATE) IS NOT NULL AND v >= '0001'"),
        (ExtractedType.Timestamp, $"regexp_full_match(v, '{Moment}') AND TRY_CAST(v AS TIMESTAMP) IS NOT NULL AND v >= '0001'"),
        (ExtractedType.TimestampUtc, $"regexp_full_match(v, '{Moment}{Offset}') AND TRY_CAST(regexp_extract(v, '{Moment}') AS TIMESTAMP) IS NOT NULL AND v >= '0001-01-02' AND v < '9999-12-31'"),
    ];

    /// <summary>
    /// Whether v is a number, and the binary number next to it, written with as many digits as v has, has the digits of v: so has whatever
    /// was written from a binary number, and what has more digits loses some.
    /// </summary>
    private static string KeepsItsDigits(string isNumber)
    {
        var written = $"printf('%.' || (greatest(length({Digits("v")}), 1) - 1) || 'e', TRY_CAST(v AS DOUBLE))";
        return $"CASE WHEN NOT {isNumber} OR length(v) > {LongestNumber} THEN false WHEN length(v) <= {AlwaysExact} THEN true ELSE {Digits("v")} = {Digits(written)} END";

        static string Digits(string number) => $"trim(regexp_replace(regexp_replace({number}, '[eE].*$', ''), '[-.]', '', 'g'), '0')";
    }

    /// <summary>Writes the table at <paramref name="path"/> to <paramref name="target"/>.</summary>
    /// <param name="path">The table; see <see cref="TableReader.Read"/> for what it may be.</param>
    /// <param name="fileName">Its original name; null takes the path's.</param>
    /// <param name="target">The CSV file to write.</param>
    /// <param name="options">How to read.</param>
    /// <param name="cancellation">Stops it at once.</param>
    /// <returns>The columns in their order, and the number of rows.</returns>
    /// <exception cref="TableException">The file cannot be read, or the disk is full.</exception>
    public static ExtractedTable Write(string path, string? fileName, string target, ReadOptions options, CancellationToken cancellation)
    {
        using var source = TableSource.Open(path, fileName, options, cancellation);
        var rows = long.Parse(source.Rows(source.Relation.CountQuery, cancellation)[0][0]!, System.Globalization.CultureInfo.InvariantCulture);
        var types = Enumerable.Range(0, source.Names.Count).Chunk(ColumnsAtOnce).SelectMany(columns => TypesOf(source, columns, cancellation)).ToArray();
        var cells = types.Select((type, column) =>
        {
            var cell = type == ExtractedType.Text ? source.Relation.Text(column) : Typed(source, column, type);
            if (types.Length == 1) cell = $"coalesce({cell}, '')"; // In quotes: an empty line would be no row.
            return $"{cell} AS {DuckSession.Identifier(source.Names[column])}";
        });
        source.Execute(
            $"COPY (SELECT {string.Join(", ", cells)} FROM {source.Relation.From}) TO {DuckSession.Literal(target)} (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"')", cancellation);
        return new ExtractedTable([.. types.Select((type, column) => new ExtractedColumn(source.Names[column], type))], rows);
    }

    private static IEnumerable<ExtractedType> TypesOf(TableSource source, int[] columns, CancellationToken cancellation)
    {
        var inner = columns.Select((column, i) => $"{Value(source, column)} AS v{i}");
        var asked = columns.SelectMany((_, i) => Tests
            .Select(test => test.Test.Replace("(v", $"(v{i}", StringComparison.Ordinal).Replace(" v ", $" v{i} ", StringComparison.Ordinal))
            .Select(test => $"CAST(bool_and(v{i} IS NULL OR ({test})) AND count(v{i}) > 0 AS VARCHAR)"));
        var answers = source.Rows($"SELECT {string.Join(", ", asked)} FROM (SELECT {string.Join(", ", inner)} FROM {source.Relation.From})", cancellation)[0];
        return columns.Select((_, i) => Tests
            .Where((_, test) => answers[(i * Tests.Length) + test] == "true")
            .Select(test => test.Type)
            .FirstOrDefault(ExtractedType.Text));
    }

    /// <summary>
    /// A cell of a column with a type, as <see cref="Value"/> with less to compute: what stands for a missing value has no digit, but for
    /// #DIV/0!, and begins as no boolean.
    /// </summary>
    private static string Typed(TableSource source, int column, ExtractedType type)
    {
        var text = source.Relation.Text(column);
        var pattern = type == ExtractedType.Boolean ? "^\\s*[tTfF]" : "^[^#]*[0-9]";
        return $"CASE WHEN regexp_matches({text}, '{pattern}') THEN trim({text}) END";
    }

    /// <summary>A cell without white space around it; nothing where it stands for a missing value.</summary>
    private static string Value(TableSource source, int column) =>
        $"(CASE WHEN regexp_full_match(trim({source.Relation.Text(column)}), '|{NullText.UnknownPattern}|{NullText.Pattern}') THEN NULL ELSE trim({source.Relation.Text(column)}) END)";
}

/// <summary>A table that was written as CSV.</summary>
/// <param name="Columns">Its columns, in their order.</param>
/// <param name="Rows">Its rows, without the header.</param>
public sealed record ExtractedTable(IReadOnlyList<ExtractedColumn> Columns, long Rows);

/// <summary>A column and what all of its values are.</summary>
public sealed record ExtractedColumn(string Name, ExtractedType Type);

/// <summary>What all values of a column are.</summary>
public enum ExtractedType
{
    Text,

    /// <summary>Whole numbers of 64 bits.</summary>
    Integer,

    /// <summary>Numbers that a binary one of 64 bits has with all their digits.</summary>
    Decimal,

    /// <summary><c>true</c> and <c>false</c>, in any case.</summary>
    Boolean,

    /// <summary>Days, <c>2020-02-29</c>.</summary>
    Date,

    /// <summary>Days and times of no zone, to the microsecond.</summary>
    Timestamp,

    /// <summary>Days and times with their offset from UTC, of at most 14 hours.</summary>
    TimestampUtc,
}
