namespace SynthStudio.Tabular;

/// <summary>The formats dates and times are recognised in, the likeliest first: of several that fit a whole column the first is taken.</summary>
internal static class MomentFormats
{
    private static readonly string[] Dates =
    [
        "yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yyyy", "d.M.yyyy", "MM/dd/yyyy", "dd/MM/yyyy", "M/d/yyyy", "d/M/yyyy",
        "dd-MM-yyyy", "MM-dd-yyyy", "dd-MMM-yyyy", "d-MMM-yyyy", "dd MMM yyyy", "d MMM yyyy", "d MMMM yyyy", "MMM d, yyyy", "MMMM d, yyyy",
        "M/d/yy", "d/M/yy", "dd.MM.yy", "dd-MMM-yy", "yyyy-M-d",
    ];

    private static readonly string[] Times =
    [
        "HH:mm:ss", "HH:mm", "HH:mm:ss.fff", "HH:mm:ss.ffffff", "HH:mm:ss.FFFFFFF", "H:mm:ss", "H:mm", "h:mm:ss tt", "h:mm tt", "hh:mm:sstt",
        "h:mmtt",
    ];

    private static readonly string[] Zones = ["", "zzz", " zzz", "zz", "K"];

    private static readonly string[] Compact = ["yyyyMMdd", "yyyyMMddHHmmss", "yyyyMMddTHHmmss", "yyyy-MM", "yyyy"];

    /// <summary>Formats that no number or word is likely to fit by chance.</summary>
    public static IReadOnlyList<MomentFormat> Recognised { get; } = Parse(
        Dates.Concat(Dates.SelectMany(d => new[] { " ", "T", ", " }.SelectMany(s => Times.SelectMany(t => Zones.Select(z => d + s + t + z)))))
            .Concat(Times));

    /// <summary>Also those that need a declaration, because numbers look the same.</summary>
    public static IReadOnlyList<MomentFormat> Declared { get; } = [.. Recognised, .. Parse(Compact)];

    /// <summary>The format of a column of dates or times.</summary>
    public static MomentFormat Of(ColumnSchema column) =>
        column.Format is { } pattern && MomentFormat.TryParse(pattern, out var format) ? format : Default(column.Kind);

    /// <summary>What is written when a column names no format: ISO 8601.</summary>
    private static MomentFormat Default(ColumnKind kind) => kind switch
    {
        ColumnKind.Date => IsoDate,
        ColumnKind.Time => IsoTime,
        _ => IsoDateTime,
    };

    private static MomentFormat IsoDate { get; } = Parse(["yyyy-MM-dd"])[0];

    private static MomentFormat IsoTime { get; } = Parse(["HH:mm:ss.FFFFFFF"])[0];

    private static MomentFormat IsoDateTime { get; } = Parse(["yyyy-MM-ddTHH:mm:ss.FFFFFFF"])[0];

    private static List<MomentFormat> Parse(IEnumerable<string> patterns) =>
        [.. patterns.Select(p => MomentFormat.TryParse(p, out var format) ? format : throw new InvalidOperationException($"The format {p} is not understood."))];
}
