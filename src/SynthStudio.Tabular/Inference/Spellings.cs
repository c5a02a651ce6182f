namespace SynthStudio.Tabular;

/// <summary>The spelling of columns that are stored as numbers but written otherwise.</summary>
internal static class Spellings
{
    /// <summary>The spelling of a column of dates, times, durations or ordered categories.</summary>
    public static ISpelling Of(ColumnSchema column) => column.Kind switch
    {
        ColumnKind.Duration => DurationFormats.Of(column),
        ColumnKind.Ordinal => new OrderSpelling(column.Order!),
        _ => MomentFormats.Of(column),
    };
}
