using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Documents;
using SynthStudio.Evidence.Facts;
using SynthStudio.Evidence.Flow;
using SynthStudio.Evidence.Sealing;

namespace SynthStudio.Evidence.Tests;

/// <summary>Packs as files: they say the same in every form, load nothing, and no byte of them changes unnoticed.</summary>
[TestClass]
public sealed partial class PackTests
{
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private static readonly EvidencePack Pack = PackOf(Made.Careful);

    [TestMethod]
    [DataRow(EvidenceFormat.Json)]
    [DataRow(EvidenceFormat.Markdown)]
    [DataRow(EvidenceFormat.Html)]
    public void A_change_of_any_byte_is_found(EvidenceFormat format)
    {
        using var seal = EvidenceSeal.Of(Secret);
        var pack = PackOf(Made.Careful, Framework.Find("ccpa")!);
        var file = pack.Write(format, seal);
        var key = seal.PublicKeyPem;
        var found = EvidenceSeal.Check(file, key);
        Assert.IsTrue(found.IsWhole);
        Assert.AreEqual((pack.Name, 3, format, pack.FactsSha256), (found.Label.Pack, found.Label.Number, found.Label.Format, found.Label.FactsSha256));

        const int end = 700; // The signed end is shorter: all of it, and every so often a byte of what is before.
        for (var at = 0; at < file.Length; at += at < file.Length - end ? 211 : 1)
        {
            foreach (var change in (byte[])[1, 0x20])
            {
                file[at] ^= change;
                Assert.IsFalse(IsWhole(file, key), $"byte {at} of {file.Length}");
                file[at] ^= change;
            }
        }

        Assert.IsFalse(IsWhole(file[..^1], key), "cut off");
        Assert.IsFalse(IsWhole([.. file, (byte)'\n'], key), "added to");
        Assert.IsTrue(IsWhole(file, key), "as it was");
    }

    [TestMethod]
    public void Only_the_servers_key_is_believed_when_it_is_given()
    {
        using var seal = EvidenceSeal.Of(Secret);
        using var other = EvidenceSeal.Of([.. Secret.Reverse()]);
        var forged = Pack.Write(EvidenceFormat.Html, other);
        var own = EvidenceSeal.Check(forged, publicKeyPem: null);
        Assert.AreEqual((true, false, other.Fingerprint), (own.IsWhole, own.IsByGivenKey, own.Fingerprint));
        Assert.IsFalse(EvidenceSeal.Check(forged, seal.PublicKeyPem).IsWhole);
        Assert.ThrowsExactly<FormatException>(() => EvidenceSeal.Check(forged, "no key"));
        Assert.ThrowsExactly<FormatException>(() => EvidenceSeal.Check("{}"u8, seal.PublicKeyPem));
    }

    [TestMethod]
    public void A_file_is_not_taken_for_one_of_another_pack_or_form()
    {
        using var seal = EvidenceSeal.Of(Secret);
        var text = Encoding.UTF8.GetString(Pack.Write(EvidenceFormat.Markdown, seal));
        foreach (var (old, other) in new[] { ("\"version\":3", "\"version\":4"), ("\"format\":\"Markdown\"", "\"format\":\"Html\""), ("evidencePacks/p\"", "evidencePacks/q\"") })
        {
            var at = text.LastIndexOf(old, StringComparison.Ordinal);
            Assert.IsFalse(IsWhole(Encoding.UTF8.GetBytes(text[..at] + other + text[(at + old.Length)..]), seal.PublicKeyPem), other);
        }
    }

    [TestMethod]
    public void The_page_loads_nothing_and_its_policy_allows_its_own_style_alone()
    {
        var page = Write(EvidenceFormat.Html);
        Assert.DoesNotContain("<script", page);
        Assert.IsFalse(Reference().IsMatch(page), "Nothing is loaded or linked.");
        Assert.DoesNotContain(" style=", page);
        var style = page[(page.IndexOf("<style>", StringComparison.Ordinal) + 7)..page.IndexOf("</style>", StringComparison.Ordinal)];
        Assert.Contains($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'", page);
        Assert.Contains("default-src 'none'", page);
    }

    [TestMethod]
    public void Names_are_escaped_in_every_form()
    {
        Assert.Contains("Orders &lt;b&gt;", Write(EvidenceFormat.Html));
        Assert.DoesNotContain("<b>", Write(EvidenceFormat.Html));
        Assert.Contains(@"Orders \<b\>", Write(EvidenceFormat.Markdown));
        using var json = JsonDocument.Parse(Write(EvidenceFormat.Json));
        Assert.AreEqual("Orders <b>", json.RootElement.GetProperty("facts").GetProperty("datasets")[0].GetProperty("display_name").GetString());
        Assert.Contains(@"| a\|b |", MarkdownRenderer.Render(new Document("t", [new Section("s", [new Table(["x"], [["a|b"]])])])));
    }

    [TestMethod]
    public void Every_form_tells_every_control_with_its_facts_gaps_and_open_questions_and_gives_no_verdict()
    {
        using var json = JsonDocument.Parse(Write(EvidenceFormat.Json));
        var (page, text) = (Write(EvidenceFormat.Html), Write(EvidenceFormat.Markdown));
        Assert.AreEqual("synthstudio-evidence-pack", json.RootElement.GetProperty("format").GetString());
        Assert.AreEqual(4, json.RootElement.GetProperty("frameworks").GetArrayLength());
        foreach (var control in Framework.All.SelectMany(f => f.Controls))
        {
            Assert.Contains(System.Net.WebUtility.HtmlEncode($"{control.Reference}: {control.Title}"), page);
            Assert.Contains(control.Reference, text);
            foreach (var question in control.Open) Assert.Contains(System.Net.WebUtility.HtmlEncode(question), page);
        }

        foreach (var verdict in new[] { "compliant", "certified", "anonymous data" })
            foreach (var form in new[] { page, text, json.RootElement.GetRawText() }) Assert.DoesNotContain(verdict, form);
        Assert.Contains("None of this is a finding", page);
        Assert.Contains("Nothing is stored here about backups", page);
        Assert.Contains("Art. 35(7)(c)", page);
    }

    [TestMethod]
    public void The_same_facts_make_the_same_hash_and_others_another()
    {
        Assert.AreEqual(Pack.FactsSha256, PackOf(Made.Careful).FactsSha256);
        Assert.AreNotEqual(Pack.FactsSha256, PackOf(Made.Careful with { AsOf = Made.Time.AddSeconds(1) }).FactsSha256);
        using var json = JsonDocument.Parse(Write(EvidenceFormat.Json));
        Assert.AreEqual(Pack.FactsSha256, json.RootElement.GetProperty("facts_sha256").GetString());
    }

    [TestMethod]
    public void Real_rows_go_to_models_and_to_who_may_see_them_and_not_outside()
    {
        var flow = DataFlow.Of(Made.Careful);
        var real = flow.Edges.Where(e => e.CarriesRealRows).Select(e => (e.From, e.To)).ToList();
        CollectionAssert.AreEquivalent(new[] { (Made.Dataset, "role:Owner"), (Made.Dataset, Made.Model), (Made.Dataset, $"{Made.Project}/evaluations/e") }, real);
        Assert.IsFalse(flow.Edges.Any(e => e.CarriesRealRows && flow.Nodes.Single(n => n.Id == e.To).Lane == Lane.Outside));
        Assert.IsTrue(flow.Nodes.Any(n => n is { Lane: Lane.Outside, Title: "ci.example.org" }));
        Assert.IsEmpty(DataFlow.Of(Made.Careful with { Access = Made.Careful.Access with { RealRows = "Nobody" } }).Edges
            .Where(e => e.CarriesRealRows && e.To.StartsWith("role:", StringComparison.Ordinal)).ToList());
        Assert.IsTrue(flow.InWords().Any(line => line.StartsWith("Real rows go from", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Hosts_that_rows_came_from_or_went_to_and_language_models_are_in_the_picture()
    {
        var flow = DataFlow.Of(Made.Careful with
        {
            Connections = [new ConnectionFacts(new FactSource($"{Made.Project}/connections/db"), "db.example.org", ConnectionFacts.Verified, [Made.Dataset], [Made.Rows], [])],
            Consents = [new ConsentFacts(new FactSource($"{Made.Dataset}/assistantConsent"), Made.Dataset, ["models.example.org"])],
            Installation = Made.Careful.Installation with { LanguageModels = ["models.example.org", "other.example.org"] },
        });
        var titles = flow.Nodes.ToDictionary(n => n.Id, n => n.Title);
        var outside = flow.Nodes.Where(n => n.Lane == Lane.Outside).Select(n => n.Id).ToHashSet();
        CollectionAssert.IsSubsetOf(new[] { "db.example.org", "models.example.org", "other.example.org" }, titles.Values);
        CollectionAssert.AreEquivalent(
            new[] { $"db.example.org > {titles[Made.Dataset]}", $"{titles[Made.Dataset]} > models.example.org" },
            flow.Edges.Where(e => e.CarriesRealRows && (outside.Contains(e.From) || outside.Contains(e.To))).Select(e => $"{titles[e.From]} > {titles[e.To]}").ToArray());
        Assert.IsTrue(flow.Edges.Any(e => e.From == Made.Rows && titles[e.To] == "db.example.org"), "Drawn rows went there.");
        Assert.IsNotNull(XElement.Parse(DataFlowSvg.Draw(flow)));
    }

    [TestMethod]
    public void Nobody_outside_is_left_out_of_the_picture_however_many_there_are()
    {
        var hosts = Enumerable.Range(0, 20).Select(i => $"r{i}.example.org").ToList();
        var flow = DataFlow.Of(Made.Careful with
        {
            Receivers = [.. hosts.Select((host, i) => new ReceiverFacts(new FactSource($"{Made.Project}/webhooks/w{i}", Made.Time), host, IsEncrypted: true, IsOn: true))],
            Installation = Made.Careful.Installation with { SignInProviders = ["a", "b", "c", "d"] },
        });
        CollectionAssert.IsSubsetOf(hosts.Concat(["a", "b", "c", "d"]).ToList(), flow.Nodes.Where(n => n.Lane == Lane.Outside).Select(n => n.Title).ToList());
        Assert.IsNotNull(XElement.Parse(DataFlowSvg.Draw(flow)));
    }

    [TestMethod]
    public void Real_rows_that_were_exported_or_downloaded_are_called_real_and_never_synthetic()
    {
        var facts = Made.Careful with
        {
            Connections = [new ConnectionFacts(new FactSource($"{Made.Project}/connections/db"), "db.example.org", ConnectionFacts.Verified, [], [], [Made.Dataset])],
            Trail = Made.Careful.Trail with
            {
                Done = new Dictionary<string, long> { [TrailFacts.RealExport] = 1, [TrailFacts.Download] = 2 },
                Downloads = new Dictionary<string, long> { [Made.Dataset] = 2, [$"{Made.Project}/datasets/gone"] = 1 },
            },
        };
        var pack = PackOf(facts);
        var outside = pack.Flow.Nodes.Where(n => n.Lane == Lane.Outside).ToDictionary(n => n.Id);

        CollectionAssert.AreEquivalent(
            new[] { "db.example.org real rows, exported", "downloaded tables real rows, downloaded" },
            pack.Flow.Edges.Where(e => e.From == Made.Dataset && e.CarriesRealRows && outside.ContainsKey(e.To)).Select(e => $"{outside[e.To].Title} {e.What}").ToArray());
        CollectionAssert.AreEquivalent(new[] { "db.example.org", "downloaded tables" }, outside.Values.Where(n => n.HoldsRealRows).Select(n => n.Title).ToArray());
        var page = HtmlRenderer.Render(PackDocument.Of(pack, "key"));
        Assert.Contains("0 synthetic data sets and the real rows of 1 data set to it", page);
        Assert.Contains("Real rows left by 1 export to databases and buckets, and by 2 downloads", page);
        Assert.Contains("downloaded 2 times and exported 1 time.", page);
        Assert.DoesNotContain("synthetic rows, exported", page);
        Assert.Contains("2 downloads in the trail", page, "Of tables that the pack is about.");
    }

    [TestMethod]
    public void The_picture_is_well_formed_and_many_things_are_drawn_as_one()
    {
        var many = Made.Careful with
        {
            Datasets =
            [
                .. Enumerable.Range(0, 30).Select(i =>
                    Made.Careful.Datasets[0] with { Source = new FactSource($"{Made.Dataset}{i}", Made.Time, "x"), DisplayName = "" }),
            ],
            Generators = [Made.Careful.Generators[0] with { Dataset = $"{Made.Dataset}29" }],
        };
        var flow = DataFlow.Of(many);
        var svg = XElement.Parse(DataFlowSvg.Draw(flow));
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.IsLessThanOrEqualTo(9, flow.Nodes.Count(n => n.Lane == Lane.Tables));
        Assert.Contains("and 24 more", svg.Descendants(ns + "text").Select(t => t.Value).ToList());
        Assert.IsTrue(flow.Edges.Any(e => e is { From: "more:Tables", To: Made.Model, CarriesRealRows: true }), "What is drawn as one keeps its lines.");
        Assert.AreEqual(0, svg.DescendantsAndSelf().Attributes().Count(a => a.Name.LocalName is "href" or "style" or "onload"));
        Assert.IsNotNull(XElement.Parse(DataFlowSvg.Draw(DataFlow.Of(Made.Empty))));
    }

    [TestMethod]
    public void Reports_are_embedded_the_picture_is_in_the_page_and_what_is_not_attached_is_named()
    {
        var report = new Attachment(
            "Privacy report of g", new FactSource(Made.Model, Made.Time, "abc"), [new Heading("Epsilon"), new Table(["delta", "epsilon"], [["1e-6", "1.25"]])], new JsonObject { ["epsilon"] = 1.25 });
        var pack = EvidencePack.Of($"{Made.Project}/evidencePacks/p", 1, "users/ann", Made.Careful, Framework.All, [report], [new FactSource($"{Made.Project}/evaluations/older", Made.Time)]);

        var page = HtmlRenderer.Render(PackDocument.Of(pack, "key"));
        Assert.Contains("<h2>Privacy report of g</h2>", page);
        Assert.Contains("<td>1.25</td>", page);
        Assert.Contains($"<figure>{DataFlowSvg.Draw(pack.Flow)}<figcaption>", page);
        Assert.Contains("<h2>Not attached</h2>", page);
        Assert.Contains($"<li>{Made.Project}/evaluations/older, ", page);
        var json = JsonNode.Parse(PackJson.Write(pack))!;
        Assert.AreEqual((1.25, $"{Made.Project}/evaluations/older"), (json["attachments"]![0]!["content"]!["epsilon"]!.GetValue<double>(), json["not_attached"]![0]!["resource"]!.GetValue<string>()));
        Assert.DoesNotContain("Not attached", HtmlRenderer.Render(PackDocument.Of(PackOf(Made.Careful), "key")));
    }

    [TestMethod]
    public void Evaluations_of_an_earlier_model_stand_apart()
    {
        const string Heading = "<h3>Evaluations of an earlier or unknown model</h3>";
        var older = Made.Evaluation() with { Source = new FactSource($"{Made.Project}/evaluations/older", Made.Time), ModelSha256 = "b" };
        var page = HtmlRenderer.Render(PackDocument.Of(PackOf(Made.Careful with { Evaluations = [Made.Evaluation(), older] }), "key"));
        var inventory = page[page.IndexOf("<h2>What is there</h2>", StringComparison.Ordinal)..];
        var apart = inventory.IndexOf(Heading, StringComparison.Ordinal);
        Assert.Contains($"<td>{Made.Project}/evaluations/e</td>", inventory[..apart]);
        Assert.DoesNotContain($"<td>{Made.Project}/evaluations/older</td>", inventory[..apart]);
        Assert.Contains($"<td>{Made.Project}/evaluations/older</td>", inventory[apart..]);
        Assert.DoesNotContain(Heading, HtmlRenderer.Render(PackDocument.Of(PackOf(Made.Careful), "key")));
    }

    private static EvidencePack PackOf(ProjectFacts facts, params IReadOnlyList<Framework> frameworks) =>
        EvidencePack.Of($"{Made.Project}/evidencePacks/p", 3, "users/ann", facts, frameworks.Count > 0 ? frameworks : Framework.All, [], []);

    private static string Write(EvidenceFormat format)
    {
        using var seal = EvidenceSeal.Of(Secret);
        return Encoding.UTF8.GetString(Pack.Write(format, seal));
    }

    private static bool IsWhole(byte[] file, string key)
    {
        try
        {
            return EvidenceSeal.Check(file, key).IsWhole;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"(src|href|action|srcset)\s*=|url\((?!#)|@import", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();
}
