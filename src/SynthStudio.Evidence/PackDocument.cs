using System.Globalization;
using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Documents;
using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Flow;
using SynthStudio.Evidence.Queries;

namespace SynthStudio.Evidence;

/// <summary>Lays a pack out for people.</summary>
public static class PackDocument
{
    internal const string Disclaimer =
        "None of this is a finding that a law or standard is complied with: that depends on purposes, contracts, people and the rest of the processing. It says what is stored, where, and "
        + "what is not. Titles and summaries of controls are in our own words; the texts themselves decide.";

    private const int ShortHash = 12;

    /// <param name="pack">The pack.</param>
    /// <param name="fingerprint">Of the key that signs its files.</param>
    public static Document Of(EvidencePack pack, string fingerprint) => new(
        $"Evidence pack {pack.Number.ToString(CultureInfo.InvariantCulture)} of {(pack.Facts.Subject.Length > 0 ? pack.Facts.Subject : pack.Facts.Project)}",
        [
            Head(pack),
            new Section("At a glance", [Glance(pack), Legend()]),
            new Section("What is missing", Missing(pack)),
            new Section("Where the data go", [Picture(pack.Flow)]),
            .. pack.Frameworks.Select(Framework),
            .. pack.Impact.Count > 0 ? [Impact(pack)] : Array.Empty<Section>(),
            PackInventory.Of(pack.Facts),
            .. pack.Attachments.Select(attachment => new Section(attachment.Title, [new Paragraph($"From {Source(attachment.Source)}.", Tone.Faint), .. attachment.Blocks])),
            .. pack.NotAttached.Count == 0
                ? Array.Empty<Section>()
                : [new Section("Not attached", [new Paragraph("Reports and cards of these are older than those above and are not repeated here; what they say counts all the same."), new Bullets([.. pack.NotAttached.Select(Source)])])],
            new Section("Sources", [Sources(pack)]),
            new Section("How to check this file",
            [
                new Paragraph(
                    "The file ends with a signature over every byte before it. \"synth evidence verify FILE --public-key KEY\" checks it without the server, with the public key that \"synth evidence key\" prints; "
                    + "a change of one byte is found."),
                Table.OfNames([("Key, SHA-256", fingerprint), ("Facts, SHA-256", pack.FactsSha256)]),
            ]),
        ]);

    private static Section Head(EvidencePack pack) => new("",
    [
        Table.OfNames(
        [
            ("Project", pack.Facts.Project),
            ("About", pack.Facts.Subject.Length > 0 ? $"{pack.Facts.Subject}, with what it comes from and what came of it" : "the whole project"),
            ("Frameworks", string.Join(", ", pack.Frameworks.Select(f => f.Framework.Title))),
            ("Pack", $"{pack.Name}, version {pack.Number.ToString(CultureInfo.InvariantCulture)}"),
            ("Facts read", $"{Time(pack.Facts.AsOf)}, by SynthStudio {pack.Facts.ServerVersion}"),
            ("Made by", pack.Creator),
        ]),
        new Paragraph(Disclaimer, Tone.Middling),
        .. pack.Facts.Evaluations.Any(e => e.IsOutsideGuarantee)
            ? [new Paragraph("This file holds figures of evaluations that were computed by looking at the training rows of differentially private models. They lie outside of the models' promise: do not publish them without accounting for that.", Tone.Bad)]
            : Array.Empty<Block>(),
    ]);

    private static Table Glance(EvidencePack pack) => new(
        ["Framework", "Controls", "Supported", "Partly", "Gap", "Not measured", "Not applicable", "Questions to you"],
        [
            .. pack.Frameworks.Select(f => (IReadOnlyList<Cell>)
            [
                f.Framework.Title, Number(f.Controls.Count), Number(f.Count(Standing.Supported)),
                Number(f.Count(Standing.Partly)), Number(f.Count(Standing.Gap)), Number(f.Count(Standing.NotMeasured)),
                Number(f.Count(Standing.NotApplicable)), Number(f.Controls.Sum(c => c.Control.Open.Count)),
            ]),
        ]);

    private static Bullets Legend() => new(
    [
        "Supported: every question that was asked of the facts found all it looked for, and nothing of the control is left to people.",
        "Partly: something was found; something is missing, or is for you to answer.",
        "Gap: what is stored speaks against it, or what had to be decided was not.",
        "Not measured: nothing is stored that could answer it; what bears on it is listed all the same. Not applicable: there is nothing that it could be asked of.",
    ]);

    private static IReadOnlyList<Block> Missing(EvidencePack pack)
    {
        var controls = pack.Frameworks.SelectMany(f => f.Controls).ToList();
        IReadOnlyList<Cell>[] rows =
        [
            .. controls
                .SelectMany(c => c.Findings.Select(f => (Finding: f, c.Control)))
                .Where(f => f.Finding.Answer.Gap.Length > 0 && f.Finding.Answer.Outcome != Queries.Outcome.NotApplicable)
                .GroupBy(f => f.Finding.Query.Id, StringComparer.Ordinal).OrderBy(g => Rank(g.First().Finding.Answer.Outcome)).Select(g =>
                {
                    var answer = g.First().Finding.Answer;
                    return (IReadOnlyList<Cell>)[Outcome(answer.Outcome), answer.Gap, string.Join("; ", g.Select(f => f.Control.Reference).Distinct())];
                }),
        ];
        return rows.Length == 0 ? [new Paragraph("Every question to the facts found what it looked for.")] : [new Table(["", "What is missing", "Bears on"], rows, [13, 62, 25])];

        static int Rank(Outcome outcome) => outcome switch { Queries.Outcome.Gap => 0, Queries.Outcome.Partly => 1, _ => 2 };
    }

    private static Figure Picture(DataFlow flow) => new(
        DataFlowSvg.Draw(flow), "Who holds what, where real rows are, and what leaves: drawn from lineage, members and configuration as they were read. Imports and exports are in it as long as their transfers are kept; what people do with downloads is outside of it.", flow.InWords());

    private static Section Framework(FrameworkAssessment assessed) => new(assessed.Framework.Title,
    [
        new Paragraph(assessed.Framework.Source, Tone.Faint),
        new Table(
            ["Reference", "Control", "How it stands", "Questions to the facts", "Questions to you"],
            [.. assessed.Controls.Select(c => (IReadOnlyList<Cell>)
                [c.Control.Reference, c.Control.Title, Badge(c.Standing), Answered(c.Findings), Number(c.Control.Open.Count)])],
            [24, 36, 14, 14, 12]),
        .. assessed.Controls.SelectMany(Control),
    ]);

    /// <summary>How many questions found all they looked for.</summary>
    private static string Answered(IReadOnlyCollection<Finding> findings) =>
        findings.Count == 0 ? "none" : findings.Where(f => !f.Query.IsInventory).ToList() is { Count: > 0 } weighed
            ? $"{Number(weighed.Count(f => f.Answer.Outcome == Queries.Outcome.Supports))} of {Number(weighed.Count)} found all"
            : "listed only";

    private static IEnumerable<Block> Control(ControlAssessment assessed)
    {
        var control = assessed.Control;
        yield return new Heading($"{control.Reference}: {control.Title}", Badge(assessed.Standing));
        yield return new Paragraph(control.Asks);
        if (assessed.Findings.Count > 0) yield return Findings(assessed.Findings);
        else yield return new Paragraph("Nothing is stored here that bears on this.", Tone.Faint);
        if (control.Open.Count > 0) yield return new Bullets(control.Open, IsToFillIn: true);
    }

    private static Section Impact(EvidencePack pack) => new("Help with an impact assessment",
    [
        new Paragraph("What GDPR Art. 35(7) asks of an assessment, filled in from facts alone. The rest is for you; the assessment itself is yours."),
        .. pack.Impact.SelectMany(part => (IEnumerable<Block>)
        [
            new Heading($"{part.Reference}: {part.Title}"), .. part.Findings.Count > 0 ? [Findings(part.Findings)] : Array.Empty<Block>(), new Bullets(part.Open, IsToFillIn: true),
        ]),
    ]);

    private static Table Findings(IReadOnlyList<Finding> findings) => new(["Asked", "Stored", "Source"], [.. findings.SelectMany(Rows)], [24, 48, 28]);

    private static IEnumerable<IReadOnlyList<Cell>> Rows(Finding finding)
    {
        var (answer, asked) = (finding.Answer, $"{finding.Query.Question}");
        foreach (var fact in answer.Facts)
        {
            yield return [asked, fact.Statement, new Cell(Source(fact.Source), Tone.Faint)];
            asked = "";
        }

        if (answer.Gap.Length == 0) yield break;
        var (word, tone) = Outcome(answer.Outcome) is { } outcome ? (outcome.Text, outcome.Tone) : default;
        yield return [asked, new Cell($"{char.ToUpperInvariant(word[0])}{word[1..]}: {answer.Gap}", tone), ""];
    }

    private static Table Sources(EvidencePack pack) => new(
        ["Resource", "Time", "SHA-256"],
        [
            .. pack.Frameworks.SelectMany(f => f.Controls).SelectMany(c => c.Findings)
                .Concat(pack.Impact.SelectMany(p => p.Findings))
                .SelectMany(f => f.Answer.Facts).Select(f => f.Source)
                .Concat(pack.Attachments.Select(a => a.Source)).Distinct().OrderBy(s => s.Resource, StringComparer.Ordinal)
                .Select(s => (IReadOnlyList<Cell>)[s.Resource, s.Time is { } time ? Time(time) : "", s.Sha256 ?? ""]),
        ],
        [42, 18, 40]);

    private static Cell Badge(Standing standing) => standing switch
    {
        Standing.Supported => new Cell("supported", Tone.Good),
        Standing.Partly => new Cell("partly", Tone.Middling),
        Standing.Gap => new Cell("gap", Tone.Bad),
        Standing.NotMeasured => new Cell("not measured", Tone.Faint),
        _ => new Cell("not applicable", Tone.Faint),
    };

    private static Cell Outcome(Outcome outcome) => outcome switch
    {
        Queries.Outcome.Supports => new Cell("found", Tone.Good),
        Queries.Outcome.Partly => new Cell("missing in part", Tone.Middling),
        Queries.Outcome.Gap => new Cell("missing", Tone.Bad),
        Queries.Outcome.NotMeasured => new Cell("not measured", Tone.Faint),
        _ => new Cell("not applicable", Tone.Faint),
    };

    private static string Source(FactSource source) =>
        source.Resource + (source.Time is { } time ? $", {Time(time)}" : "") + (source.Sha256 is { Length: > ShortHash } hash ? $", {hash[..ShortHash]}…" : "");

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
