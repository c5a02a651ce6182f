using System.Globalization;

namespace SynthStudio.Tabular;

internal enum TokenKind
{
    Number,
    Text,
    Word,

    /// <summary>A column's name between backticks.</summary>
    Column,
    Symbol,
    End,
}

/// <summary>A word, number or sign of an expression, with the place where it begins.</summary>
internal readonly record struct ExpressionToken(TokenKind Kind, string Text, double Number, int At);

/// <summary>Cuts an expression into tokens.</summary>
internal static class ExpressionLexer
{
    private static readonly string[] Symbols = ["<=", ">=", "==", "!=", "<>", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")", ","];

    /// <exception cref="TableException">A character or text without end that no expression has.</exception>
    public static List<ExpressionToken> Cut(string source)
    {
        var tokens = new List<ExpressionToken>();
        var at = 0;
        while (true)
        {
            while (at < source.Length && char.IsWhiteSpace(source[at]))
            {
                at++;
            }

            if (at == source.Length)
            {
                tokens.Add(new ExpressionToken(TokenKind.End, "", 0, at));
                return tokens;
            }

            tokens.Add(Next(source, at, out at));
        }
    }

    private static ExpressionToken Next(string source, int at, out int end)
    {
        var c = source[at];
        if (c is '\'' or '"' or '`')
        {
            return Quoted(source, at, out end);
        }

        end = at;
        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1])))
        {
            return Number(source, at, out end);
        }

        if (char.IsLetter(c) || c == '_')
        {
            while (end < source.Length && (char.IsLetterOrDigit(source[end]) || source[end] == '_'))
            {
                end++;
            }

            return new ExpressionToken(TokenKind.Word, source[at..end], 0, at);
        }

        var symbol = Array.Find(Symbols, s => string.CompareOrdinal(source, at, s, 0, s.Length) == 0)
            ?? throw ExpressionParser.Wrong(source, at, $"'{c}' means nothing here");
        end = at + symbol.Length;
        return new ExpressionToken(TokenKind.Symbol, symbol switch { "=" => "==", "<>" => "!=", _ => symbol }, 0, at);
    }

    // A quote within is doubled.
    private static ExpressionToken Quoted(string source, int at, out int end)
    {
        var quote = source[at];
        var text = new System.Text.StringBuilder();
        for (end = at + 1; end < source.Length; end++)
        {
            if (source[end] != quote)
            {
                text.Append(source[end]);
            }
            else if (end + 1 < source.Length && source[end + 1] == quote)
            {
                text.Append(source[end++]);
            }
            else
            {
                end++;
                return new ExpressionToken(quote == '`' ? TokenKind.Column : TokenKind.Text, text.ToString(), 0, at);
            }
        }

        throw ExpressionParser.Wrong(source, at, $"the text that begins here has no closing {quote}");
    }

    private static ExpressionToken Number(string source, int at, out int end)
    {
        end = at;
        while (end < source.Length && (char.IsAsciiDigit(source[end]) || source[end] == '.'))
        {
            end++;
        }

        if (end < source.Length && source[end] is 'e' or 'E')
        {
            var exponent = end + 1 < source.Length && source[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < source.Length && char.IsAsciiDigit(source[exponent]))
            {
                for (end = exponent; end < source.Length && char.IsAsciiDigit(source[end]); end++)
                {
                }
            }
        }

        return double.TryParse(source.AsSpan(at, end - at), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new ExpressionToken(TokenKind.Number, source[at..end], number, at)
            : throw ExpressionParser.Wrong(source, at, $"'{source[at..end]}' is no number");
    }
}
