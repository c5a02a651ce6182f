using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// Moments that are written with several offsets from UTC: learned in UTC. Where the offset follows from the moment, as in one zone with summer time, it is put
/// beside it again; else it is learned as a category of its own, together with all other columns.
/// </summary>
/// <param name="moment">The column.</param>
/// <param name="offsets">In minutes, those that enough rows share, the commonest first.</param>
/// <param name="periods">Which of them holds from when on, in order; null where the moment does not tell.</param>
[method: JsonConstructor]
internal sealed class ZonedMoment(ColumnSchema moment, short[] offsets, OffsetPeriod[]? periods) : TableTransform
{
    /// <summary>An offset that fewer rows share is not told, nor does it begin a period.</summary>
    private const int SharedRows = JoinedColumns.SharedRows;

    /// <summary>So much of the rows may have another offset than its period: who writes beside the zone that all others are in.</summary>
    private const double MostAstray = 0.005;

    private const double Hour = 3_600;

    public ColumnSchema Moment { get; } = StoredParts.Column(moment);

    public short[] Offsets { get; } = offsets is { Length: > 0 } ? offsets : throw new JsonException("There are no offsets from UTC.");

    public OffsetPeriod[]? Periods { get; } = periods switch
    {
        null => null,
        [] => throw new JsonException("There are no periods of offsets from UTC."),
        _ => StoredParts.Each(periods),
    };

    private ColumnSchema Companion => new() { Name = NameFor(Moment.Name), Kind = ColumnKind.Categorical, Nullable = Moment.Nullable };

    /// <summary>For each column of moments with an offset of their own.</summary>
    public static IEnumerable<ZonedMoment> Find(Table table) => table.Columns.OfType<NumericColumn>()
        .Where(column => column is { Offsets: not null, Schema.Kind: ColumnKind.DateTime }
            && table.Schema.Columns.All(other => other.Name != NameFor(column.Name)))
        .Select(Fit).OfType<ZonedMoment>();

    [JsonIgnore]
    public override string? LearnedAs => Periods is null ? Companion.Name : null;

    [JsonIgnore]
    public override IReadOnlyList<string> Needs => Periods is null ? [Moment.Name, Companion.Name] : [Moment.Name];

    public override Table Forward(Table table)
    {
        var column = (NumericColumn)table[Moment.Name];
        var columns = table.Columns.Select(other => other == column ? new NumericColumn(column.Schema, column.Values) : other);
        return With(table, Periods is null ? columns.Append(OffsetsOf(column)) : columns);
    }

    public override Table Backward(Table drawn)
    {
        var column = (NumericColumn)drawn[Moment.Name];
        var put = Periods is { } known
            ? Array.ConvertAll(column.Values, value => At(known, value))
            : Read((CodedColumn)drawn[Companion.Name]);
        return With(drawn, drawn.Columns
            .Where(other => other.Name != Companion.Name)
            .Select(other => other == column ? new NumericColumn(column.Schema, column.Values) { Offsets = put } : other));
    }

    /// <summary>Rows of moments in one offset, or in none, count as in that of the commonest.</summary>
    public override (Table Rows, bool[]? Unknown) Read(Table table, bool toFill) => (Has(table, Moment.Name) ? Forward(table) : table, null);

    public override void Translate(AskedConditions asked)
    {
        // What is asked of the moment is asked of it in UTC, as it is learned.
    }

    private static string NameFor(string moment) => $"{moment} ± UTC";

    private static ZonedMoment? Fit(NumericColumn column)
    {
        var rows = Enumerable.Range(0, column.Count).Where(row => !column.IsMissing(row)).ToList();
        short[] known = [.. rows.CountBy(row => column.Offsets![row]).Where(offset => offset.Value >= SharedRows)
            .OrderByDescending(offset => offset.Value).ThenBy(offset => offset.Key).Select(offset => offset.Key)];
        return known.Length == 0 ? null : new ZonedMoment(column.Schema, known, PeriodsOf([.. rows.Select(row => (column.Values[row], column.Offsets![row]))]));
    }

    /// <summary>The periods of one offset each that nearly all rows lie in; null where there are none.</summary>
    private static OffsetPeriod[]? PeriodsOf(List<(double Moment, short Offset)> rows)
    {
        rows.Sort();
        var runs = new List<(int First, int Rows, short Offset)>();
        for (int first = 0, next; first < rows.Count; first = next)
        {
            for (next = first + 1; next < rows.Count && rows[next].Offset == rows[first].Offset;) next++;
            if (next - first >= SharedRows && (runs.Count == 0 || runs[^1].Offset != rows[first].Offset)) runs.Add((first, next - first, rows[first].Offset));
        }

        if (runs.Count == 0) return null;
        OffsetPeriod[] periods = [.. runs.Select((run, i) =>
            new OffsetPeriod(i == 0 ? 0 : Between(rows[run.First - 1].Moment, rows[run.First].Moment), run.Offset))];
        int astray = 0, place = 0;
        foreach (var (moment, offset) in rows)
        {
            while (place + 1 < periods.Length && moment >= periods[place + 1].From) place++;
            astray += periods[place].Offset == offset ? 0 : 1;
        }

        return astray <= MostAstray * rows.Count ? periods : null;
    }

    /// <summary>When a period begins between two rows: at the full hour next to the middle, as zones change, and at neither row's own moment.</summary>
    private static double Between(double before, double after)
    {
        var middle = before + ((after - before) / 2);
        var full = Math.Round(middle / Hour) * Hour;
        return full > before && full < after ? full : middle;
    }

    private static short At(OffsetPeriod[] periods, double moment)
    {
        var place = periods.Length - 1;
        while (place > 0 && moment < periods[place].From) place--; // A missing moment is before none.
        return periods[place].Offset;
    }

    private short[] Read(CodedColumn drawn)
    {
        var offsets = Array.ConvertAll(drawn.Values, text =>
            short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset) && Offsets.Contains(offset)
                ? offset : Offsets[0]);
        return Array.ConvertAll(drawn.Codes, code => code == CodedColumn.Missing ? Offsets[0] : offsets[code]);
    }

    private CodedColumn OffsetsOf(NumericColumn column)
    {
        var codes = new int[column.Count];
        for (var row = 0; row < codes.Length; row++)
            codes[row] = column.IsMissing(row) ? CodedColumn.Missing : Math.Max(Array.IndexOf(Offsets, column.Offsets is { } own ? own[row] : (short)0), 0);
        return new CodedColumn(Companion, codes, [.. Offsets.Select(offset => offset.ToString(CultureInfo.InvariantCulture))]);
    }
}

/// <summary>A time in which moments are written with one offset from UTC.</summary>
/// <param name="From">Where it begins, in seconds since 1970-01-01T00:00:00 UTC; of the first one not looked at.</param>
/// <param name="Offset">In minutes.</param>
internal sealed record OffsetPeriod(double From, short Offset);
