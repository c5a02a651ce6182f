using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Documents;
using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Flow;
using SynthStudio.Evidence.Impact;
using SynthStudio.Evidence.Sealing;

namespace SynthStudio.Evidence;

/// <summary>A report, card or the like that a pack holds as it was when the pack was made.</summary>
/// <param name="Title">For people.</param>
/// <param name="Source">Where it was read.</param>
/// <param name="Blocks">For people.</param>
/// <param name="Content">For programs.</param>
public sealed record Attachment(string Title, FactSource Source, IReadOnlyList<Block> Blocks, JsonObject Content);

/// <summary>
/// What can be shown of a project to those who ask how people and their data are protected: facts, what they say about each control, what they do not say,
/// and who has to answer that. A pure function of facts and attachments; its files are renderings of it.
/// </summary>
public sealed record EvidencePack
{
    /// <summary>Resource name, <c>projects/{project}/evidencePacks/{evidence_pack}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>1, 2, 3, … of the packs about the same project and subject.</summary>
    public required int Number { get; init; }

    /// <summary>Who made it, <c>users/…</c>.</summary>
    public required string Creator { get; init; }

    public required ProjectFacts Facts { get; init; }

    /// <summary>SHA-256 of the facts as JSON, lower-case hexadecimal.</summary>
    public required string FactsSha256 { get; init; }

    public required IReadOnlyList<FrameworkAssessment> Frameworks { get; init; }

    /// <summary>Help with an impact assessment; empty when GDPR is not among the frameworks.</summary>
    public required IReadOnlyList<ImpactPart> Impact { get; init; }

    public required DataFlow Flow { get; init; }

    public required IReadOnlyList<Attachment> Attachments { get; init; }

    /// <summary>Older reports and cards that are not attached: where they are to be had. What they say counts all the same.</summary>
    public required IReadOnlyList<FactSource> NotAttached { get; init; }

    /// <summary>Makes a pack of facts.</summary>
    public static EvidencePack Of(
        string name, int number, string creator, ProjectFacts facts,
        IReadOnlyList<Framework> frameworks, IReadOnlyList<Attachment> attachments, IReadOnlyList<FactSource> notAttached) => new()
    {
        Name = name, Number = number, Creator = creator, Facts = facts,
        FactsSha256 = Convert.ToHexStringLower(SHA256.HashData(PackJson.Facts(facts))),
        Frameworks = [.. frameworks.Select(framework => FrameworkAssessment.Of(framework, facts))],
        Impact = frameworks.Contains(Framework.Find("gdpr")) ? ImpactAssessment.Of(facts) : [],
        Flow = DataFlow.Of(facts), Attachments = attachments, NotAttached = notAttached,
    };

    /// <summary>The pack as a signed file.</summary>
    public byte[] Write(EvidenceFormat format, EvidenceSeal seal) => seal.Sign(new EvidenceLabel(Name, Number, format, FactsSha256), format switch
    {
        EvidenceFormat.Json => PackJson.Write(this),
        EvidenceFormat.Markdown => Encoding.UTF8.GetBytes(MarkdownRenderer.Render(PackDocument.Of(this, seal.Fingerprint))),
        EvidenceFormat.Html => Encoding.UTF8.GetBytes(HtmlRenderer.Render(PackDocument.Of(this, seal.Fingerprint))),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such form."),
    });
}
