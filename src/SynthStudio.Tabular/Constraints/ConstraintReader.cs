using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>The <c>constraints</c> of a schema file: a list of objects, each with <c>rule</c>, what the rule needs, and perhaps a <c>name</c>.</summary>
internal static class ConstraintReader
{
    private const int MostConstraints = 1000;

    private static readonly Dictionary<string, string[]> Properties = new(StringComparer.Ordinal)
    {
        ["range"] = ["column", "min", "max"],
        ["inequality"] = ["low", "high", "strict"],
        ["fixed_combinations"] = ["columns", "allowed"],
        ["unique"] = ["columns"],
        ["not_null"] = ["columns"],
        ["sum"] = ["parts", "total", "tolerance"],
        ["expression"] = ["expression"],
    };

    /// <exception cref="TableException">The element is no list of constraints; the message names the one at fault.</exception>
    public static List<Constraint> Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > MostConstraints)
        {
            throw Invalid($"'constraints' must be a list of at most {MostConstraints} objects such as {{\"rule\": \"range\", \"column\": \"age\", \"min\": 0}}");
        }

        var constraints = new List<Constraint>();
        foreach (var item in element.EnumerateArray())
        {
            var constraint = ReadOne(item, constraints.Count + 1);
            constraints.Add(constraints.Exists(c => c.Name == constraint.Name)
                ? throw Invalid($"two constraints are called '{constraint.Name}'; give one another name")
                : constraint);
        }

        return constraints;
    }

    private static Constraint ReadOne(JsonElement item, int number)
    {
        var where = $"constraint {number}";
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("rule", out var ruleElement) || ruleElement.ValueKind != JsonValueKind.String)
        {
            throw Invalid($"{where} must be an object with the property 'rule': {string.Join(", ", Properties.Keys)}");
        }

        var rule = ruleElement.GetString()!;
        if (!Properties.TryGetValue(rule, out var known))
        {
            throw Invalid($"{where} has the unknown rule '{rule}'; known are {string.Join(", ", Properties.Keys)}");
        }

        foreach (var property in UniqueProperties.Of(item, $"Constraint {number} ({rule})"))
        {
            if (property.Name is not ("rule" or "name") && !known.Contains(property.Name))
            {
                throw Invalid($"{where} ({rule}) has the unknown property '{property.Name}'; known are name, {string.Join(", ", known)}");
            }
        }

        var read = new PropertyReader(item, $"{where} ({rule})");
        var constraint = Build(rule, read);
        return read.OptionalText("name") is { } name ? constraint with { Name = name } : constraint;
    }

    private static Constraint Build(string rule, PropertyReader read)
    {
        switch (rule)
        {
            case "range":
                var (column, least, most) = (read.Text("column"), read.Bound("min"), read.Bound("max"));
                return least is null && most is null
                    ? throw read.Wrong("needs 'min' or 'max' or both")
                    : new RangeConstraint($"{(least is null ? "" : least + " <= ")}{column}{(most is null ? "" : " <= " + most)}", column, least, most);
            case "inequality":
                var (low, high, strict) = (read.Text("low"), read.Text("high"), read.Flag("strict"));
                return low == high
                    ? throw read.Wrong("compares a column with itself")
                    : new InequalityConstraint($"{low} {(strict ? "<" : "<=")} {high}", low, high, strict);
            case "fixed_combinations":
                var combined = read.Texts("columns", 2);
                return new FixedCombinationsConstraint($"combinations of {string.Join(", ", combined)}", combined, read.Combinations("allowed", combined.Count));
            case "unique":
                var key = read.Texts("columns", 1);
                return new UniqueConstraint($"unique {string.Join(", ", key)}", key);
            case "not_null":
                var present = read.Texts("columns", 1);
                return new NotNullConstraint($"{string.Join(", ", present)} not null", present);
            case "sum":
                var (parts, total) = (read.Texts("parts", 1), read.Text("total"));
                return parts.Contains(total)
                    ? throw read.Wrong($"has '{total}' on both sides")
                    : new SumConstraint($"{string.Join(" + ", parts)} = {total}", parts, total, read.Number("tolerance"));
            default:
                var text = read.Text("expression");
                _ = Expression.Parse(text);
                return new ExpressionConstraint(text, text);
        }
    }

    private static TableException Invalid(string why) => new(TableError.InvalidSchema, char.ToUpperInvariant(why[0]) + why[1..] + ".");

    /// <summary>The properties of one constraint.</summary>
    private sealed class PropertyReader(JsonElement item, string where)
    {
        public TableException Wrong(string why) => Invalid($"{where} {why}");

        public string Text(string name) => OptionalText(name) ?? throw Wrong($"needs the text '{name}'");

        public string? OptionalText(string name) => !item.TryGetProperty(name, out var value) ? null
            : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
            : throw Wrong($"has a '{name}' that is no text");

        public string? Bound(string name) => !item.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => throw Wrong($"has a '{name}' that is neither a number nor a moment such as \"2024-12-31\""),
        };

        public bool Flag(string name) => item.TryGetProperty(name, out var value)
            && (value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong($"has a '{name}' that is neither true nor false"));

        public double? Number(string name) => !item.TryGetProperty(name, out var value) ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= 0 ? number
            : throw Wrong($"has a '{name}' that is no number of 0 or more");

        public List<IReadOnlyList<string>>? Combinations(string name, int width)
        {
            if (!item.TryGetProperty(name, out var value)) return null;
            if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 || value.EnumerateArray().Any(row =>
                    row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != width
                    || row.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String)))
            {
                throw Wrong($"needs '{name}' to be a list of lists of {width} texts, in the order of the columns");
            }

            return [.. value.EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetString()!).ToList())];
        }

        public List<string> Texts(string name, int least)
        {
            if (!item.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Array || value.GetArrayLength() < least
                || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String))
            {
                throw Wrong($"needs '{name}', a list of {(least == 1 ? "column names" : $"at least {least} column names")}");
            }

            var texts = value.EnumerateArray().Select(v => v.GetString()!).ToList();
            return texts.Distinct().Count() == texts.Count ? texts : throw Wrong($"names a column twice in '{name}'");
        }
    }
}
