using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>What must be declared of a table before a private method may learn it.</summary>
public static class DeclaredDomains
{
    /// <summary>Refuses a table of which a private method would have to find something out unpaid.</summary>
    /// <param name="schema">The table's schema; nothing but what was declared is looked at.</param>
    /// <param name="boundsBought">Whether bounds of numbers, dates, times and durations come from the budget where they are not declared.</param>
    /// <param name="categoriesBought">Whether categories do.</param>
    /// <exception cref="SynthesisException">Something is not declared; the message names every such column and what to write.</exception>
    public static void Demand(TableSchema schema, bool boundsBought = false, bool categoriesBought = false)
    {
        var open = schema.Columns
            .Select(column => (column.Name, Open: Missing(schema.Domains.GetValueOrDefault(column.Name), boundsBought, categoriesBought)))
            .Where(c => c.Open is not null)
            .ToList();
        if (open.Count == 0 && schema.Constraints.OfType<FixedCombinationsConstraint>().FirstOrDefault(c => c.Allowed is null) is { } found)
        {
            throw new SynthesisException(
                SynthesisError.DomainNotDeclared,
                $"The rule '{found.Name}' leaves its combinations to the data. List them in the schema file ('allowed'), or leave the rule out.",
                found.Combined[0]);
        }

        if (open.Count == 0) return;
        throw new SynthesisException(
            SynthesisError.DomainNotDeclared,
            $"A private training takes nothing from the data that was not declared in the schema file or paid for. Declare: {string.Join("; ", open.Select(c => $"'{c.Name}': {c.Open}"))}.",
            open[0].Name);
    }

    /// <summary>Columns that may have more than one cell, by what is declared; at least 1.</summary>
    public static int Varying(TableSchema schema) => Math.Max(1, schema.Columns.Select(c => schema.Domains[c.Name]).Count(domain => domain.Kind switch
    {
        ColumnKind.Ignored => false,
        ColumnKind.Identifier or ColumnKind.Text => domain.Nullable,
        ColumnKind.Categorical or ColumnKind.Boolean => domain.Values is null || domain.Values.Count > 1 || domain.Nullable,
        _ => true,
    }));

    /// <summary>What is to be written of a column; null when nothing is missing.</summary>
    private static string? Missing(ColumnDomain? domain, bool boundsBought, bool categoriesBought) => domain switch
    {
        null => "its kind, precisely (integer, or decimal with decimal_places, categorical, boolean, date, datetime, time, duration, identifier, ignored)",
        {
            Kind: ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Date
                or ColumnKind.DateTime or ColumnKind.Time or ColumnKind.Duration,
            IsBounded: false
        } when !boundsBought =>
            "min and max",
        { Min: < -NumericCodec.Largest or > NumericCodec.Largest } or { Max: < -NumericCodec.Largest or > NumericCodec.Largest } =>
            FormattableString.Invariant($"a min and max within {NumericCodec.Largest:g} of zero"),
        { Kind: ColumnKind.Categorical or ColumnKind.Boolean, Values: null } when !categoriesBought => "values, the list of its categories",
        { Kind: ColumnKind.Boolean, Values: null } => "values, its two spellings",
        { Kind: ColumnKind.Text, Class: null or ValueClass.Phone } =>
            "another kind: texts cannot be learned privately; give it a class whose texts are invented, declare it categorical with values, or ignored",
        _ => null,
    };
}
