using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SynthStudio.Api.Services;

/// <summary>
/// What of a finding of personal data is for those whom the data policy does not name, and for evidence packs: which kind it is, and why it
/// is believed, but not in how many values it was found, which may be few. Confidence and share are told as the step that they reach: a
/// confidence that several values give, or any; all of the values, half, or fewer.
/// </summary>
internal static partial class FindingGuard
{
    private static readonly double[] Confidences = [0.9, 0.45], Shares = [1, 0.5, 0];

    public static void Guard(V1.PersonalDataFinding finding)
    {
        (finding.Confidence, finding.Share) = (Confidence(finding.Confidence), Step(Shares, finding.Share));
        for (var i = 0; i < finding.Reasons.Count; i++) finding.Reasons[i] = WithoutCounts(finding.Reasons[i]);
    }

    /// <param name="finding">As profiles have it; those of older versions have less.</param>
    public static void Guard(JsonObject finding)
    {
        if ((double?)finding["confidence"] is { } confidence) finding["confidence"] = Confidence(confidence);
        if ((double?)finding["share"] is { } share) finding["share"] = Step(Shares, share);
        if (finding["reasons"] is JsonArray reasons) finding["reasons"] = new JsonArray([.. reasons.Select(reason => (JsonNode?)WithoutCounts((string?)reason ?? ""))]);
    }

    /// <param name="exact">As it was found; 0 in profiles of older versions, which have none.</param>
    public static double Confidence(double exact) => exact > 0 ? Step(Confidences, exact) : 0;

    /// <summary>The greatest step that is reached; the least one below all.</summary>
    private static double Step(double[] steps, double exact) => steps.FirstOrDefault(step => exact >= step, steps[^1]);

    private static string WithoutCounts(string reason) => Counts().Replace(reason, "some of the");

    [GeneratedRegex(@"^[\d,.]+ of [\d,.]+", RegexOptions.CultureInvariant)]
    private static partial Regex Counts();
}
