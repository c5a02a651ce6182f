using System.Text.Json;
using System.Text.Json.Serialization;

namespace SynthStudio.Tabular;

/// <summary>
/// The texts that mean a missing value in one column, in place of the usual ones; a cell without any text always means one. Every other
/// text is a value, so that none at all lets NA be Namibia. In JSON a list of texts.
/// </summary>
/// <param name="texts">As the source spells them, without white space around; their order means nothing.</param>
[JsonConverter(typeof(AsList))]
public sealed class MissingMarkers(IEnumerable<string> texts) : IEquatable<MissingMarkers>
{
    /// <summary>What means a missing value in columns of all kinds that declare nothing else.</summary>
    public static MissingMarkers Usual { get; } = new(NullText.Spellings);

    /// <summary>The texts, distinct.</summary>
    public IReadOnlyList<string> Texts { get; } = [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>All of them but some.</summary>
    public MissingMarkers Except(params IEnumerable<string> values) => new(Texts.Except(values, StringComparer.Ordinal));

    public bool Equals(MissingMarkers? other) => other is not null && Texts.SequenceEqual(other.Texts, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as MissingMarkers);

    public override int GetHashCode() => Texts.Aggregate(0, (hash, text) => HashCode.Combine(hash, text));

    public override string ToString() => string.Join(", ", Texts);

    /// <summary>Those of a declaration: as it says, or the usual ones without the categories it lists; null where these are the usual ones.</summary>
    internal static MissingMarkers? Of(ColumnDeclaration? declared)
    {
        if (declared is null || declared.MissingMarkers is not null || declared.Values is null) return declared?.MissingMarkers;
        var left = Usual.Except(declared.Values);
        return left.Equals(Usual) ? null : left;
    }

    private sealed class AsList : JsonConverter<MissingMarkers>
    {
        public override MissingMarkers Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<string[]>(ref reader) ?? throw new JsonException("Markers of missing values are a list of texts."));

        public override void Write(Utf8JsonWriter writer, MissingMarkers value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var text in value.Texts) writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
    }
}
