using System.Text;

namespace SynthStudio.Tabular;

/// <summary>Turns a parsed formula into functions of the row, checking names and types on the way.</summary>
internal sealed class ExpressionCompiler(string source, Table table)
{
    /// <summary>Numbers count as equal within this share, 0.1 + 0.2 is 0.3; moments within half a microsecond.</summary>
    private const double Closeness = 1e-12, MomentCloseness = 5e-7;

    public RowValues Compile(ExpressionNode node) => node switch
    {
        NumberNode number => RowValues.OfNumber(ExpressionType.Number, _ => number.Value),
        TextNode text => RowValues.OfText(_ => text.Value),
        TruthNode truth => RowValues.OfNumber(ExpressionType.Truth, _ => truth.Value ? 1 : 0),
        NullNode => RowValues.OfNumber(ExpressionType.Number, _ => double.NaN),
        ColumnNode column => Column(column),
        UnaryNode { Operator: "not" } not => Not(Truth(not.Operand)),
        UnaryNode minus => Negate(minus),
        BinaryNode { Operator: "and" } and => And(Truth(and.Left), Truth(and.Right)),
        BinaryNode { Operator: "or" } or => Not(And(Not(Truth(or.Left)), Not(Truth(or.Right)))),
        BinaryNode { Operator: "+" or "-" or "*" or "/" or "%" } arithmetic => Arithmetic(arithmetic),
        BinaryNode comparison => Compare(comparison),
        InNode contained => In(contained),
        CallNode call => ExpressionFunctions.Call(call, [.. call.Arguments.Select(Compile)], source),
        _ => throw ExpressionParser.Wrong(source, node.At, "it cannot be understood"),
    };

    private RowValues Column(ColumnNode node)
    {
        var index = table.Columns.ToList().FindIndex(c => c.Name == node.Name);
        if (index < 0)
        {
            throw ExpressionParser.Wrong(
                source, node.At, $"there is no column '{node.Name}' (texts stand in quotes); there is: {string.Join(", ", table.Columns.Take(30).Select(c => c.Name))}");
        }

        switch (table.Columns[index])
        {
            case NumericColumn numeric:
                var values = numeric.Values;
                return RowValues.OfNumber(TypeOf(numeric.Schema.Kind), row => values[row]) with
                {
                    Spelling = numeric.Schema.Kind is ColumnKind.Duration or ColumnKind.Ordinal ? Spellings.Of(numeric.Schema) : null,
                };
            case CodedColumn { Schema.Kind: ColumnKind.Boolean } flags:
                var yes = Array.ConvertAll(flags.Values, text => BooleanText.IsYes(text) ? 1.0 : 0.0);
                return new RowValues(ExpressionType.Truth, row => flags.Codes[row] < 0 ? double.NaN : yes[flags.Codes[row]], flags.Text);
            default:
                return RowValues.OfText(((CodedColumn)table.Columns[index]).Text);
        }
    }

    private static ExpressionType TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.DateTime or ColumnKind.Date => ExpressionType.Moment,
        ColumnKind.Time => ExpressionType.Time,
        _ => ExpressionType.Number,
    };

    private RowValues Truth(ExpressionNode node)
    {
        var value = Compile(node);
        return value.Type == ExpressionType.Truth ? value : throw ExpressionParser.Wrong(source, node.At, "a condition is expected here");
    }

    private static RowValues Not(RowValues truth) => RowValues.OfNumber(ExpressionType.Truth, row => 1 - truth.Number(row));

    // Unknown and false is false; unknown and true is unknown.
    private static RowValues And(RowValues left, RowValues right) => RowValues.OfNumber(
        ExpressionType.Truth,
        row => left.Number(row) is var l && l == 0 ? 0 : right.Number(row) is var r && r == 0 ? 0 : l * r);

    private RowValues Negate(UnaryNode node)
    {
        var value = Compile(node.Operand);
        return value.Type == ExpressionType.Number
            ? RowValues.OfNumber(ExpressionType.Number, row => -value.Number(row))
            : throw ExpressionParser.Wrong(source, node.At, "only a number can be negated");
    }

    private RowValues Arithmetic(BinaryNode node)
    {
        RowValues left = Compile(node.Left), right = Compile(node.Right);
        if (node.Operator == "+" && left.Type == ExpressionType.Text && right.Type == ExpressionType.Text)
        {
            return RowValues.OfText(row => left.Text(row) is { } l && right.Text(row) is { } r ? l + r : null);
        }

        var type = (left.Type, node.Operator, right.Type) switch
        {
            (ExpressionType.Number, _, ExpressionType.Number) => ExpressionType.Number,
            (ExpressionType.Moment or ExpressionType.Time, "+" or "-", ExpressionType.Number) => left.Type,
            (ExpressionType.Number, "+", ExpressionType.Moment or ExpressionType.Time) => right.Type,
            (ExpressionType.Moment, "-", ExpressionType.Moment) or (ExpressionType.Time, "-", ExpressionType.Time) => ExpressionType.Number,
            _ => throw ExpressionParser.Wrong(source, node.At, $"'{node.Operator}' does not go with {Name(left)} and {Name(right)}"),
        };
        Func<int, double> a = left.Number, b = right.Number;
        return RowValues.OfNumber(type, node.Operator switch
        {
            "+" => row => a(row) + b(row),
            "-" => row => a(row) - b(row),
            "*" => row => a(row) * b(row),
            "/" => row => b(row) is var divisor && divisor == 0 ? double.NaN : a(row) / divisor,
            _ => row => b(row) is var divisor && divisor == 0 ? double.NaN : a(row) - (divisor * Math.Floor(a(row) / divisor)),
        });
    }

    private RowValues Compare(BinaryNode node)
    {
        var (left, right) = Comparable(Compile(node.Left), Compile(node.Right), node);
        if (left.Type == ExpressionType.Text)
        {
            return RowValues.OfNumber(ExpressionType.Truth, row => left.Text(row) is { } l && right.Text(row) is { } r
                ? Holds(node.Operator, string.CompareOrdinal(l, r))
                : double.NaN);
        }

        return RowValues.OfNumber(ExpressionType.Truth, row =>
        {
            double l = left.Number(row), r = right.Number(row);
            return double.IsNaN(l) || double.IsNaN(r) ? double.NaN : Holds(node.Operator, CompareNumbers(l, r, left.Type));
        });
    }

    private RowValues In(InNode node)
    {
        var value = Compile(node.Value);
        RowValues? any = null;
        foreach (var choice in node.Choices)
        {
            var (left, right) = Comparable(value, Compile(choice), choice);
            var same = RowValues.OfNumber(ExpressionType.Truth, left.Type == ExpressionType.Text
                ? row => left.Text(row) is { } l && right.Text(row) is { } r ? (l == r ? 1 : 0) : double.NaN
                : row => left.Number(row) is var l && right.Number(row) is var r && (double.IsNaN(l) || double.IsNaN(r))
                    ? double.NaN : CompareNumbers(l, r, left.Type) == 0 ? 1 : 0);
            any = any is null ? same : Not(And(Not(any), Not(same)));
        }

        return any ?? throw ExpressionParser.Wrong(source, node.At, "'in' needs at least one value");
    }

    /// <summary>Both sides as one type: a text beside a moment or time is read as one, a boolean beside a text shows its spelling.</summary>
    private (RowValues Left, RowValues Right) Comparable(RowValues left, RowValues right, ExpressionNode node)
    {
        if (left.Type == right.Type || IsNull(left) || IsNull(right))
        {
            return left.Type == ExpressionType.Text || right.Type == ExpressionType.Text
                ? (left with { Type = ExpressionType.Text }, right with { Type = ExpressionType.Text })
                : (left, right);
        }

        return (left.Type, right.Type) switch
        {
            (ExpressionType.Moment or ExpressionType.Time, ExpressionType.Text) => (left, AsMoment(right, left.Type)),
            (ExpressionType.Text, ExpressionType.Moment or ExpressionType.Time) => (AsMoment(left, right.Type), right),
            (ExpressionType.Number, ExpressionType.Text) when left.Spelling is { } spelling => (left, AsSpelled(right, spelling)),
            (ExpressionType.Text, ExpressionType.Number) when right.Spelling is { } spelling => (AsSpelled(left, spelling), right),
            (ExpressionType.Truth, ExpressionType.Text) => (left with { Type = ExpressionType.Text }, right),
            (ExpressionType.Text, ExpressionType.Truth) => (left, right with { Type = ExpressionType.Text }),
            _ => throw ExpressionParser.Wrong(source, node.At, $"{Name(left)} cannot be compared with {Name(right)}"),
        };

        bool IsNull(RowValues side) => node is BinaryNode binary && (ReferenceEquals(side, left) ? binary.Left : binary.Right) is NullNode;
    }

    private static RowValues AsMoment(RowValues text, ExpressionType type) => RowValues.OfNumber(
        type, row => text.Text(row) is { } t && IsoMoments.TryRead(Encoding.UTF8.GetBytes(t), type, out var seconds) ? seconds : double.NaN);

    private static RowValues AsSpelled(RowValues text, ISpelling spelling) => RowValues.OfNumber(
        ExpressionType.Number, row => text.Text(row) is { } t && spelling.TryRead(Encoding.UTF8.GetBytes(t), out var value) ? value : double.NaN);

    private static int CompareNumbers(double left, double right, ExpressionType type)
    {
        var close = type is ExpressionType.Moment or ExpressionType.Time
            ? MomentCloseness
            : Closeness * Math.Max(1, Math.Max(Math.Abs(left), Math.Abs(right)));
        return Math.Abs(left - right) <= close ? 0 : left.CompareTo(right);
    }

    private static double Holds(string comparison, int order) => comparison switch
    {
        "==" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    } ? 1 : 0;

    private static string Name(RowValues value) => value.Type switch
    {
        ExpressionType.Number => "a number",
        ExpressionType.Text => "a text",
        ExpressionType.Truth => "a condition",
        ExpressionType.Moment => "a moment",
        _ => "a time of day",
    };
}
