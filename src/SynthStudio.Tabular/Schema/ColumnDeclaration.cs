namespace SynthStudio.Tabular;

/// <summary>What a schema file says of one column. Whatever it leaves open is learned from the data.</summary>
/// <param name="Name">The column's name in the source.</param>
/// <param name="Kind">What its values mean.</param>
/// <param name="DecimalPlaces">Digits after the decimal point, 0 to 15; null learns them.</param>
/// <param name="Format">How values are written, as in <see cref="ColumnSchema.Format"/>; null learns it.</param>
/// <param name="Nullable">Whether missing values are allowed; null learns it.</param>
/// <param name="Class">What texts are about; null learns it.</param>
/// <param name="Order">All categories of a categorical column, the lowest first; null when they have no order.</param>
/// <param name="Min">The least value of a number, date, time or duration, in the source's spelling; null declares none.</param>
/// <param name="Max">The greatest value, likewise.</param>
/// <param name="Values">The categories, or the two values of a boolean, in the source's spelling; null declares none.</param>
/// <param name="Bins">Ranges that a private method cuts a number, date, time or duration into, 2 to 10000; null leaves it to the method.</param>
/// <param name="MissingMarkers">Which texts mean a missing value; null for the usual ones without the categories listed.</param>
/// <param name="Locale">As <see cref="ColumnSchema.Locale"/>, of columns with a class.</param>
public sealed record ColumnDeclaration(
    string Name,
    DeclaredKind Kind,
    int? DecimalPlaces = null,
    string? Format = null,
    bool? Nullable = null,
    ValueClass? Class = null,
    CategoryOrder? Order = null,
    string? Min = null,
    string? Max = null,
    IReadOnlyList<string>? Values = null,
    int? Bins = null,
    MissingMarkers? MissingMarkers = null,
    string? Locale = null)
{
    /// <summary>The declaration that says what <paramref name="column"/> says, and its domain where there is one.</summary>
    public static ColumnDeclaration From(ColumnSchema column, ColumnDomain? domain = null) =>
        new(column.Name, KindOf(column.Kind), column.DecimalPlaces, column.Format, column.Nullable, column.Class, column.Order)
        {
            // An order says by itself how far it reaches.
            Min = column.Order is null ? domain?.Text(domain.Min) : null,
            Max = column.Order is null ? domain?.Text(domain.Max) : null,
            Values = domain?.Values,
            Bins = domain?.Bins,
            MissingMarkers = column.MissingMarkers,
            Locale = column.Locale,
        };

    /// <summary>The word for a kind in a schema file.</summary>
    public static DeclaredKind KindOf(ColumnKind kind) =>
        kind == ColumnKind.Ordinal ? DeclaredKind.Categorical : Enum.Parse<DeclaredKind>(kind.ToString());
}
