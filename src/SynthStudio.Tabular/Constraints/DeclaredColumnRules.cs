namespace SynthStudio.Tabular;

/// <summary>What a schema file declares of single columns, their bounds and values, as rules of rows.</summary>
internal static class DeclaredColumnRules
{
    /// <summary>The rules of a table's columns.</summary>
    /// <param name="schema">What is declared; null for nothing.</param>
    /// <param name="columns">The columns as they were read.</param>
    /// <exception cref="TableException">A constraint has the name of one of them, or a bound is none of what its column turned out to hold.</exception>
    public static List<Constraint> Of(SchemaFile? schema, IEnumerable<ColumnSchema> columns)
    {
        if (schema is null) return [];
        var declared = schema.Columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
        var rules = columns
            .Where(column => declared.ContainsKey(column.Name))
            .Select(column => Of(column, declared[column.Name]))
            .OfType<Constraint>().ToList();
        return rules.Find(rule => schema.Constraints.Any(constraint => constraint.Name == rule.Name)) is { } taken
            ? throw new TableException(
                TableError.InvalidSchema, $"A constraint is called '{taken.Name}', as the rule that column '{taken.Columns[0]}' declares; give it another name.", taken.Columns[0])
            : rules;
    }

    private static Constraint? Of(ColumnSchema column, ColumnDeclaration declared)
    {
        if (declared.Values is { } values)
        {
            // Where "other" is listed, a value that is not has been read as that.
            return new FixedCombinationsConstraint($"values of {column.Name}", [column.Name], [.. values.Select(value => (IReadOnlyList<string>)[value])]);
        }

        if ((declared.Min ?? declared.Max) is null) return null;
        var domain = ColumnDomain.Of(declared with
        {
            Kind = ColumnDeclaration.KindOf(column.Kind), Format = column.IsMoment ? column.Format : declared.Format,
        })!;
        if (domain.Min is double.NaN || domain.Max is double.NaN)
        {
            throw new TableException(
                TableError.InvalidSchema, $"Column '{column.Name}' was read as {column.Kind}, of which its 'min' or 'max' is no value; declare that kind, with bounds of it.", column.Name);
        }

        return new RangeConstraint($"bounds of {column.Name}", column.Name, domain.Text(domain.Min), domain.Text(domain.Max));
    }
}
