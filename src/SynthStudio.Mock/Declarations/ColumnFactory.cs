using System.Text.Json;
using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>Columns from their declarations, by type.</summary>
/// <param name="locale">Language of names and places where a column says none.</param>
/// <param name="uniforms">By column, what correlates it.</param>
/// <param name="persons">By column, whose values are invented.</param>
internal sealed class ColumnFactory(string locale, Dictionary<string, IUniformSource> uniforms, IReadOnlyDictionary<string, int> persons)
{
    private static readonly Dictionary<string, ValueClass> Classes =
        Enum.GetValues<ValueClass>().ToDictionary(c => JsonNamingPolicy.SnakeCaseLower.ConvertName(c.ToString()), StringComparer.Ordinal);

    private static readonly string[] Types =
    [
        "sequence", "normal", "lognormal", "uniform", "exponential", "poisson", "integer", "category", "boolean", "date", "datetime", "time", "regex",
        "expression", .. Classes.Keys,
    ];

    public static bool IsFormula(JsonElement column) => column.TryGetProperty("type", out var type) && type.ValueEquals("expression");

    /// <summary>Of the columns that invent something of a person, whose it is, from 0.</summary>
    public static IReadOnlyDictionary<string, int> Persons(IEnumerable<JsonProperty> columns)
    {
        var fakes = new List<(string Name, ValueClass Class)>();
        foreach (var column in columns)
        {
            if (column.Value.ValueKind == JsonValueKind.Object && column.Value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
                && Classes.TryGetValue(type.GetString()!, out var about))
            {
                fakes.Add((column.Name, about));
            }
        }

        return FakePersons.ByName(fakes);
    }

    public MockColumn Create(string name, JsonProperties read, ulong stream)
    {
        var type = read.Text("type") ?? throw read.Wrong($"'type' is needed: {string.Join(", ", Types)}");
        var missing = read.Number("missing", 0, 1) ?? 0;
        var uniform = uniforms.GetValueOrDefault(name) ?? IndependentUniforms.Instance;
        if (Classes.TryGetValue(type, out var about))
        {
            return Fake(name, read, about, missing, stream);
        }

        switch (type)
        {
            case "sequence":
                return Sequence(name, read, stream);
            case "category":
                var (values, weights) = Categories(read);
                return new CategoryColumn(Schema(ColumnKind.Categorical), missing, stream, values, Quantiles.Cumulate(weights), uniform);
            case "boolean":
                var probability = read.Number("probability", 0, 1) ?? 0.5;
                string[] spelled = [read.Text("no") ?? "false", read.Text("yes") ?? "true"];
                return new CategoryColumn(Schema(ColumnKind.Boolean), missing, stream, spelled, [1 - probability, 1], uniform);
            case "regex":
                var pattern = TextPattern.Parse(read.Text("pattern") ?? throw read.Wrong("'pattern' is needed"));
                return new TextColumn(Schema(ColumnKind.Text), missing, stream, (seed, own, row) => pattern.Make(new CellRandom(seed, own, row)));
            case "date" or "datetime" or "time":
                return Moments(name, read, type, missing, stream, uniform);
            default:
                return Numbers(name, read, type, missing, stream, uniform);
        }

        ColumnSchema Schema(ColumnKind kind) => SchemaOf(name, kind, null, null, missing > 0, why => read.Wrong(why));
    }

    /// <summary>A column's schema; a format that does not fit is refused by <paramref name="wrong"/>.</summary>
    public static ColumnSchema SchemaOf(string name, ColumnKind kind, int? decimals, string? format, bool nullable, Func<string, Exception> wrong)
    {
        if (format is not null)
        {
            try
            {
                var json = JsonSerializer.Serialize(new
                {
                    columns = new Dictionary<string, object> { [name] = new { kind = kind.ToString().ToLowerInvariant(), format } },
                });
                SchemaFile.Parse(json);
            }
            catch (TableException e)
            {
                throw wrong(e.Message.TrimEnd('.'));
            }
        }

        return new ColumnSchema
        {
            Name = name,
            Kind = kind,
            DecimalPlaces = kind == ColumnKind.Decimal ? decimals : null,
            Format = format ?? (kind == ColumnKind.Decimal && decimals > 0 ? "0." + new string('0', decimals.Value) : null),
            Nullable = nullable,
        };
    }

    private TextColumn Fake(string name, JsonProperties read, ValueClass about, double missing, ulong stream)
    {
        var own = read.Text("locale") ?? locale;
        if (!FakeValues.Locales.Contains(own))
        {
            throw read.Wrong($"the locale '{own}' is unknown; known are {string.Join(", ", FakeValues.Locales)}");
        }

        var kind = about == ValueClass.Uuid ? ColumnKind.Identifier : ColumnKind.Text;
        var schema = SchemaOf(name, kind, null, null, missing > 0, why => read.Wrong(why)) with { Class = about };
        // UUIDs of two columns are different; what belongs to a person is of one person in all columns that tell of the same.
        var person = persons[name];
        return new TextColumn(schema, missing, stream, about == ValueClass.Uuid
            ? (seed, mine, row) => FakeNumbers.Text(about, new CellRandom(seed, mine, row))
            : (seed, _, row) => new FakeValues(own, seed, person: person).Text(about, row));
    }

    private static SequenceColumn Sequence(string name, JsonProperties read, ulong stream)
    {
        const long Limit = 1L << 50;
        var (start, step) = (read.Whole("start", -Limit, Limit) ?? 1, read.Whole("step", -1_000_000, 1_000_000) ?? 1);
        return step == 0
            ? throw read.Wrong("'step' must not be 0")
            : new SequenceColumn(SchemaOf(name, ColumnKind.Integer, null, null, false, why => read.Wrong(why)), stream, start, step);
    }

    private static (string[] Values, double[] Weights) Categories(JsonProperties read)
    {
        var element = read.Required("values");
        switch (element.ValueKind)
        {
            case JsonValueKind.Array when element.GetArrayLength() > 0:
                return ([.. element.EnumerateArray().Select(v => v.ToString())], [.. element.EnumerateArray().Select(_ => 1.0)]);
            case JsonValueKind.Object when element.EnumerateObject().Any():
                if (element.EnumerateObject().GroupBy(p => p.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
                {
                    throw read.Wrong($"the value '{twice.Key}' is there twice");
                }

                var weights = element.EnumerateObject()
                    .Select(p => p.Value.ValueKind == JsonValueKind.Number && p.Value.GetDouble() is >= 0 and < 1e15 and var w
                        ? w : throw read.Wrong($"the weight of '{p.Name}' must be a number of 0 or more"))
                    .ToArray();
                return weights.Sum() > 0
                    ? ([.. element.EnumerateObject().Select(p => p.Name)], weights)
                    : throw read.Wrong("some weight must be above 0");
            default:
                throw read.Wrong("'values' must be a list of values, or an object of weights by value");
        }
    }

    private static DistributionColumn Moments(string name, JsonProperties read, string type, double missing, ulong stream, IUniformSource uniform)
    {
        var kind = type switch { "date" => ColumnKind.Date, "time" => ColumnKind.Time, _ => ColumnKind.DateTime };
        var schema = SchemaOf(name, kind, null, read.Text("format"), missing > 0, why => read.Wrong(why));
        var iso = schema with { Format = null };
        var least = Moment("min", kind == ColumnKind.Time ? "00:00:00" : null);
        var most = Moment("max", kind == ColumnKind.Time ? "23:59:59" : null);
        var grid = kind == ColumnKind.Date ? 86400.0 : 1;
        return least <= most
            ? new DistributionColumn(schema, missing, stream, u => least + (Math.Floor(u * (((most - least) / grid) + 1)) * grid), least, most, 0, uniform)
            : throw read.Wrong("'min' is after 'max'");

        double Moment(string property, string? otherwise)
        {
            var text = read.Text(property) ?? otherwise ?? throw read.Wrong($"'{property}' is needed, for example \"2024-12-31\"");
            return CellText.TryReadNumber(iso, text, out var seconds)
                ? kind == ColumnKind.Date ? Math.Floor(seconds / 86400) * 86400 : seconds
                : throw read.Wrong($"'{property}' is '{text}', no {type} in ISO 8601");
        }
    }

    private static DistributionColumn Numbers(string name, JsonProperties read, string type, double missing, ulong stream, IUniformSource uniform)
    {
        double? least = read.Number("min"), most = read.Number("max");
        if (least > most)
        {
            throw read.Wrong("'min' is more than 'max'");
        }

        var whole = type is "integer" or "poisson";
        var decimals = whole ? 0 : (int?)read.Whole("decimals", 0, 15);
        Func<double, double> quantile;
        switch (type)
        {
            case "normal":
                var (mean, deviation) = (read.Number("mean") ?? 0, read.Number("deviation", 0) ?? 1);
                quantile = u => mean + (deviation * NormalQuantile.At(u));
                break;
            case "lognormal":
                var (logMean, logDeviation) = (read.Number("mean", -50, 50) ?? 0, read.Number("deviation", 0, 20) ?? 1);
                quantile = u => Math.Exp(logMean + (logDeviation * NormalQuantile.At(u)));
                break;
            case "uniform":
                var (low, high) = (least ?? 0, most ?? 1);
                quantile = low <= high ? u => low + (u * (high - low)) : throw read.Wrong("'min' is more than 'max'");
                break;
            case "exponential":
                var scale = read.Number("mean", 1e-300) ?? 1;
                quantile = u => -scale * Math.Log(1 - u);
                break;
            case "poisson":
                quantile = Quantiles.Poisson(read.Number("mean", 1e-9, 1e12) ?? throw read.Wrong("'mean' is needed"));
                break;
            case "integer":
                var (from, to) = (Math.Ceiling(least ?? throw read.Wrong("'min' is needed")), Math.Floor(most ?? throw read.Wrong("'max' is needed")));
                quantile = from <= to ? u => from + Math.Floor(u * (to - from + 1)) : throw read.Wrong("no whole number lies between 'min' and 'max'");
                break;
            default:
                throw read.Wrong($"the type '{type}' is unknown; known are {string.Join(", ", Types)}");
        }

        if (type is not ("uniform" or "integer"))
        {
            quantile = Quantiles.Between(quantile, least, most) ?? throw read.Wrong("next to none of its values lie between 'min' and 'max'");
        }

        (least, most) = (Written(least, Math.Ceiling), Written(most, Math.Floor));
        var kind = decimals == 0 ? ColumnKind.Integer : ColumnKind.Decimal;
        var schema = SchemaOf(name, kind, decimals, read.Text("format"), missing > 0, why => read.Wrong(why));
        return least > most
            ? throw read.Wrong("no number of so many decimals lies between 'min' and 'max'")
            : new DistributionColumn(schema, missing, stream, quantile, least ?? double.MinValue, most ?? double.MaxValue, decimals == 0 ? 1 : 0, uniform);

        // The next bound that can be written: 0.005 is 0.01 in two decimals. What is missing to one but for the last digits of a double is one.
        double? Written(double? bound, Func<double, double> whole) =>
            bound is { } value && decimals is { } places ? whole(Math.Round(value * Math.Pow(10, places), 6)) / Math.Pow(10, places) : bound;
    }
}
