namespace SynthStudio.Tabular;

/// <summary>
/// Recursive descent, loosest first: <c>or</c>, <c>and</c>, <c>not</c>, comparison and <c>in</c>, <c>+ -</c>, <c>* / %</c>, <c>-</c>, values.
/// </summary>
internal sealed class ExpressionParser
{
    /// <summary>Longest expression, in characters.</summary>
    private const int LongestText = 4000;

    /// <summary>Deepest nesting: the parser must not exhaust the stack.</summary>
    private const int Deepest = 100;

    private readonly string source;
    private readonly List<ExpressionToken> tokens;
    private int next;
    private int depth;

    private ExpressionParser(string source)
    {
        this.source = source;
        tokens = ExpressionLexer.Cut(source);
    }

    private ExpressionToken Here => tokens[next];

    /// <exception cref="TableException">The text is no expression; the message points at the place.</exception>
    public static ExpressionNode Parse(string source)
    {
        if (source.Length > LongestText)
        {
            throw new TableException(TableError.InvalidSchema, $"An expression may have {LongestText} characters.");
        }

        var parser = new ExpressionParser(source);
        var node = parser.Or();
        return parser.Here.Kind == TokenKind.End ? node : throw parser.Unexpected("an operator or the end");
    }

    /// <summary>The error for <paramref name="why"/> at the place <paramref name="at"/> (0-based) of <paramref name="source"/>.</summary>
    public static TableException Wrong(string source, int at, string why) =>
        new(TableError.InvalidSchema, $"Expression \"{source}\", position {at + 1}: {why}.");

    private ExpressionNode Or()
    {
        if (++depth > Deepest)
        {
            throw Wrong(source, Here.At, $"it is nested more than {Deepest} deep");
        }

        var left = And();
        while (TakeWord("or") is { } at)
        {
            left = new BinaryNode("or", left, And(), at);
        }

        depth--;
        return left;
    }

    private ExpressionNode And()
    {
        var left = Not();
        while (TakeWord("and") is { } at)
        {
            left = new BinaryNode("and", left, Not(), at);
        }

        return left;
    }

    private ExpressionNode Not() => TakeWords("not") is { Count: > 0 } places
        ? places.Count % 2 == 1 ? new UnaryNode("not", Comparison(), places[0]) : Comparison()
        : Comparison();

    private ExpressionNode Comparison()
    {
        var left = Sum();
        if (TakeSymbol("<=", ">=", "==", "!=", "<", ">") is { } symbol)
        {
            return new BinaryNode(symbol.Text, left, Sum(), symbol.At);
        }

        var negated = IsWord("not") && tokens[next + 1] is { Kind: TokenKind.Word } following && IsSame(following.Text, "in") ? TakeWord("not") : null;
        if (TakeWord("in") is not { } at)
        {
            return left;
        }

        Expect("(");
        ExpressionNode node = new InNode(left, List(), at);
        return negated is { } place ? new UnaryNode("not", node, place) : node;
    }

    private ExpressionNode Sum()
    {
        var left = Product();
        while (TakeSymbol("+", "-") is { } symbol)
        {
            left = new BinaryNode(symbol.Text, left, Product(), symbol.At);
        }

        return left;
    }

    private ExpressionNode Product()
    {
        var left = Negation();
        while (TakeSymbol("*", "/", "%") is { } symbol)
        {
            left = new BinaryNode(symbol.Text, left, Negation(), symbol.At);
        }

        return left;
    }

    private ExpressionNode Negation()
    {
        ExpressionToken? first = null;
        var signs = 0;
        while (TakeSymbol("-") is { } sign)
        {
            first ??= sign;
            signs++;
        }

        return signs % 2 == 1 ? new UnaryNode("-", Value(), first!.Value.At) : Value();
    }

    private ExpressionNode Value()
    {
        var token = Here;
        next++;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new NumberNode(token.Number, token.At);
            case TokenKind.Text:
                return new TextNode(token.Text, token.At);
            case TokenKind.Column:
                return new ColumnNode(token.Text, token.At);
            case TokenKind.Symbol when token.Text == "(":
                var inner = Or();
                Expect(")");
                return inner;
            case TokenKind.Word when Here is { Kind: TokenKind.Symbol, Text: "(" } && !IsReserved(token.Text):
                next++;
                return new CallNode(token.Text.ToLowerInvariant(), List(), token.At);
            case TokenKind.Word when IsSame(token.Text, "true") || IsSame(token.Text, "false"):
                return new TruthNode(IsSame(token.Text, "true"), token.At);
            case TokenKind.Word when IsSame(token.Text, "null"):
                return new NullNode(token.At);
            case TokenKind.Word when !IsReserved(token.Text):
                return new ColumnNode(token.Text, token.At);
            default:
                next--;
                throw Unexpected("a column, a number, a text or '('");
        }
    }

    private List<ExpressionNode> List()
    {
        var items = new List<ExpressionNode>();
        if (TakeSymbol(")") is not null)
        {
            return items;
        }

        do
        {
            items.Add(Or());
        }
        while (TakeSymbol(",") is not null);
        Expect(")");
        return items;
    }

    private static bool IsReserved(string word) => IsSame(word, "and") || IsSame(word, "or") || IsSame(word, "not") || IsSame(word, "in");

    private static bool IsSame(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    private bool IsWord(string keyword) => Here.Kind == TokenKind.Word && IsSame(Here.Text, keyword);

    private int? TakeWord(string keyword) => IsWord(keyword) ? tokens[next++].At : null;

    private List<int> TakeWords(string keyword)
    {
        var places = new List<int>();
        while (TakeWord(keyword) is { } at)
        {
            places.Add(at);
        }

        return places;
    }

    private ExpressionToken? TakeSymbol(params ReadOnlySpan<string> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (Here is { Kind: TokenKind.Symbol } token && token.Text == symbol)
            {
                next++;
                return token;
            }
        }

        return null;
    }

    private void Expect(string symbol)
    {
        if (TakeSymbol(symbol) is null)
        {
            throw Unexpected($"'{symbol}'");
        }
    }

    private TableException Unexpected(string expected) =>
        Wrong(source, Here.At, Here.Kind == TokenKind.End ? $"it ends where {expected} is expected" : $"'{Here.Text}' stands where {expected} is expected");
}
