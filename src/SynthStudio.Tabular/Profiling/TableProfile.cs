using System.Text.Json;
using System.Text.Json.Serialization;

namespace SynthStudio.Tabular;

/// <summary>
/// What a table holds, column by column. Never shows raw values of free text, of keys, or of columns that look like personal data; it is
/// nevertheless computed from the data without any privacy guarantee.
/// </summary>
public sealed record TableProfile
{
    /// <summary>What the file was found to be.</summary>
    public required SourceFacts Source { get; init; }

    public required long Rows { get; init; }

    /// <summary>Rows that repeat an earlier one cell by cell.</summary>
    public required long DuplicateRows { get; init; }

    /// <summary>All columns of the file, in its order, ignored ones too.</summary>
    public required IReadOnlyList<ColumnProfile> Columns { get; init; }

    /// <summary>Pearson correlations; null when fewer than two columns have numbers.</summary>
    public CorrelationMatrix? Correlations { get; init; }

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The profile as JSON, names in snake_case.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>A profile from <see cref="ToJson"/>.</summary>
    /// <exception cref="JsonException">The text is not one.</exception>
    public static TableProfile FromJson(string json) =>
        JsonSerializer.Deserialize<TableProfile>(json, Json) ?? throw new JsonException("The text is not a profile.");
}
