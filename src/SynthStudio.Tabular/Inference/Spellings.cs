namespace SynthStudio.Tabular;

/// <summary>The spelling of columns that are stored as numbers but written otherwise.</summary>
internal static class Spellings
{
    /// <summary>Whether a numeric column is spelled in another way than plain numbers are.</summary>
    public static bool Has(ColumnSchema column) =>
        column.Kind is not (ColumnKind.Integer or ColumnKind.Decimal) || MoneyFormat.Of(column.Format) is not null;

    /// <summary>The spelling of a column of dates, times, durations, ordered categories or amounts with their currency.</summary>
    public static ISpelling Of(ColumnSchema column) => column.Kind switch
    {
        ColumnKind.Integer or ColumnKind.Decimal => MoneyFormat.Of(column.Format)!,
        ColumnKind.Duration => DurationFormats.Of(column),
        ColumnKind.Ordinal => new OrderSpelling(column.Order!),
        _ => MomentFormats.Of(column),
    };
}
