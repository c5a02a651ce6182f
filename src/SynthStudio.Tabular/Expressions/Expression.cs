namespace SynthStudio.Tabular;

/// <summary>
/// A formula over the columns of one row, for constraints and for derived columns: numbers, texts in quotes, column names (in backticks
/// when they are no plain words), <c>+ - * / %</c>, comparisons, <c>and or not in</c>, and the functions of <see cref="ExpressionFunctions"/>.
/// It reads the row and nothing else: it cannot loop, call out or fail on a row. A missing value makes a result unknown, as in SQL.
/// </summary>
public sealed class Expression
{
    private readonly ExpressionNode root;

    private Expression(string text, ExpressionNode root)
    {
        (Text, this.root) = (text, root);
        var columns = new List<string>();
        Collect(root, columns);
        Columns = [.. columns.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The formula as written.</summary>
    public string Text { get; }

    /// <summary>The columns it reads, in order of appearance.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Understands <paramref name="text"/>.</summary>
    /// <exception cref="TableException">It is no expression; the message points at the place.</exception>
    public static Expression Parse(string text) => new(text, ExpressionParser.Parse(text));

    /// <summary>What it yields on rows of <paramref name="schema"/>.</summary>
    /// <exception cref="TableException">A column or function is unknown, or types do not fit.</exception>
    public ExpressionType Check(TableSchema schema) => Over(EmptyTable(schema)).Type;

    /// <summary>The formula over the rows of <paramref name="table"/>.</summary>
    /// <exception cref="TableException">As for <see cref="Check"/>.</exception>
    public RowValues Over(Table table) => new ExpressionCompiler(Text, table).Compile(root);

    private static Table EmptyTable(TableSchema schema) =>
        new(schema, [.. schema.Columns.Select(c => c.IsNumeric ? (Column)new NumericColumn(c, []) : new CodedColumn(c, [], []))]);

    private static void Collect(ExpressionNode node, List<string> columns)
    {
        switch (node)
        {
            case ColumnNode column:
                columns.Add(column.Name);
                break;
            case UnaryNode unary:
                Collect(unary.Operand, columns);
                break;
            case BinaryNode binary:
                Collect(binary.Left, columns);
                Collect(binary.Right, columns);
                break;
            case InNode contained:
                Collect(contained.Value, columns);
                contained.Choices.ToList().ForEach(choice => Collect(choice, columns));
                break;
            case CallNode call:
                call.Arguments.ToList().ForEach(argument => Collect(argument, columns));
                break;
        }
    }
}
