using SynthStudio.Catalog;
using SynthStudio.Evidence;
using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Sealing;

namespace SynthStudio.Api.Mapping;

/// <summary>Evidence packs and controls, to the wire.</summary>
internal static class EvidenceMapping
{
    private const string Open = "open";

    private static readonly (V1.EvidenceFramework Proto, string Id)[] Frameworks =
        [(V1.EvidenceFramework.Gdpr, "gdpr"), (V1.EvidenceFramework.Hipaa, "hipaa"), (V1.EvidenceFramework.Ccpa, "ccpa"), (V1.EvidenceFramework.Soc2, "soc2")];

    private static readonly (V1.EvidenceFormat Proto, EvidenceFormat Format)[] Formats =
        [(V1.EvidenceFormat.Html, EvidenceFormat.Html), (V1.EvidenceFormat.Markdown, EvidenceFormat.Markdown), (V1.EvidenceFormat.Json, EvidenceFormat.Json)];

    private static readonly (V1.ControlStanding Proto, Standing Standing)[] Standings =
    [
        (V1.ControlStanding.Supported, Standing.Supported), (V1.ControlStanding.Partly, Standing.Partly), (V1.ControlStanding.Gap, Standing.Gap),
        (V1.ControlStanding.NotMeasured, Standing.NotMeasured), (V1.ControlStanding.NotApplicable, Standing.NotApplicable),
    ];

    /// <summary>The framework; null for one that is not known.</summary>
    public static Framework? ToFramework(this V1.EvidenceFramework framework) => Framework.Find(Array.Find(Frameworks, f => f.Proto == framework).Id ?? "");

    /// <summary>The form, HTML when none is named; null for one that is not known.</summary>
    public static EvidenceFormat? ToFormat(this V1.EvidenceFormat format) => format == V1.EvidenceFormat.Unspecified ? EvidenceFormat.Html
        : Array.FindIndex(Formats, f => f.Proto == format) is >= 0 and var at ? Formats[at].Format : null;

    /// <summary>What a pack's record says of how its controls stand.</summary>
    public static IReadOnlyDictionary<string, int> SummaryOf(EvidencePack pack) => pack.Frameworks.SelectMany(f => Standings
        .Select(s => ($"{f.Framework.Id}/{s.Standing}", f.Count(s.Standing))).Where(s => s.Item2 > 0).Append(($"{f.Framework.Id}/{Open}", f.Controls.Sum(c => c.Control.Open.Count))))
        .ToDictionary(s => s.Item1, s => s.Item2, StringComparer.Ordinal);

    public static V1.EvidencePack ToProto(this EvidencePackRecord pack) => new()
    {
        Name = pack.Name,
        Frameworks = { pack.Frameworks.Select(ToProto) },
        Subject = pack.Subject,
        Version = pack.Number,
        Creator = pack.Creator,
        CreateTime = pack.CreateTime.ToProto(),
        FactsSha256 = pack.FactsSha256,
        Summaries =
        {
            pack.Frameworks.Select(id => new V1.EvidenceSummary
            {
                Framework = ToProto(id),
                OpenQuestions = pack.Summary.GetValueOrDefault($"{id}/{Open}"),
                Counts =
                {
                    Standings
                        .Select(s => new V1.StandingCount
                        {
                            Standing = s.Proto, Controls = pack.Summary.GetValueOrDefault($"{id}/{s.Standing}"),
                        })
                        .Where(c => c.Controls > 0),
                },
            }),
        },
        Files =
        {
            Formats.Where(f => pack.Files.ContainsKey(f.Format.ToString())).Select(f => (f.Proto, File: pack.Files[f.Format.ToString()]))
                .Select(f => new V1.EvidenceFile { Format = f.Proto, SizeBytes = f.File.Size, Sha256 = f.File.Sha256 }),
        },
    };

    public static V1.Control ToProto(this Control control, Framework framework) => new()
    {
        Id = control.Id, Framework = ToProto(framework.Id), Title = control.Title, Reference = control.Reference, Asks = control.Asks,
        Questions = { control.Queries.Select(q => new V1.FactQuestion { Id = q.Id, Question = q.Question }) },
        OpenQuestions = { control.Open },
    };

    private static V1.EvidenceFramework ToProto(string id) => Array.Find(Frameworks, f => f.Id == id).Proto;
}
