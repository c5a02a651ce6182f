using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>A column by formula, before the columns it reads are known.</summary>
internal sealed record FormulaDraft(string Name, Expression Formula, int? Decimals, string? Format, double Missing, ulong Stream)
{
    public static FormulaDraft Read(string name, JsonProperties read, ulong stream)
    {
        read.Text("type");
        var text = read.Text("expression") ?? throw read.Wrong("'expression' is needed");
        var (decimals, format, missing) = ((int?)read.Whole("decimals", 0, 15), read.Text("format"), read.Number("missing", 0, 1) ?? 0);
        try
        {
            return new FormulaDraft(name, Expression.Parse(text), decimals, format, missing, stream);
        }
        catch (TableException e)
        {
            throw read.Wrong(e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>All columns in an order in which each finds made what it reads, formulas last.</summary>
    /// <exception cref="MockSchemaException">A formula reads an unknown column, or itself by way of others.</exception>
    public static List<MockColumn> Resolve(List<MockColumn> columns, Dictionary<string, FormulaDraft> drafts, IReadOnlyList<string> names)
    {
        var made = columns.ToDictionary(c => c.Schema.Name, StringComparer.Ordinal);
        var open = drafts.Values.ToList();
        while (open.Count > 0)
        {
            var ready = open.Find(d => d.Formula.Columns.All(made.ContainsKey)) ?? throw Stuck(open, names);
            var column = ready.Build(new TableSchema { Columns = [.. made.Values.Select(c => c.Schema)] });
            columns.Add(column);
            made.Add(ready.Name, column);
            open.Remove(ready);
        }

        return columns;
    }

    private static MockSchemaException Stuck(List<FormulaDraft> open, IReadOnlyList<string> names)
    {
        var unknown = open.SelectMany(d => d.Formula.Columns.Where(c => !names.Contains(c)).Select(c => (d.Name, Column: c))).FirstOrDefault();
        return new MockSchemaException(unknown.Column is not null
            ? $"Column '{unknown.Name}': its expression reads '{unknown.Column}', which is no column (texts stand in quotes)."
            : $"The expressions of {string.Join(", ", open.Select(d => d.Name))} read each other in a circle.");
    }

    private FormulaColumn Build(TableSchema known)
    {
        ExpressionType type;
        try
        {
            type = Formula.Check(known);
        }
        catch (TableException e)
        {
            throw new MockSchemaException($"Column '{Name}': {e.Message}", e);
        }

        var kind = type switch
        {
            ExpressionType.Number => Decimals == 0 ? ColumnKind.Integer : ColumnKind.Decimal,
            ExpressionType.Moment =>
                Format is { } f && !f.Contains('H', StringComparison.Ordinal) && !f.Contains('h', StringComparison.Ordinal)
                    ? ColumnKind.Date : ColumnKind.DateTime,
            ExpressionType.Time => ColumnKind.Time,
            ExpressionType.Truth => ColumnKind.Boolean,
            _ => ColumnKind.Text,
        };
        var schema = ColumnFactory.SchemaOf(
            Name, kind, kind == ColumnKind.Decimal ? Decimals : kind == ColumnKind.Integer ? 0 : null, Format, true,
            why => new MockSchemaException($"Column '{Name}': {why}."));
        return new FormulaColumn(schema, Missing, Stream, Formula);
    }
}
