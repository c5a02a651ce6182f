using System.Text.Json;
using System.Text.Json.Serialization;

namespace SynthStudio.Tabular;

/// <summary>The categories of an ordered column, lowest first; a value is stored as its place among them, from 0. In JSON a list of texts.</summary>
[JsonConverter(typeof(AsList))]
public sealed class CategoryOrder(IEnumerable<string> categories) : IEquatable<CategoryOrder>
{
    /// <summary>The categories, distinct, the lowest first.</summary>
    public IReadOnlyList<string> Categories { get; } = [.. categories];

    public bool Equals(CategoryOrder? other) => other is not null && Categories.SequenceEqual(other.Categories);

    public override bool Equals(object? obj) => Equals(obj as CategoryOrder);

    public override int GetHashCode() => Categories.Aggregate(0, (hash, text) => HashCode.Combine(hash, text));

    public override string ToString() => string.Join(" < ", Categories);

    private sealed class AsList : JsonConverter<CategoryOrder>
    {
        public override CategoryOrder Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<string[]>(ref reader) ?? throw new JsonException("An order is a list of texts."));

        public override void Write(Utf8JsonWriter writer, CategoryOrder value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var category in value.Categories)
            {
                writer.WriteStringValue(category);
            }

            writer.WriteEndArray();
        }
    }
}
