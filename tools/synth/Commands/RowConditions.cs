using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Running;

namespace SynthStudio.Cli.Commands;

/// <summary>Conditions as users write them: <c>age&gt;=30</c>, <c>sex in Female,Male</c>, <c>income=&gt;50K</c>.</summary>
internal static class RowConditions
{
    private static readonly string[] Comparisons = [">=", "<=", ">", "<"];

    /// <summary>Several bounds of one column make one range.</summary>
    /// <exception cref="BadInputException">A text is no condition, or a column has two that do not go together.</exception>
    public static IReadOnlyList<RowCondition> Parse(IEnumerable<string> texts, IEnumerable<string> missing, IEnumerable<string> present)
    {
        var conditions = new Dictionary<string, RowCondition>(StringComparer.Ordinal);
        foreach (var condition in texts.Select(Parse)) Add(condition);
        foreach (var column in missing) Add(new RowCondition(column) { Missing = true });
        foreach (var column in present) Add(new RowCondition(column) { NotMissing = true });
        return [.. conditions.Values];

        void Add(RowCondition condition)
        {
            if (!conditions.TryGetValue(condition.Column, out var before)) conditions.Add(condition.Column, condition);
            else if (before is { IsRange: true } && condition.IsRange
                    && !(before.Low is not null && condition.Low is not null)
                    && !(before.High is not null && condition.High is not null))
                conditions[condition.Column] = before with { Low = before.Low ?? condition.Low, High = before.High ?? condition.High };
            else throw new BadInputException($"{condition.Column} has two conditions: put them into one.");
        }
    }

    /// <summary><c>column=value:share,value:share</c>. Whether two spellings are one value is told by the model.</summary>
    /// <exception cref="BadInputException">A text has another form, or gives a value two shares.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> ParseShares(string option, IEnumerable<string> texts) =>
        KeyValues.Parse(option, texts).ToDictionary(
            pair => pair.Key,
            pair => (IReadOnlyDictionary<string, double>)Shares(option, pair.Key, pair.Value),
            StringComparer.Ordinal);

    private static Dictionary<string, double> Shares(string option, string column, string text)
    {
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            var colon = part.LastIndexOf(':');
            if (colon <= 0
                || !double.TryParse(
                    part[(colon + 1)..], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture,
                    out var share))
            {
                throw new BadInputException($"{option}: \"{part}\" must have the form value:share.");
            }
            if (!shares.TryAdd(part[..colon].Trim(), share))
                throw new BadInputException($"{option}: {column} has the value \"{part[..colon].Trim()}\" twice; give it one share.");
        }

        return shares;
    }

    private static RowCondition Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (sign, at) = Comparisons.Select(sign => (sign, at: text.IndexOf(sign, StringComparison.Ordinal)))
            .Where(found => found.at > 0 && (equals < 0 || found.at < equals)).OrderBy(found => found.at).ThenByDescending(found => found.sign.Length)
            .FirstOrDefault(("", -1));
        if (at > 0)
        {
            var bound = new RowBound(text[(at + sign.Length)..].Trim(), sign.Length == 2);
            var column = new RowCondition(text[..at].Trim());
            return sign[0] == '>' ? column with { Low = bound } : column with { High = bound };
        }

        if (equals > 0) return new RowCondition(text[..equals].Trim()) { Values = [text[(equals + 1)..]] };
        var list = text.IndexOf(" in ", StringComparison.Ordinal);
        return list > 0
            ? new RowCondition(text[..list].Trim()) { Values = [.. text[(list + 4)..].Split(',').Select(value => value.Trim())] }
            : throw new BadInputException($"--given: \"{text}\" must have the form column=value, column>=value or \"column in value,value\".");
    }
}
