using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>How far some columns together tell rows apart: figures of k-anonymity (L. Sweeney, 2002), over all rows, exact.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Groups">Groups of rows that agree in all of them; missing is a value.</param>
/// <param name="UniqueRows">Rows that are alone in their group.</param>
/// <param name="SmallestGroup">The k of the table with respect to these columns.</param>
/// <param name="RowsBelowFive">Rows in groups of fewer than five.</param>
/// <param name="UniqueShare"><paramref name="UniqueRows"/> of all rows.</param>
/// <param name="ShareBelowFive"><paramref name="RowsBelowFive"/> of all rows.</param>
public sealed record IdentifyingSet(
    IReadOnlyList<string> Columns, long Groups, long UniqueRows, long SmallestGroup, long RowsBelowFive, double UniqueShare, double ShareBelowFive);

/// <summary>The sets of columns of a table that tell its rows apart best.</summary>
public sealed record IdentifyingSets
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required long Rows { get; init; }

    /// <summary>The columns that were looked at, in the table's order.</summary>
    public required IReadOnlyList<string> Examined { get; init; }

    /// <summary>Columns that were left out: keys, columns of one value, and those beyond the bound of work, the ones of fewest values.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Sets that were counted.</summary>
    public required int Counted { get; init; }

    /// <summary>The most telling ones of each size, by unique rows and then by rows in groups below five; small sets first.</summary>
    public required IReadOnlyList<IdentifyingSet> Sets { get; init; }

    /// <summary>As JSON, names in snake_case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
