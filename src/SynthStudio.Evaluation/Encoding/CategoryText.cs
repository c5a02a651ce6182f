using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace SynthStudio.Evaluation.Encoding;

/// <summary>One spelling per category, so that files written by different tools compare: 1.0 is 1, 0.50 is 0.5, -0 is 0, TRUE is true.</summary>
internal static partial class CategoryText
{
    private static readonly FrozenDictionary<string, string> DigitOfTruth =
        new Dictionary<string, string> { ["true"] = "1", ["false"] = "0" }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> TruthOfDigit =
        new Dictionary<string, string> { ["1"] = "true", ["0"] = "false" }.ToFrozenDictionary();

    /// <summary>The one spelling of <paramref name="text"/>.</summary>
    public static string Canonical(string text)
    {
        if (text.Contains('.') && PlainNumber().IsMatch(text))
        {
            text = text.TrimEnd('0').TrimEnd('.');
        }

        return text.ToLowerInvariant() switch
        {
            "-0" => "0",
            "true" => "true",
            "false" => "false",
            _ => text,
        };
    }

    /// <summary>How the other tables' truth values are written as training writes them: as 0 and 1, or as true and false.</summary>
    /// <param name="trainingTexts">Training's distinct categories in their one spelling.</param>
    /// <returns>Replacements; none when training's categories are not truth values.</returns>
    public static IReadOnlyDictionary<string, string> TruthSpelling(IReadOnlyCollection<string> trainingTexts)
    {
        if (trainingTexts.All(DigitOfTruth.Values.Contains))
        {
            return DigitOfTruth;
        }

        return trainingTexts.All(TruthOfDigit.Values.Contains) ? TruthOfDigit : FrozenDictionary<string, string>.Empty;
    }

    // 007 stays a text.
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainNumber();
}
