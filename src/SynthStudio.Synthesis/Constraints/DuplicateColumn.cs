using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Operations;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>A column that says in every row what another one says: learned once, written twice.</summary>
/// <param name="schema">The column.</param>
/// <param name="source">Name of the one it repeats.</param>
[method: JsonConstructor]
internal sealed class DuplicateColumn(ColumnSchema schema, string source) : TableTransform
{
    /// <summary>In fewer rows two columns may agree by chance.</summary>
    private const int FewestRows = 20;

    /// <summary>So they may where fewer rows than this have another than the commonest value; and what so few rows share is not told.</summary>
    private const int FewestOthers = JoinedColumns.SharedRows;

    public ColumnSchema Schema { get; } = StoredParts.Column(schema);

    public string Source { get; } = StoredParts.Name(source);

    /// <summary>Every column that repeats an earlier one; keys and columns that hardly vary are left alone.</summary>
    public static IEnumerable<DuplicateColumn> Find(Table table)
    {
        if (table.RowCount < FewestRows) yield break;
        var earlier = new Dictionary<ulong, List<Column>>();
        foreach (var column in table.Columns.Where(c => c.Schema.Kind is not (ColumnKind.Identifier or ColumnKind.Ignored or ColumnKind.Text)))
        {
            var hashes = new RowHash([column]);
            var sum = 0UL;
            for (var row = 0; row < column.Count; row++) sum = RowHash.Mix(sum ^ hashes.Of(row));
            var twins = earlier.TryGetValue(sum, out var list) ? list : earlier[sum] = [];
            if (twins.Find(twin => Same(twin, column)) is { } original)
            {
                if (Varies(column)) yield return new DuplicateColumn(column.Schema, original.Name);
            }
            else
            {
                twins.Add(column);
            }
        }
    }

    [JsonIgnore]
    public override string? LearnedAs => Source;

    /// <summary>What one of the two columns lacks, the other may have.</summary>
    public override (Table Rows, bool[]? Unknown) Read(Table table, bool toFill)
    {
        if (!Has(table, Schema.Name)) return (table, null);
        var twin = table[Schema.Name];
        return (Has(table, Source)
            ? With(table, table.Columns
                .Where(column => column.Name != Schema.Name)
                .Select(column => column.Name == Source ? FilledCells.Of(column, twin) : column))
            : With(table, table.Columns.Select(column => column == twin ? Named(twin, twin.Schema with { Name = Source }) : column)), null);
    }

    /// <summary>Whether the column repeats the other one in a table too.</summary>
    public bool HoldsIn(Table table) => Same(table[Source], table[Schema.Name]);

    public override string NameOf(string column) => column != Schema.Name ? column : Source;

    public override Table Forward(Table table) => With(table, table.Columns.Where(column => column.Name != Schema.Name));

    public override Table Backward(Table drawn) => With(drawn, drawn.Columns.Append(Named(drawn[Source], Schema)));

    public override void Translate(AskedConditions asked)
    {
        if (asked.Take(Schema.Name) is { } condition) asked.Add(asked.SchemaOf(Source), condition);
    }

    private static Column Named(Column column, ColumnSchema schema) => column switch
    {
        NumericColumn numeric => new NumericColumn(schema, numeric.Values) { Offsets = numeric.Offsets },
        _ => new CodedColumn(schema, ((CodedColumn)column).Codes, ((CodedColumn)column).Values),
    };

    /// <summary>Whether enough rows differ from the commonest value.</summary>
    private static bool Varies(Column column)
    {
        var rows = column is NumericColumn numbers
            ? numbers.Values.CountBy(value => value).Select(value => value.Value)
            : ((CodedColumn)column).Codes.CountBy(code => code).Select(code => code.Value);
        return column.Count - rows.Max() >= FewestOthers;
    }

    private static bool Same(Column a, Column b) =>
        a.Schema.IsNumeric == b.Schema.IsNumeric && a.Schema.Kind == b.Schema.Kind && Enumerable.Range(0, a.Count).All(row => SameCell(a, row, b, row));

    private static bool SameCell(Column a, int rowA, Column b, int rowB) => (a, b) switch
    {
        (NumericColumn left, NumericColumn right) => left.Values[rowA].Equals(right.Values[rowB]) && left.OffsetOf(rowA) == right.OffsetOf(rowB),
        (CodedColumn left, CodedColumn right) => left.Text(rowA) == right.Text(rowB),
        _ => false,
    };
}
