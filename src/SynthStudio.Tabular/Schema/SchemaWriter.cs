using System.Text.Encodings.Web;
using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>Schema files as JSON.</summary>
internal static class SchemaWriter
{
    public static readonly JsonWriterOptions JsonOptions = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, SchemaFile schema)
    {
        json.WriteStartObject();
        json.WriteString("target", schema.Target);
        json.WriteString("task", schema.Task is { } task ? LowerName(task) : null);
        json.WriteStartObject("columns");
        foreach (var column in schema.Columns)
        {
            Write(json, column);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static string LowerName<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static void Write(Utf8JsonWriter json, ColumnDeclaration column)
    {
        if (column is { DecimalPlaces: null, Format: null, Nullable: null })
        {
            json.WriteString(column.Name, LowerName(column.Kind));
            return;
        }

        json.WriteStartObject(column.Name);
        json.WriteString("kind", LowerName(column.Kind));
        if (column.DecimalPlaces is { } places)
        {
            json.WriteNumber("decimal_places", places);
        }

        if (column.Format is { } format)
        {
            json.WriteString("format", format);
        }

        if (column.Nullable is { } nullable)
        {
            json.WriteBoolean("nullable", nullable);
        }

        json.WriteEndObject();
    }
}
