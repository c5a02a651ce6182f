using System.Globalization;
using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Conditions;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Operations;
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

    public string Name { get; } = StoredParts.Name(name);

    public ColumnSchema[] Columns { get; } = StoredParts.Columns(columns);

    /// <summary>Combinations that enough rows share, the commonest first.</summary>
    public string[] Combinations { get; } = StoredParts.Each(combinations);

    private ColumnSchema Schema => new() { Name = Name, Kind = ColumnKind.Categorical, Nullable = false };

    /// <summary>Refuses combinations of columns whose values never come out: as parts of a combination they would, as they are.</summary>
    /// <exception cref="SynthesisException">A combination has such a column.</exception>
    public static void RefuseInvented(TableSchema schema)
    {
        foreach (var rule in schema.Constraints.OfType<FixedCombinationsConstraint>())
        {
            var invented = schema.Columns.FirstOrDefault(c =>
                rule.Combined.Contains(c.Name) && (c.Kind is ColumnKind.Identifier or ColumnKind.Text || c.Class is not null));
            if (invented is null) continue;
            throw new SynthesisException(
                SynthesisError.ConstraintsNotMet,
                $"The rule '{rule.Name}' combines column '{invented.Name}', whose values are invented: combinations would give the real ones away. Leave the rule out, "
                + "or declare the column as categorical in the schema file if its values identify nobody.",
                invented.Name);
        }
    }

    /// <exception cref="SynthesisException">No combination is frequent enough to be kept.</exception>
    public static JoinedColumns Fit(IReadOnlyList<string> names, Table table)
    {
        if (names.FirstOrDefault(name =>
            table[name] is CodedColumn texts
            && Array.Exists(texts.Values, text => text.Contains(Separator, StringComparison.Ordinal))) is { } torn)
        {
            throw new SynthesisException(
                SynthesisError.ConstraintsNotMet, $"Column '{torn}' holds the control character U+001F, which combinations are divided by. Remove it, or leave the rule out.", torn);
        }

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
    public override string? LearnedAs => Name;

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

    /// <summary>A combination of which a part is missing is not known, unless training knew it with that part missing.</summary>
    public override (Table Rows, bool[]? Unknown) Read(Table table, bool toFill)
    {
        string[] names = [.. Columns.Select(column => column.Name)];
        if (!Has(table, names)) return (Without(table, names), null);
        var joined = Join(table);
        var partial = Array.ConvertAll(joined.Values, value =>
            value.Split(Separator).Contains(Missing.ToString()) && (toFill || !Combinations.Contains(value)));
        var rows = new CodedColumn(
            Schema, Array.ConvertAll(joined.Codes, code => partial[code] ? CodedColumn.Missing : code), joined.Values);
        var unknown = Array.ConvertAll(joined.Codes, code => partial[code]);
        return (With(table, Without(table, names).Columns.Append(rows)), unknown.Contains(true) ? unknown : null);
    }

    public override Func<int, double> Gap(Table observed, Table drawn)
    {
        string[] names = [.. Columns.Select(column => column.Name)];
        if (!Has(observed, names) || !Has(drawn, names)) return _ => 0;
        var fits = Columns.Select(column => Fits(observed[column.Name], drawn[column.Name])).ToList();
        return row => fits.TrueForAll(fit => fit(row)) ? 0 : double.PositiveInfinity;
    }

    /// <summary>Leaves cells missing for which no combination was found that fits the known ones.</summary>
    public override Table Follow(Table observed, Table filled, Table drawn)
    {
        if (!Has(observed, Columns.Select(column => column.Name))) return filled;
        var gap = Gap(observed, drawn);
        var apart = Enumerable.Range(0, observed.RowCount).Select(row => gap(row) > 0).ToArray();
        return With(filled, filled.Columns.Select(column =>
            !Array.Exists(Columns, joined => joined.Name == column.Name) ? column : (column, observed[column.Name]) switch
            {
                (NumericColumn numbers, NumericColumn before) =>
                    numbers.With([.. numbers.Values.Select((value, row) => apart[row] ? before.Values[row] : value)]),
                (CodedColumn texts, var before) => new CodedColumn(
                    column.Schema,
                    [.. texts.Codes.Select((code, row) => apart[row] && before.IsMissing(row) ? CodedColumn.Missing : code)],
                    texts.Values),
                _ => column,
            }));
    }

    /// <summary>
    /// The distribution of one of the columns, from that of their combinations: of those that fit what is known of the others, or of all where
    /// none does.
    /// </summary>
    /// <param name="column">One of <see cref="Columns"/>.</param>
    /// <param name="probabilities">By combination, as the model writes it; its missing ones are too rare to be known.</param>
    /// <param name="observed">Rows; columns may be absent.</param>
    /// <param name="row">The row at hand.</param>
    /// <returns>By value, null when missing, its share; the same values in all rows.</returns>
    public List<(string? Value, double Share)> Distribution(string column, Prediction probabilities, Table observed, int row)
    {
        var place = Array.FindIndex(Columns, joined => joined.Name == column);
        var all = probabilities.Categories.Select(combination => (Pieces: combination.Key.Split(Separator), combination.Value)).ToList();
        var fitting = all.ConvertAll(combination => Columns.Index().All(other => other.Index == place || !Has(observed, other.Item.Name)
            || observed[other.Item.Name].IsMissing(row) || combination.Pieces[other.Index] == Piece(observed[other.Item.Name], row))
            ? combination : (combination.Pieces, Value: 0.0));
        if (!(fitting.Sum(combination => combination.Value) > 0)) fitting = all;
        var mass = fitting.Sum(combination => combination.Value);
        return [.. fitting.GroupBy(combination => combination.Pieces[place]).Select(group =>
            (group.Key == Missing.ToString() ? null : group.Key, group.Sum(combination => combination.Value) / mass))];
    }

    public override void Translate(AskedConditions asked)
    {
        var all = Backward(TableOf(new CodedColumn(Schema, [.. Enumerable.Range(0, Combinations.Length)], Combinations)));
        var broken = new List<Func<int, bool>>();
        foreach (var column in Columns)
        {
            if (asked.Take(column.Name) is { } condition) broken.Add(RowCheck.Of(column, condition).BrokenIn(all));
        }

        if (broken.Count == 0) return;
        var allowed = Enumerable.Range(0, Combinations.Length).Where(row => !broken.Exists(breaks => breaks(row))).Select(row => Combinations[row]).ToList();
        if (allowed.Count == 0)
        {
            throw new SynthesisException(
                SynthesisError.ImpossibleCondition,
                $"No known combination of {string.Join(", ", Columns.Select(column => column.Name))} meets what is asked for (rare ones are protected).",
                Columns[0].Name);
        }

        asked.Add(Schema, Condition.OneOf([.. allowed]));
    }

    private static Table TableOf(Column column) => new(new TableSchema { Columns = [column.Schema] }, [column]);

    private static string Text(double number) => double.IsNaN(number) ? Missing.ToString() : number.ToString("R", CultureInfo.InvariantCulture);

    private static Column Split(ColumnSchema schema, int[] codes, string[] texts)
    {
        if (schema.IsNumeric)
        {
            var numbers = Array.ConvertAll(texts, text => text[0] == Missing ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture));
            return new NumericColumn(schema, Array.ConvertAll(codes, code => code == CodedColumn.Missing ? double.NaN : numbers[code]));
        }

        var values = texts.Where(text => text != Missing.ToString()).Distinct().ToArray();
        var codeOf = values.Index().ToDictionary(value => value.Item, value => value.Index, StringComparer.Ordinal);
        var translated = Array.ConvertAll(texts, text => codeOf.GetValueOrDefault(text, CodedColumn.Missing));
        return new CodedColumn(schema, Array.ConvertAll(codes, code => code == CodedColumn.Missing ? code : translated[code]), values);
    }

    private static string Piece(Column column, int row) =>
        column is NumericColumn numbers ? Text(numbers.Values[row]) : ((CodedColumn)column).Text(row) ?? Missing.ToString();

    /// <summary>Whether a drawn cell is there, and is the observed one where there is one.</summary>
    private static Func<int, bool> Fits(Column observed, Column drawn) => row =>
        !drawn.IsMissing(row) && (observed.IsMissing(row) || Piece(observed, row) == Piece(drawn, row));

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
