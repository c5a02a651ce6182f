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
        if (schema.Constraints.Count > 0)
        {
            ConstraintWriter.Write(json, schema.Constraints);
        }

        json.WriteEndObject();
    }

    /// <summary><c>FirstName</c> as <c>first_name</c>.</summary>
    public static string SnakeName<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static string LowerName<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static void Write(Utf8JsonWriter json, ColumnDeclaration column)
    {
        if (column is { DecimalPlaces: null, Format: null, Nullable: null, Class: null, Order: null })
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

        if (column.Class is { } about)
        {
            json.WriteString("class", SnakeName(about));
        }

        if (column.Order is { } order)
        {
            json.WriteStartArray("order");
            foreach (var category in order.Categories)
            {
                json.WriteStringValue(category);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
