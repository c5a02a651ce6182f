using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>
/// A column that is the sum of others: added up where all of them are there. Where something is missing somewhere in training, a model learns what
/// is left of the total without the parts that are there: 0 in complete rows, the sum of the missing parts in others, missing with the total.
/// </summary>
/// <param name="parts">Names of the parts.</param>
/// <param name="total">The sum.</param>
/// <param name="rest">Stands for what is left of the total; null when no part and no total was missing in training, and in packages older than it.</param>
[method: JsonConstructor]
internal sealed class ComputedTotal(string[] parts, ColumnSchema total, ColumnSchema? rest = null) : TableTransform
{
    public string[] Parts { get; } = StoredParts.Each(parts);

    public ColumnSchema Total { get; } = StoredParts.Column(total);

    public ColumnSchema? Rest { get; } = rest is null ? null : StoredParts.Column(rest);

    /// <summary>The transform for a table.</summary>
    public static ComputedTotal Fit(SumConstraint sum, Table table)
    {
        var total = table[sum.Total].Schema;
        var complete = sum.Columns.All(name => !Array.Exists(((NumericColumn)table[name]).Values, double.IsNaN));
        return new ComputedTotal([.. sum.Parts], total, complete ? null : total with { Name = string.Join(" - ", [sum.Total, .. sum.Parts]), Nullable = true });
    }

    [JsonIgnore]
    public override string? LearnedAs => Rest?.Name;

    [JsonIgnore]
    public override IReadOnlyList<string> Needs => Rest is null ? Parts : [.. Parts, Rest.Name];

    public override string NameOf(string column) => column != Total.Name ? column : throw InAnotherForm(column, $"as the sum of {string.Join(", ", Parts)}");

    public override Table Forward(Table table)
    {
        var kept = table.Columns.Where(column => column.Name != Total.Name);
        if (Rest is null) return With(table, kept);
        var (sums, complete) = AddUp(table, part => ((NumericColumn)table[part]).Values);
        var totals = ((NumericColumn)table[Total.Name]).Values;
        var left = new double[sums.Length];
        for (var row = 0; row < left.Length; row++) left[row] = double.IsNaN(totals[row]) ? double.NaN : complete[row] ? 0 : totals[row] - sums[row];
        var rest = new NumericColumn(Rest, left);
        return With(table, kept.Append(new NumericColumn(Rest, Written(rest))));
    }

    public override Table Backward(Table drawn)
    {
        var (totals, complete) = AddUp(drawn, part => Written((NumericColumn)drawn[part]));
        var left = Rest is null ? null : ((NumericColumn)drawn[Rest.Name]).Values;
        for (var row = 0; row < totals.Length; row++)
        {
            if (left is null) totals[row] = complete[row] ? totals[row] : double.NaN;
            else if (double.IsNaN(left[row])) totals[row] = double.NaN;
            else if (!complete[row]) totals[row] += left[row];
        }

        var total = new NumericColumn(Total, totals);
        return With(drawn, drawn.Columns.Where(column => column.Name != Rest?.Name).Append(new NumericColumn(Total, Written(total))));
    }

    /// <summary>Where all cells will be filled nothing is left of the total.</summary>
    public override (Table Rows, bool[]? Unknown) Read(Table table, bool toFill)
    {
        var rows = Without(table, Total.Name);
        if (Rest is null) return (rows, null);
        if (toFill) return (With(rows, rows.Columns.Append(new NumericColumn(Rest, new double[table.RowCount]))), null);
        return (Has(table, [.. Parts, Total.Name]) ? Forward(table) : rows, null);
    }

    /// <summary>A total of known parts, and the only missing part of a known total.</summary>
    public override Table Deduce(Table table)
    {
        if (!Has(table, [.. Parts, Total.Name])) return table;
        var (sums, _) = AddUp(table, part => Numbers(table, part));
        var totals = Numbers(table, Total.Name);
        var lacking = Lacking(table);
        table = Replace(table, Total.Name, row => double.IsNaN(totals[row]) && lacking[row] == 0 ? sums[row] : null);
        foreach (var part in Parts)
        {
            var values = Numbers(table, part);
            table = Replace(table, part, row => double.IsNaN(values[row]) && lacking[row] == 1 && !double.IsNaN(totals[row]) ? totals[row] - sums[row] : null);
        }

        return table;
    }

    public override Func<int, double> Gap(Table observed, Table drawn)
    {
        if (!Has(observed, [.. Parts, Total.Name]) || !Has(drawn, [.. Parts, Total.Name])) return _ => 0;
        var (totals, lacking) = (Numbers(observed, Total.Name), Lacking(observed));
        var distance = Distance(totals, Numbers(drawn, Total.Name));
        return row => lacking[row] > 0 && !double.IsNaN(totals[row]) ? distance(row) : 0;
    }

    /// <summary>Missing parts of a known total share what is left of it as they were drawn.</summary>
    public override Table Settle(Table known, Table drawn)
    {
        if (!Has(known, [.. Parts, Total.Name]) || !Has(drawn, Parts)) return known;
        var (totals, lacking) = (Numbers(known, Total.Name), Lacking(known));
        var left = AddUp(known, part => Numbers(known, part)).Sums.Select((sum, row) => totals[row] - sum).ToArray();
        var share = Enumerable.Range(0, left.Length).Select(row =>
            left[row] / Parts.Sum(part => double.IsNaN(Numbers(known, part)[row]) ? Numbers(drawn, part)[row] : 0)).ToArray();
        foreach (var part in Parts)
        {
            var (schema, values, proposed) = (known[part].Schema, Numbers(known, part), Numbers(drawn, part));
            known = Replace(known, part, row =>
            {
                if (!double.IsNaN(values[row]) || !double.IsFinite(share[row])) return null;
                var value = --lacking[row] == 0 ? left[row] : Written(schema, proposed[row] * share[row]);
                left[row] -= value;
                return value;
            });
        }

        return known;
    }

    public override Table Follow(Table observed, Table filled, Table drawn)
    {
        if (!Has(filled, [.. Parts, Total.Name])) return filled;
        var (sums, complete) = AddUp(filled, part => Numbers(filled, part));
        var totals = Numbers(observed, Total.Name);
        return Replace(filled, Total.Name, row => double.IsNaN(totals[row]) && complete[row] ? sums[row] : null);
    }

    /// <summary>
    /// Where all parts but one are given as one number each, and that one is there, what is asked of the total is asked of it; where all are, they
    /// tell whether the total can be had. Else the rows are checked.
    /// </summary>
    public override void Translate(AskedConditions asked)
    {
        if (asked.Take(Total.Name) is not { } condition) return;
        if (condition is NotMissingCondition or ValuesCondition { Values: [null] } && Rest is not null)
        {
            asked.Add(Rest, condition);
            return;
        }

        if (condition is NotMissingCondition) return; // It never is.
        if (condition is ValuesCondition { Values: [null] })
            throw new SynthesisException(SynthesisError.ImpossibleCondition, $"Column '{Total.Name}' has no missing values in the training table.", Total.Name);
        asked.Check(Total.Name, condition);
        var open = Parts.Where(part => asked.NumberOf(part) is null).ToList();
        var sum = Parts.Sum(part => asked.NumberOf(part) ?? 0);
        var mayLack = condition is ValuesCondition { Values: var values } && values.Contains(null);
        if (open.Count == 0 && !mayLack && !ConditionNumbers.Meets(Total, condition)(Written(Total, sum)))
        {
            throw new SynthesisException(
                SynthesisError.ImpossibleCondition, $"Column '{Total.Name}' is the sum of {string.Join(", ", Parts)}, and those given have another.", Total.Name);
        }

        if (Rest is not null && !mayLack) asked.Imply(Rest, Condition.NotMissing());
        if (open.Count != 1 || mayLack) return;
        var part = asked.SchemaOf(open[0]);
        if (Rest is null || IsThere(asked.Of(part.Name))) asked.Add(part, AskedConditions.Shifted(Total, condition, sum, part));
    }

    /// <summary>Whether a condition leaves no missing value.</summary>
    private static bool IsThere(Condition? condition) =>
        condition is not (null or LikeCondition) && !(condition is ValuesCondition { Values: var values } && values.Contains(null));

    /// <summary>By row how many parts are missing.</summary>
    private int[] Lacking(Table table)
    {
        var lacking = new int[table.RowCount];
        foreach (var part in Parts)
        {
            var values = Numbers(table, part);
            for (var row = 0; row < lacking.Length; row++) lacking[row] += double.IsNaN(values[row]) ? 1 : 0;
        }

        return lacking;
    }

    /// <summary>By row the sum of the parts that are there, and whether all are.</summary>
    private (double[] Sums, bool[] Complete) AddUp(Table table, Func<string, double[]> valuesOf)
    {
        var (sums, complete) = (new double[table.RowCount], new bool[table.RowCount]);
        Array.Fill(complete, true);
        foreach (var part in Parts)
        {
            var values = valuesOf(part);
            for (var row = 0; row < sums.Length; row++)
            {
                if (double.IsNaN(values[row])) complete[row] = false;
                else sums[row] += values[row];
            }
        }

        return (sums, complete);
    }
}
