using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>A column that is the sum of others: not learned, but added up.</summary>
/// <param name="parts">Names of the parts.</param>
/// <param name="total">The sum.</param>
[method: JsonConstructor]
internal sealed class ComputedTotal(string[] parts, ColumnSchema total) : TableTransform
{
    public string[] Parts { get; } = parts;

    public ColumnSchema Total { get; } = total;

    /// <summary>The transform for a table; null when something is missing somewhere, so that not every total follows from its parts.</summary>
    public static ComputedTotal? Fit(SumConstraint sum, Table table) =>
        sum.Columns.Any(name => Array.Exists(((NumericColumn)table[name]).Values, double.IsNaN))
            ? null
            : new ComputedTotal([.. sum.Parts], table[sum.Total].Schema);

    [JsonIgnore]
    public override string LearnedAs => Parts[0];

    public override Table Forward(Table table) => With(table, table.Columns.Where(column => column.Name != Total.Name));

    public override Table Backward(Table drawn)
    {
        var totals = new double[drawn.RowCount];
        foreach (var part in Parts)
        {
            var values = Written((NumericColumn)drawn[part]);
            for (var row = 0; row < totals.Length; row++) totals[row] += values[row];
        }

        return With(drawn, drawn.Columns.Append(new NumericColumn(Total, Written(new NumericColumn(Total, totals)))));
    }

    public override void Translate(Dictionary<string, Condition> given, Dictionary<string, Condition> left)
    {
        if (!given.Remove(Total.Name, out var condition)) return;
        if (condition is ValuesCondition)
        {
            throw new SynthesisException(
                SynthesisError.ImpossibleCondition,
                $"Column '{Total.Name}' is the sum of {string.Join(", ", Parts)}: give values of those instead, or a range.",
                Total.Name);
        }

        left[Total.Name] = condition;
    }
}
