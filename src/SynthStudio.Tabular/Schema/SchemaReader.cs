using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>Schema files from JSON. Strict: an unknown property is more likely a typing error than a wish.</summary>
internal static class SchemaReader
{
    private const int MaximumColumns = 100_000;
    private const int MostMarkers = 100;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static SchemaFile Parse(string text, string? table)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text.TrimStart('\uFEFF'), Lenient);
        }
        catch (JsonException e)
        {
            throw Invalid($"The schema is not valid JSON (line {e.LineNumber + 1}).", inner: e);
        }

        using (document)
        {
            return ReadTable(SelectTable(document.RootElement, table));
        }
    }

    private static JsonElement SelectTable(JsonElement root, string? table)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("A schema is a JSON object with the property 'columns'.");
        }

        if (!root.TryGetProperty("tables", out var tables))
        {
            return root;
        }

        _ = UniqueProperties.Of(root, "The schema");

        if (tables.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("'tables' must be an object of schemas by table name.");
        }

        var names = string.Join(", ", UniqueProperties.Of(tables, "'tables'").Select(t => t.Name));
        if (table is null)
        {
            throw Invalid($"The schema describes several tables; choose one of them (--table): {names}.");
        }

        return tables.TryGetProperty(table, out var chosen)
            ? chosen
            : throw Invalid($"The schema has no table '{table}'; it has: {names}.");
    }

    private static SchemaFile ReadTable(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("A schema is a JSON object with the property 'columns'.");
        }

        string? target = null;
        LearningTask? task = null;
        List<ColumnDeclaration>? columns = null;
        List<Constraint> constraints = [];
        var population = Population.Undeclared;
        foreach (var property in UniqueProperties.Of(root, "The schema"))
        {
            switch (property.Name)
            {
                case "target":
                    target = Text(property.Value, "target");
                    break;
                case "task":
                    task = ReadTask(Text(property.Value, "task"));
                    break;
                case "columns":
                    columns = ReadColumns(property.Value);
                    break;
                case "constraints":
                    constraints = ConstraintReader.Read(property.Value);
                    break;
                default:
                    population = DomainReader.Read(population, property) ?? throw Invalid(
                        $"The schema has an unknown property '{property.Name}'; known are target, task, columns, constraints, unit, max_rows_per_unit and rows.");
                    break;
            }
        }

        if (columns is null)
        {
            throw Invalid("The schema has no 'columns'.");
        }

        if (target is not null && columns.Find(c => c.Name == target) is not { Kind: not DeclaredKind.Ignored })
        {
            throw Invalid($"The target '{target}' is not among the schema's columns, or is ignored there.", target);
        }

        return new SchemaFile
        {
            Columns = columns, Target = target, Task = target is null ? null : task, Constraints = constraints, Population = population,
        };
    }

    private static List<ColumnDeclaration> ReadColumns(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("'columns' must be an object of kinds by column name.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var columns = new List<ColumnDeclaration>();
        foreach (var property in element.EnumerateObject())
        {
            if (string.IsNullOrWhiteSpace(property.Name))
            {
                throw new TableException(TableError.EmptyColumnName, "The schema has a column without a name.");
            }

            if (!names.Add(property.Name))
            {
                throw new TableException(TableError.DuplicateColumn, $"The schema names column '{property.Name}' twice.", property.Name);
            }

            columns.Add(ReadColumn(property.Name, property.Value));
        }

        return columns.Count switch
        {
            0 => throw Invalid("The schema has no columns."),
            > MaximumColumns => throw new TableException(TableError.TooManyColumns, $"A schema may name at most {MaximumColumns} columns."),
            _ => columns,
        };
    }

    private static ColumnDeclaration ReadColumn(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return new ColumnDeclaration(name, ReadKind(name, value.GetString()));
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Invalid($"Column '{name}' must be a kind, or an object with the property 'kind'.", name);
        }

        DeclaredKind? kind = null;
        var column = new ColumnDeclaration(name, default);
        foreach (var property in UniqueProperties.Of(value, $"Column '{name}'", name))
        {
            switch (property.Name)
            {
                case "kind":
                    kind = ReadKind(name, Text(property.Value, "kind", name));
                    break;
                case "decimal_places":
                    column = column with { DecimalPlaces = ReadPlaces(name, property.Value) };
                    break;
                case "format":
                    column = column with { Format = Text(property.Value, "format", name) };
                    break;
                case "nullable" when property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    column = column with { Nullable = property.Value.GetBoolean() };
                    break;
                case "nullable":
                    throw Invalid($"Column '{name}': 'nullable' must be true or false.", name);
                case "class":
                    column = column with { Class = ReadClass(name, Text(property.Value, "class", name)) };
                    break;
                case "locale":
                    column = column with { Locale = Text(property.Value, "locale", name) };
                    break;
                case "order":
                    column = column with { Order = ReadOrder(name, property.Value) };
                    break;
                case "missing_markers":
                    column = column with { MissingMarkers = ReadMarkers(name, property.Value) };
                    break;
                default:
                    column = DomainReader.Read(column, property) ?? throw Invalid(
                        $"Column '{name}' has an unknown property '{property.Name}'; known are kind, decimal_places, format, nullable, class, locale, order, missing_markers, min, max, values and bins.",
                        name);
                    break;
            }
        }

        column = column with { Kind = kind ?? throw Invalid($"Column '{name}' has no 'kind'.", name) };
        RefuseContradictions(column);
        return column;
    }

    private static void RefuseContradictions(ColumnDeclaration column)
    {
        if (column.DecimalPlaces > 0 && column.Kind is not (DeclaredKind.Decimal or DeclaredKind.Numerical))
        {
            throw Invalid($"Column '{column.Name}': 'decimal_places' belongs to kind decimal or numerical.", column.Name);
        }

        if (column.Class is not null && column.Kind is not (DeclaredKind.Text or DeclaredKind.Identifier))
        {
            throw Invalid($"Column '{column.Name}': 'class' belongs to kind text or identifier.", column.Name);
        }

        if (column.Locale is not null && column.Class is null or ValueClass.Phone)
        {
            throw Invalid($"Column '{column.Name}': 'locale' belongs to columns with a 'class' whose values are invented, such as full_name, address or company.", column.Name);
        }

        if (column.Order is not null && column.Kind != DeclaredKind.Categorical)
        {
            throw Invalid($"Column '{column.Name}': 'order' belongs to kind categorical.", column.Name);
        }

        if (column.MissingMarkers is { } markers
            && (column.Values ?? column.Order?.Categories ?? []).FirstOrDefault(text => markers.Texts.Contains(text)) is { } both)
        {
            throw Invalid($"Column '{column.Name}': '{both}' cannot be a category and one of its 'missing_markers'.", column.Name);
        }

        DomainReader.RefuseContradictions(column);
        if (column.Format is not { } format)
        {
            return;
        }

        var usable = column.Kind switch
        {
            DeclaredKind.Numerical or DeclaredKind.Integer or DeclaredKind.Decimal =>
                NumberFormat.TryParse(format, out _) || MoneyFormat.TryParse(format, out _),
            DeclaredKind.DateTime or DeclaredKind.Date or DeclaredKind.Time =>
                MomentFormat.TryParse(format, out var moment) && Fits(moment, column.Kind),
            DeclaredKind.Duration => DurationFormats.TryParse(format, out _),
            _ => false,
        };
        if (!usable)
        {
            throw Invalid(
                $"Column '{column.Name}': the format '{format}' does not fit its kind; examples: yyyy-MM-dd HH:mm:ss, dd.MM.yyyy, HH:mm, 0.00, $#,##0.00, [h]:mm:ss.",
                column.Name);
        }
    }

    private static bool Fits(MomentFormat moment, DeclaredKind kind) => kind switch
    {
        DeclaredKind.Date => moment.Kind == ColumnKind.Date,
        DeclaredKind.Time => moment.Kind == ColumnKind.Time,
        _ => moment.Kind != ColumnKind.Time,
    };

    private static DeclaredKind ReadKind(string column, string? text) =>
        Enum.GetValues<DeclaredKind>().Cast<DeclaredKind?>().FirstOrDefault(k => SchemaWriter.LowerName(k!.Value) == text)
        ?? throw Invalid(
            $"Column '{column}' has the unknown kind '{text}'; known are {string.Join(", ", Enum.GetValues<DeclaredKind>().Select(SchemaWriter.LowerName))}.",
            column);

    private static ValueClass? ReadClass(string column, string? text) => text is null
        ? null
        : Enum.GetValues<ValueClass>().Cast<ValueClass?>().FirstOrDefault(c => SchemaWriter.SnakeName(c!.Value) == text)
        ?? throw Invalid(
            $"Column '{column}' has the unknown class '{text}'; known are {string.Join(", ", Enum.GetValues<ValueClass>().Select(SchemaWriter.SnakeName))}.",
            column);

    private static CategoryOrder ReadOrder(string column, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw Invalid($"Column '{column}': 'order' must be a list of texts, the lowest first.", column);
        }

        var categories = value.EnumerateArray().Select(item => item.GetString()!.Trim()).ToList();
        return categories.Count < 2 || categories.Distinct(StringComparer.Ordinal).Count() < categories.Count || categories.Contains("")
            ? throw Invalid($"Column '{column}': 'order' must name two categories or more, each once.", column)
            : new CategoryOrder(categories);
    }

    private static MissingMarkers ReadMarkers(string column, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostMarkers
            || value.EnumerateArray().Any(item => item.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)))
        {
            throw Invalid($"Column '{column}': 'missing_markers' must be a list of at most {MostMarkers} texts, as the source spells them; an empty one makes every text a value.", column);
        }

        return new MissingMarkers(value.EnumerateArray().Select(item => item.ToString().Trim()).Where(text => text.Length > 0));
    }

    private static LearningTask? ReadTask(string? text) => text switch
    {
        null => null,
        "binary" => LearningTask.Binary,
        "multiclass" => LearningTask.Multiclass,
        "regression" => LearningTask.Regression,
        _ => throw Invalid($"The task '{text}' is unknown; known are binary, multiclass and regression."),
    };

    private static int? ReadPlaces(string column, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetInt32(out var places) && places is >= 0 and <= NumberText.MaximumPlaces => places,
        _ => throw Invalid($"Column '{column}': 'decimal_places' must be a whole number from 0 to {NumberText.MaximumPlaces}.", column),
    };

    private static string? Text(JsonElement value, string property, string? column = null) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => throw Invalid($"{(column is null ? "" : $"Column '{column}': ")}'{property}' must be a text or null.", column),
    };

    private static TableException Invalid(string message, string? column = null, Exception? inner = null) =>
        new(TableError.InvalidSchema, message, column, inner: inner);
}
