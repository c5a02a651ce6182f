using System.Text.RegularExpressions;
using SynthStudio.Assistant.Conversations;

namespace SynthStudio.Assistant.Facts;

/// <summary>A sentence of a draft.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Facts">Ids of the facts that it rests on.</param>
public sealed record DraftSentence(string Text, IReadOnlyList<string> Facts);

/// <summary>A sentence that is not in the draft, and why.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record RejectedSentence(string Text, string Reason);

/// <summary>
/// Lets pass what rests on stored facts: a sentence names at least one, has no number that those it names have not, and gives none of the
/// verdicts that no stored fact carries, also not in letters that only look like Latin ones. It does not understand the sentence: whether
/// it says what its facts say is for its reader, who has them beside it.
/// </summary>
public static partial class SentenceCheck
{
    private const int LongestSentence = 600, LongestHeading = 120;

    private const string Fulfils = @"\b(?:satisf\w*|meet(?:s|ing)?|met|fulfil\w*|adher\w*|abid(?:es?|ing)|accord(?:s|ance|ant)?|in\sline)\b";

    /// <summary>A law or standard, by its name or as such.</summary>
    private const string Law =
        @"\b(?:GDPR|DSGVO|HIPAA|CCPA|CPRA|SOC\W?2|ISO|NIST|General\sData\sProtection|Privacy\sRule|Security\sRule|Safe\sHarbou?r|Expert\sDetermination|Trust\sServices|Art(?:icle|\.)"
        + @"|regulat\w*|laws?|statut\w*|standards?|controls?|requirements?)(?!\w)";

    /// <summary>Why a sentence may not stand; null when it may.</summary>
    public static string? FindFault(DraftSentence sentence, FactSheet facts)
    {
        if (string.IsNullOrWhiteSpace(sentence.Text)) return "is empty";
        if (sentence.Text.Length > LongestSentence) return $"is longer than {LongestSentence} characters";
        if (sentence.Facts.Count == 0) return "names no fact that it rests on";
        if (sentence.Facts.FirstOrDefault(id => facts.Find(id) is null) is { } unknown) return $"names {Short(unknown)}, which is no fact";
        var named = sentence.Facts.Select(id => facts.Find(id)!).ToList();
        var stored = named.SelectMany(fact => new[] { fact.Value, fact.Name }).ToList();
        if (ReadAlike.FindForeign(sentence.Text, stored) is { } foreign)
            return $"has a word in letters of another script that its facts have not: {Short(foreign)}";
        if (NumberCheck.Unsupported(WithoutPlaces(sentence.Text, named), stored) is { Count: > 0 } invented)
            return $"has numbers that its facts have not: {string.Join(", ", invented.Select(Short))}";
        if (FindVerdict(WithoutQuotes(sentence.Text, named)) is { } verdict) return $"gives a verdict that no fact carries: {verdict}";
        var text = ReadAlike.Fold(sentence.Text);
        return Promises().IsMatch(text) && !named.Any(fact => Carries(fact, text)) ? "tells of a guarantee without the fact that there is one" : null;
    }

    /// <summary>A heading that says no more than what follows it is about: without numbers and verdicts, else empty.</summary>
    public static string Heading(string text)
    {
        var heading = HarmlessText.Visible(text);
        return heading.Length > LongestHeading
            || FindVerdict(heading) is not null
            || ReadAlike.FindForeign(heading, []) is not null
            || NumberCheck.Unsupported(heading, []).Count > 0
                ? "" : heading;
    }

    /// <summary>The sentence as it is read, and without ids of facts among its words.</summary>
    public static DraftSentence Clean(DraftSentence sentence) => sentence with { Text = FactIds().Replace(HarmlessText.Visible(sentence.Text), "").Trim() };

    /// <summary>
    /// The sentence without the places of laws and standards that its facts bear on, where it cites them to the letter: their numbers are
    /// none of the facts', and a sentence has them for nothing else.
    /// </summary>
    private static string WithoutPlaces(string text, IEnumerable<QuotableFact> facts)
    {
        foreach (var place in facts.SelectMany(fact => fact.BearsOn).Distinct(StringComparer.Ordinal).OrderByDescending(place => place.Length))
            text = Regex.Replace(text, $@"(?<![\w.]){Regex.Escape(place)}(?![\w(]|[.,-]\d)", " ", RegexOptions.CultureInvariant);
        return text;
    }

    /// <summary>
    /// The sentence without what it quotes whole of its facts: a requirement's title may have a word that
    /// would be a verdict in a sentence's own mouth.
    /// </summary>
    private static string WithoutQuotes(string text, IEnumerable<QuotableFact> facts)
    {
        foreach (var quote in facts
            .Select(fact => fact.Value.TrimEnd('.'))
            .Where(quote => quote.Contains(' ', StringComparison.Ordinal))
            .OrderByDescending(quote => quote.Length))
        {
            text = text.Replace(quote, " ", StringComparison.Ordinal);
        }

        return text;
    }

    private static string? FindVerdict(string text) =>
        new[] { Verdicts(), Fulfilments() }
            .Select(form => form.Match(ReadAlike.Fold(text)))
            .FirstOrDefault(found => found.Success) is { } verdict
                ? Short(verdict.Value.ToLowerInvariant())
                : null;

    /// <summary>Whether a fact is that something is guaranteed, or that it is not, where the sentence says so.</summary>
    private static bool Carries(QuotableFact fact, string sentence) =>
        fact.Name.EndsWith("guaranteed", StringComparison.Ordinal) && (fact.Value == "true" || Denials().IsMatch(sentence));

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    [GeneratedRegex(@"\s*[\[\(]F\d+(,\s*F\d+)*[\]\)]")]
    private static partial Regex FactIds();

    /// <summary>Verdicts of lawyers and auditors, and promises that nobody can give, in all forms of their words.</summary>
    [GeneratedRegex(
        @"complian\w*|\bcompl(?:y\w*|ies|ied)\b|conform\w*|certifi(?:ed|cation|able)|anonym\w*|lawful\w*|legally|risk.free|no\srisk|fully\sprivate|impossible\sto"
        + @"|\b(?:de|re|un)\W{0,2}identif\w*|\b(?:not|never|no\slonger)\s(?:identifiable|be\sidentified)|\b(?:cannot|can['\u2019]t|nobody\scan|no\s\w+\scan)\s(?:be\s)?(?:identif(?:y|ied)|traced|linked|singled\sout|recogni[sz]ed)"
        + @"|\b(?:no|not|never|nor|neither|without|free\s(?:of|from))(?:\s\w+){0,3}\s(?:personal(?:ly\sidentifiable)?|protected\shealth)\s(?:data|information)"
        + @"|\b(?:not|no\slonger|never)\ssubject\sto\b|\bdo(?:es)?\snot\sapply\b|\b(?:outside|out\sof|beyond)\s(?:the\s|its\s)?scope\b|\bexempt\w*|\bsafe\s(?:to|for)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verdicts();

    /// <summary>That a law or standard is satisfied: the one near the other.</summary>
    [GeneratedRegex($"{Fulfils}[^;!?]{{0,120}}?{Law}|{Law}[^;!?]{{0,120}}?{Fulfils}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Fulfilments();

    [GeneratedRegex(@"\bguarant", RegexOptions.IgnoreCase)]
    private static partial Regex Promises();

    [GeneratedRegex(@"\b(no|not|nothing|never|without|neither|nor)\b[^.;:]{0,40}\bguarant", RegexOptions.IgnoreCase)]
    private static partial Regex Denials();
}
