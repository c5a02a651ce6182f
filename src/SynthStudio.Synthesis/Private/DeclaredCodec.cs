using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>
/// Encodes a table by what was declared of it, and by nothing of the data: numbers in bins of equal width between their bounds (beyond them
/// they count as the outermost), categories as listed. All cells count as equally frequent. A missing value of a column declared without
/// them counts as its first category, or as its least value.
/// </summary>
public static class DeclaredCodec
{
    /// <summary>Least digits that values without declared ones are written with.</summary>
    private const int FreeDecimals = 15;

    /// <summary>The codec.</summary>
    /// <param name="schema">The table's schema with its domains; <see cref="DeclaredDomains.Demand"/> accepted it.</param>
    /// <param name="bins">Bins of a number, date or time that declares none, at least 2.</param>
    /// <param name="knots">By column, edges of bins that were bought, ascending from the least to the greatest value; others are of equal width.</param>
    public static TableCodec Of(TableSchema schema, int bins, IReadOnlyDictionary<string, double[]>? knots = null)
    {
        var columns = new List<ColumnCodec>();
        var persons = FakeCodec.Persons(schema.Columns.Select(column => schema.Domains[column.Name].Schema(column.Name)));
        foreach (var column in schema.Columns)
        {
            var domain = schema.Domains[column.Name];
            if (domain.Kind == ColumnKind.Ignored) continue;
            columns.Add(Codec(
                domain, domain.Schema(column.Name), domain.Bins ?? bins,
                knots?.GetValueOrDefault(column.Name), persons.GetValueOrDefault(column.Name)));
        }

        var kept = columns.ConvertAll(codec => codec.Schema);
        var target = kept.Exists(column => column.Name == schema.Target);
        return new TableCodec(schema with { Columns = kept, Target = target ? schema.Target : null, Task = target ? schema.Task : null }, columns);
    }

    /// <summary>The values a column can take, from its kind alone.</summary>
    public static NumericGrid Grid(ColumnDomain domain) => domain.Kind switch
    {
        ColumnKind.Integer => new NumericGrid(0, 1, 0),
        ColumnKind.Decimal when domain.DecimalPlaces is { } places => new NumericGrid(0, Math.Pow(10, -places), places),
        ColumnKind.Decimal => new NumericGrid(0, 0, Math.Max(FreeDecimals, domain.Max - domain.Min is { } width ? NumericGrid.DigitsOf(width) : 0)),
        ColumnKind.Date => new NumericGrid(0, 86_400, 0),
        _ => new NumericGrid(0, 1, 0),
    };

    private static ColumnCodec Codec(ColumnDomain domain, ColumnSchema schema, int bins, double[]? knots, FakePerson person)
    {
        var missing = domain.Nullable ? 1 : 0;
        return domain.Kind switch
        {
            ColumnKind.Categorical or ColumnKind.Boolean =>
                new CategoryCodec(schema, [.. domain.Values!], [.. domain.Values!.Select(_ => 1L)], 0, missing),
            ColumnKind.Text => new FakeCodec(schema, person.Locale, 1, missing, person.Number),
            ColumnKind.Identifier when FakeCodec.Invents(schema) => new FakeCodec(schema, person.Locale, 1, missing, person.Number),
            ColumnKind.Identifier => new IdentifierCodec(schema, [PositionAlphabets.Digits], "", 0, 1, missing),
            _ => new NumericCodec(schema, Cells(Grid(domain), knots ?? Edges(domain, bins)), Grid(domain), domain.Min!.Value, domain.Max!.Value, missing),
        };
    }

    private static double[] Edges(ColumnDomain domain, int bins)
    {
        var (low, high) = (domain.Min!.Value, domain.Max!.Value);
        return [.. Enumerable.Range(0, bins + 1).Select(i => low + (high - low) * i / bins)];
    }

    /// <summary>The cells between edges: those that hold no value of the grid are left out, those that hold one are that value.</summary>
    private static NumericCell[] Cells(NumericGrid grid, double[] edges)
    {
        var cells = new List<NumericCell>();
        for (var i = 0; i + 1 < edges.Length; i++)
        {
            var isLast = i + 2 == edges.Length;
            if (grid.Step <= 0)
            {
                cells.Add(new NumericCell(1, [new NumericPiece(edges[i], edges[i + 1], 1)]));
                continue;
            }

            // A cell holds the values from its lower edge up to, without, its upper one; the last holds that too.
            double first = grid.AtLeast(edges[i]), last = grid.AtMost(edges[i + 1]);
            if (!isLast && last >= edges[i + 1]) last = grid.Next(last, -1);
            if (first > last) continue;
            var piece = first == last ? new NumericPiece(first, last, 1) : new NumericPiece(first - grid.Step / 2, last + grid.Step / 2, 1);
            cells.Add(new NumericCell(1, [piece]));
        }

        return [.. cells];
    }
}
