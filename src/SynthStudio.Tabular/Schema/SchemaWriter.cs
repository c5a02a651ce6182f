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
        if (schema.Population.Unit is { } unit)
        {
            json.WriteString("unit", unit);
        }

        if (schema.Population.MaxRowsPerUnit is { } most)
        {
            json.WriteNumber("max_rows_per_unit", most);
        }

        if (schema.Population.Rows is { } rows)
        {
            json.WriteNumber("rows", rows);
        }

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
        if (column == new ColumnDeclaration(column.Name, column.Kind))
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

        if (column.Locale is { } locale)
        {
            json.WriteString("locale", locale);
        }

        if (column.Order is { } order)
        {
            WriteTexts(json, "order", order.Categories);
        }

        if (column.MissingMarkers is { } markers)
        {
            WriteTexts(json, "missing_markers", markers.Texts);
        }

        WriteBound(json, column, "min", column.Min);
        WriteBound(json, column, "max", column.Max);
        if (column.Values is { } values)
        {
            WriteTexts(json, "values", values);
        }

        if (column.Bins is { } bins)
        {
            json.WriteNumber("bins", bins);
        }

        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteBound(Utf8JsonWriter json, ColumnDeclaration column, string name, string? text)
    {
        if (text is null)
        {
            return;
        }

        if (column.Kind is DeclaredKind.Numerical or DeclaredKind.Integer or DeclaredKind.Decimal)
        {
            json.WriteNumber(name, NumberText.Read(System.Text.Encoding.UTF8.GetBytes(text)).Value);
        }
        else
        {
            json.WriteString(name, text);
        }
    }
}
