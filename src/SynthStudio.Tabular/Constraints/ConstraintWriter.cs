using System.Globalization;
using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>Constraints as a schema file has them; what <see cref="ConstraintReader"/> reads.</summary>
internal static class ConstraintWriter
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Constraint> constraints)
    {
        json.WriteStartArray("constraints");
        foreach (var constraint in constraints)
        {
            json.WriteStartObject();
            switch (constraint)
            {
                case RangeConstraint range:
                    json.WriteString("rule", "range");
                    json.WriteString("column", range.Column);
                    WriteBound(json, "min", range.Least);
                    WriteBound(json, "max", range.Most);
                    break;
                case InequalityConstraint inequality:
                    json.WriteString("rule", "inequality");
                    json.WriteString("low", inequality.Low);
                    json.WriteString("high", inequality.High);
                    json.WriteBoolean("strict", inequality.Strict);
                    break;
                case SumConstraint sum:
                    json.WriteString("rule", "sum");
                    WriteNames(json, "parts", sum.Parts);
                    json.WriteString("total", sum.Total);
                    if (sum.Tolerance is { } tolerance)
                    {
                        json.WriteNumber("tolerance", tolerance);
                    }

                    break;
                case ExpressionConstraint expression:
                    json.WriteString("rule", "expression");
                    json.WriteString("expression", expression.Expression);
                    break;
                default:
                    json.WriteString("rule", constraint switch
                    {
                        FixedCombinationsConstraint => "fixed_combinations",
                        UniqueConstraint => "unique",
                        _ => "not_null",
                    });
                    WriteNames(json, "columns", constraint.Columns);
                    if (constraint is FixedCombinationsConstraint { Allowed: { } allowed })
                    {
                        WriteCombinations(json, allowed);
                    }

                    break;
            }

            json.WriteString("name", constraint.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IReadOnlyList<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static void WriteCombinations(Utf8JsonWriter json, IReadOnlyList<IReadOnlyList<string>> allowed)
    {
        json.WriteStartArray("allowed");
        foreach (var combination in allowed)
        {
            json.WriteStartArray();
            foreach (var text in combination)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteBound(Utf8JsonWriter json, string property, string? bound)
    {
        if (bound is not null && double.TryParse(bound, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumber(property, number);
        }
        else if (bound is not null)
        {
            json.WriteString(property, bound);
        }
    }
}
