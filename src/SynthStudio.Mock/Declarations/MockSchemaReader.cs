using System.Text.Json;

namespace SynthStudio.Mock;

/// <summary>Mock schemas from JSON.</summary>
internal static class MockSchemaReader
{
    private const int MostColumns = 10_000;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The columns in an order to make them in, and their names in the order of the file.</summary>
    public static (List<MockColumn> Columns, IReadOnlyList<string> Names) Read(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json.TrimStart('\uFEFF'), Lenient);
        }
        catch (JsonException e)
        {
            throw new MockSchemaException($"The mock schema is not valid JSON (line {e.LineNumber + 1}).", e);
        }

        using (document)
        {
            return Read(document.RootElement);
        }
    }

    private static (List<MockColumn> Columns, IReadOnlyList<string> Names) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new MockSchemaException("A mock schema is a JSON object with the property 'columns'.");
        }

        var properties = new JsonProperties(root, "Mock schema");
        var locale = Locale(properties);
        var columnsElement = properties.Required("columns");
        var correlations = properties.Optional("correlations");
        properties.RefuseOthers();
        if (columnsElement.ValueKind != JsonValueKind.Object
            || !columnsElement.EnumerateObject().Any() || columnsElement.EnumerateObject().Count() > MostColumns)
        {
            throw properties.Wrong($"'columns' must be an object of 1 to {MostColumns} columns by name");
        }

        var declared = columnsElement.EnumerateObject().ToList();
        if (declared.GroupBy(c => c.Name).FirstOrDefault(g => g.Count() > 1 || string.IsNullOrWhiteSpace(g.Key)) is { } bad)
        {
            throw properties.Wrong(bad.Key.Trim().Length == 0 ? "a column has no name" : $"the column '{bad.Key}' is there twice");
        }

        var uniforms = CorrelationReader.Read(correlations, declared);
        var factory = new ColumnFactory(locale, uniforms, ColumnFactory.Persons(declared));
        var columns = new List<MockColumn>();
        var formulas = new Dictionary<string, FormulaDraft>(StringComparer.Ordinal);
        foreach (var (index, column) in declared.Index())
        {
            if (column.Value.ValueKind != JsonValueKind.Object)
            {
                throw new MockSchemaException($"Column '{column.Name}' must be an object such as {{\"type\": \"normal\", \"mean\": 0, \"deviation\": 1}}.");
            }

            var read = new JsonProperties(column.Value, $"Column '{column.Name}'");
            if (ColumnFactory.IsFormula(column.Value))
            {
                formulas.Add(column.Name, FormulaDraft.Read(column.Name, read, (ulong)index + 1));
            }
            else
            {
                columns.Add(factory.Create(column.Name, read, (ulong)index + 1));
            }

            read.RefuseOthers();
        }

        List<string> names = [.. declared.Select(c => c.Name)];
        return (FormulaDraft.Resolve(columns, formulas, names), names);
    }

    private static string Locale(JsonProperties properties)
    {
        var locale = properties.Text("locale") ?? "en";
        return FakeValues.Locales.Contains(locale)
            ? locale
            : throw properties.Wrong($"the locale '{locale}' is unknown; known are {string.Join(", ", FakeValues.Locales)}");
    }
}
