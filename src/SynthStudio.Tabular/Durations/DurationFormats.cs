namespace SynthStudio.Tabular;

/// <summary>The spellings of durations.</summary>
internal static class DurationFormats
{
    private static readonly string[] Iso = ["PTnHnMnS", "PnDTnHnMnS"];

    private static readonly string[] Clocks = ["[h]:mm:ss", "[hh]:mm:ss", "d.hh:mm:ss", "d days hh:mm:ss"];

    /// <summary>Those that are recognised, the likeliest first; a number with a unit is recognised by its unit.</summary>
    public static IReadOnlyList<ISpelling> Recognised { get; } =
        [.. Iso.Concat(Clocks.SelectMany(clock => ((string[])["", ".fff", ".ffffff", ".FFFFFF"]).Select(fraction => clock + fraction))).Select(Parse)];

    /// <summary>Also those that need a declaration, since times of day look the same.</summary>
    public static IReadOnlyList<ISpelling> Declared { get; } = [.. Recognised, .. ((string[])["[h]:mm", "[hh]:mm"]).Select(Parse)];

    /// <summary>The spelling of a column of durations: ISO 8601 when it names none.</summary>
    public static ISpelling Of(ColumnSchema column) => column.Format is { } pattern && TryParse(pattern, out var format) ? format : Recognised[1];

    /// <summary>Understands a pattern of one of the kinds of spelling.</summary>
    public static bool TryParse(string pattern, out ISpelling format)
    {
        format = ClockDuration.TryParse(pattern, out var clock) ? clock
            : UnitDuration.TryParse(pattern, out var unit) ? unit
            : Array.IndexOf(Iso, pattern) is var iso and >= 0 ? new IsoDuration(days: iso == 1)
            : null!;
        return format is not null;
    }

    private static ISpelling Parse(string pattern) =>
        TryParse(pattern, out var format) ? format : throw new InvalidOperationException($"The format {pattern} is not understood.");
}
