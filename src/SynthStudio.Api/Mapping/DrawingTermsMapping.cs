using System.Globalization;
using Google.Protobuf;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Mapping;

/// <summary>Terms of drawing, checked for what can be said without the model, and as they are stored.</summary>
internal static class DrawingTermsMapping
{
    private const string Field = "synthetic_dataset.terms";

    private const NumberStyles Spelling =
        NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>Base 64; empty for nothing. The model's own words, unknown columns and values, are checked by the worker.</summary>
    public static string ToRecord(V1.SyntheticDataset wanted)
    {
        if (wanted.Terms is not { } terms) return "";
        var columns = wanted.Given.Keys.Concat(wanted.GivenMissing).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < terms.Conditions.Count; i++)
        {
            var (condition, field) = (terms.Conditions[i], $"{Field}.conditions[{i}]");
            if (condition.Column.Length == 0) throw ApiErrors.InvalidField($"{field}.column", "must name a column.");
            if (!columns.Add(condition.Column)) throw ApiErrors.InvalidField($"{field}.column", $"names {condition.Column}, which has a condition already.");
            var says = condition.KindCase switch
            {
                V1.ColumnCondition.KindOneofCase.Values => condition.Values.Missing || condition.Values.Values.Count > 0,
                V1.ColumnCondition.KindOneofCase.Range => condition.Range.HasLow || condition.Range.HasHigh,
                V1.ColumnCondition.KindOneofCase.NotMissing => condition.NotMissing,
                _ => false,
            };
            if (!says) throw ApiErrors.InvalidField(field, "must have values, a bound, or not_missing.");
        }

        foreach (var shares in terms.Shares)
        {
            if (shares.Column.Length == 0) throw ApiErrors.InvalidField($"{Field}.shares.column", "must name a column.");
            if (shares.Shares.Count == 0 || shares.Shares.Values.Any(share => !(share is >= 0 and <= 1)) || shares.Shares.Values.Sum() > 1 + 1e-9)
                throw ApiErrors.InvalidField($"{Field}.shares", $"of {shares.Column} must be numbers from 0 to 1 that add up to at most 1.");
            if (OneNumber(shares.Shares.Keys) is var (first, second))
                throw ApiErrors.InvalidField($"{Field}.shares", $"of {shares.Column} has '{first}' and '{second}', which are one value: give it one share.");
        }

        if (terms.Shares.Select(shares => shares.Column).Distinct(StringComparer.Ordinal).Count() < terms.Shares.Count)
            throw ApiErrors.InvalidField($"{Field}.shares", "name a column twice.");
        if (terms.Fairness is { } fairness && (fairness.Target.Length == 0 || fairness.Sensitive.Length == 0 || fairness.Target == fairness.Sensitive))
            throw ApiErrors.InvalidField($"{Field}.fairness", "must name two columns.");
        return Convert.ToBase64String(terms.ToByteArray());
    }

    /// <summary>
    /// Two texts that are the same number but for a sign of zero, spaces or zeros behind the point: 1 and 1.0,
    /// not 1 and 01, which may be codes.
    /// </summary>
    private static (string First, string Second)? OneNumber(IEnumerable<string> texts)
    {
        var seen = new Dictionary<decimal, string>();
        foreach (var text in texts.Where(text => text.TrimStart(' ', '-') is not (['0', >= '0' and <= '9', ..])))
        {
            if (!decimal.TryParse(text, Spelling, CultureInfo.InvariantCulture, out var number) || seen.TryAdd(number, text)) continue;
            return (seen[number], text);
        }

        return null;
    }

    public static V1.DrawingTerms? ToProto(string stored) =>
        stored.Length == 0 ? null : V1.DrawingTerms.Parser.ParseFrom(Convert.FromBase64String(stored));
}
