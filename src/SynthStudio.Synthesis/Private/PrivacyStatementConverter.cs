using System.Text.Json;
using System.Text.Json.Serialization;
using SynthStudio.Privacy;
using SynthStudio.Privacy.Events;

namespace SynthStudio.Synthesis.Private;

/// <summary>Statements in snake_case, their events in the form that <c>synth privacy compose</c> reads.</summary>
internal sealed class PrivacyStatementConverter : JsonConverter<PrivacyStatement>
{
    public override PrivacyStatement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        try
        {
            return new PrivacyStatement
            {
                Guaranteed = root.GetProperty("guaranteed").GetBoolean(),
                Epsilon = root.GetProperty("epsilon").GetDouble(),
                Delta = root.GetProperty("delta").GetDouble(),
                Unit = root.GetProperty("unit").GetString()!,
                MaxRowsPerUnit = root.GetProperty("max_rows_per_unit").GetInt32(),
                Neighbouring = root.GetProperty("neighbouring").GetString()!,
                Rows = root.GetProperty("rows").GetInt64(),
                Event = PrivacyEventJson.Parse(root.GetProperty("event").GetRawText()),
                Declared = Texts("declared"),
                Bought = Texts("bought"),
                Outside = Texts("outside"),
            };
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException or PrivacyException)
        {
            throw new JsonException("This is no privacy statement.", error);
        }

        List<string> Texts(string name) => [.. root.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
    }

    public override void Write(Utf8JsonWriter writer, PrivacyStatement value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("guaranteed", value.Guaranteed);
        writer.WriteNumber("epsilon", value.Epsilon);
        writer.WriteNumber("delta", value.Delta);
        writer.WriteString("unit", value.Unit);
        writer.WriteNumber("max_rows_per_unit", value.MaxRowsPerUnit);
        writer.WriteString("neighbouring", value.Neighbouring);
        writer.WriteNumber("rows", value.Rows);
        writer.WritePropertyName("event");
        writer.WriteRawValue(PrivacyEventJson.Write(value.Event));
        Texts("declared", value.Declared);
        Texts("bought", value.Bought);
        Texts("outside", value.Outside);
        writer.WriteEndObject();

        void Texts(string name, IReadOnlyList<string> texts)
        {
            writer.WriteStartArray(name);
            foreach (var text in texts) writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
    }
}
