using System.Globalization;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Constraints;

/// <summary>Columns of which only the combinations in the training table may occur: learned as one column of combinations.</summary>
/// <param name="name">Name of the combined column.</param>
/// <param name="columns">The columns in it.</param>
/// <param name="combinations">Combinations that enough rows share.</param>
[method: JsonConstructor]
internal sealed class JoinedColumns(string name, ColumnSchema[] columns, string[] combinations) : TableTransform
{
    /// <summary>So many rows must share a combination for it to be drawn whatever the protection's random threshold.</summary>
    public const int SharedRows = 7;

    private const char Separator = '\u001F', Missing = '\u0000';

    public string Name { get; } = name;

    public ColumnSchema[] Columns { get; } = columns;

    /// <summary>Combinations that enough rows share, the commonest first.</summary>
    public string[] Combinations { get; } = combinations;

    private ColumnSchema Schema => new() { Name = Name, Kind = ColumnKind.Categorical, Nullable = false };

    /// <exception cref="SynthesisException">No combination is frequent enough to be kept.</exception>
    public static JoinedColumns Fit(IReadOnlyList<string> names, Table table)
    {
        ColumnSchema[] columns = [.. names.Select(column => table[column].Schema)];
        var joined = new JoinedColumns(string.Join(" & ", names), columns, []).Join(table);
        var shared = joined.Codes.CountBy(code => code).Where(group => group.Value >= SharedRows)
            .OrderByDescending(group => group.Value).ThenBy(group => joined.Values[group.Key], StringComparer.Ordinal)
            .Take(CategoryCodec.MaxCategories).Select(group => joined.Values[group.Key]).ToArray();
        return shared.Length > 0
            ? new JoinedColumns(joined.Name, columns, shared)
            : throw new SynthesisException(
                SynthesisError.ConstraintsNotMet,
                $"No combination of {string.Join(", ", names)} occurs in {SharedRows} rows or more: none may be drawn. Leave the constraint out.",
                names[0]);
    }

    [JsonIgnore]
    public override string LearnedAs => Name;

    public override string NameOf(string column) => Columns.All(joined => joined.Name != column)
        ? column : throw InAnotherForm(column, $"in combinations, {Name}");

    public override Table Forward(Table table) =>
        With(table, table.Columns.Where(column => Array.TrueForAll(Columns, joined => joined.Name != column.Name)).Append(Join(table)));

    public override Table Backward(Table drawn)
    {
        var joined = (CodedColumn)drawn[Name];
        var pieces = Array.ConvertAll(joined.Values, value => value.Split(Separator));
        var columns = Columns.Select((schema, i) => Split(schema, joined.Codes, Array.ConvertAll(pieces, piece => piece[i])));
        return With(drawn, drawn.Columns.Where(column => column.Name != Name).Concat(columns));
    }

    public override void Translate(Dictionary<string, Condition> given, Dictionary<string, Condition> left)
    {
        var all = Backward(TableOf(new CodedColumn(Schema, [.. Enumerable.Range(0, Combinations.Length)], Combinations)));
        var broken = new List<Func<int, bool>>();
        foreach (var column in Columns)
        {
            if (given.Remove(column.Name, out var condition)) broken.Add(RowCheck.Of(column, condition).BrokenIn(all));
        }

        if (broken.Count == 0) return;
        var allowed = Enumerable.Range(0, Combinations.Length).Where(row => !broken.Exists(breaks => breaks(row))).Select(row => Combinations[row]).ToList();
        given[Name] = allowed.Count > 0
            ? Condition.OneOf([.. allowed])
            : throw new SynthesisException(
                SynthesisError.ImpossibleCondition,
                $"No known combination of {string.Join(", ", Columns.Select(column => column.Name))} meets what is asked for (rare ones are protected).",
                Columns[0].Name);
    }

    private static Table TableOf(Column column) => new(new TableSchema { Columns = [column.Schema] }, [column]);

    private static string Text(double number) => double.IsNaN(number) ? Missing.ToString() : number.ToString("R", CultureInfo.InvariantCulture);

    private static Column Split(ColumnSchema schema, int[] codes, string[] texts)
    {
        if (schema.IsNumeric)
        {
            var numbers = Array.ConvertAll(texts, text => text[0] == Missing ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture));
            return new NumericColumn(schema, Array.ConvertAll(codes, code => numbers[code]));
        }

        var values = texts.Where(text => text != Missing.ToString()).Distinct().ToArray();
        var codeOf = values.Index().ToDictionary(value => value.Item, value => value.Index, StringComparer.Ordinal);
        var translated = Array.ConvertAll(texts, text => codeOf.GetValueOrDefault(text, CodedColumn.Missing));
        return new CodedColumn(schema, Array.ConvertAll(codes, code => translated[code]), values);
    }

    private CodedColumn Join(Table table)
    {
        var codes = new int[table.RowCount];
        List<string> values = [""];
        foreach (var (place, schema) in Columns.Index())
        {
            var (next, texts) = Codes(table[schema.Name]);
            var known = new Dictionary<(int, int), int>();
            var joined = new List<string>();
            for (var row = 0; row < codes.Length; row++)
            {
                var pair = (codes[row], next[row]);
                if (!known.TryGetValue(pair, out var code))
                {
                    known.Add(pair, code = joined.Count);
                    joined.Add(place == 0 ? texts[pair.Item2] : values[pair.Item1] + Separator + texts[pair.Item2]);
                }

                codes[row] = code;
            }

            values = joined;
        }

        return new CodedColumn(Schema, codes, [.. values]);
    }

    private static (int[] Codes, List<string> Texts) Codes(Column column)
    {
        var texts = new List<string>();
        if (column is CodedColumn coded)
        {
            texts.AddRange(coded.Values);
            texts.Add(Missing.ToString());
            return (Array.ConvertAll(coded.Codes, code => code == CodedColumn.Missing ? texts.Count - 1 : code), texts);
        }

        var known = new Dictionary<double, int>();
        return (Array.ConvertAll(((NumericColumn)column).Values, value =>
        {
            if (known.TryGetValue(value, out var code)) return code;
            texts.Add(Text(value));
            return known[value] = texts.Count - 1;
        }), texts);
    }
}
