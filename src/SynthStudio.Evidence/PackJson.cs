using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Facts;

namespace SynthStudio.Evidence;

/// <summary>A pack for programs. Names are in snake_case; fields may be added within a format version, never renamed or removed.</summary>
internal static class PackJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The facts alone, as they are hashed.</summary>
    public static byte[] Facts(ProjectFacts facts) => JsonSerializer.SerializeToUtf8Bytes(facts, Options);

    public static byte[] Write(EvidencePack pack) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["format"] = "synthstudio-evidence-pack",
            ["format_version"] = 1,
            ["name"] = pack.Name,
            ["version"] = pack.Number,
            ["creator"] = pack.Creator,
            ["facts_sha256"] = pack.FactsSha256,
            ["disclaimer"] = PackDocument.Disclaimer,
            ["facts"] = JsonSerializer.SerializeToNode(pack.Facts, Options),
            ["frameworks"] = Array(pack.Frameworks, Framework),
            ["impact_assessment"] = Array(pack.Impact, part => new JsonObject
            {
                ["id"] = part.Id, ["title"] = part.Title, ["reference"] = part.Reference,
                ["findings"] = Array(part.Findings, Finding), ["open_questions"] = Array(part.Open, q => JsonValue.Create(q)),
            }),
            ["data_flow"] = JsonSerializer.SerializeToNode(pack.Flow, Options),
            ["attachments"] = Array(pack.Attachments, attachment => new JsonObject
            {
                ["title"] = attachment.Title, ["source"] = JsonSerializer.SerializeToNode(attachment.Source, Options), ["content"] = attachment.Content.DeepClone(),
            }),
            ["not_attached"] = Array(pack.NotAttached, source => JsonSerializer.SerializeToNode(source, Options)),
        },
        Options);

    private static JsonObject Framework(FrameworkAssessment assessed) => new()
    {
        ["id"] = assessed.Framework.Id, ["title"] = assessed.Framework.Title, ["source"] = assessed.Framework.Source,
        ["controls"] = Array(assessed.Controls, control => new JsonObject
        {
            ["id"] = control.Control.Id, ["title"] = control.Control.Title, ["reference"] = control.Control.Reference, ["asks"] = control.Control.Asks,
            ["standing"] = Name(control.Standing), ["findings"] = Array(control.Findings, Finding), ["open_questions"] = Array(control.Control.Open, q => JsonValue.Create(q)),
        }),
    };

    private static JsonObject Finding(Finding finding) => new()
    {
        ["query"] = finding.Query.Id, ["question"] = finding.Query.Question, ["outcome"] = Name(finding.Answer.Outcome), ["gap"] = finding.Answer.Gap,
        ["facts"] = Array(finding.Answer.Facts, fact => JsonSerializer.SerializeToNode(fact, Options)),
    };

    private static string Name(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> map) => new([.. items.Select(map)]);
}
