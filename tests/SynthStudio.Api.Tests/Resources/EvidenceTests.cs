using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Catalog;
using SynthStudio.Evidence.Sealing;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Evidence packs are made of what is stored, do not change, and go as projects say.</summary>
[TestClass]
public sealed partial class EvidenceTests : ApiTest
{
    private const string Report = """
        {"format_version":1,"seed":0,"verdict":{"headline":"It behaves like the real table.","findings":[{"aspect":"Is it fair?","grade":"Poor","reason":"the rate of plan = secret-value differs"}],"advice":[]},
         "sampling":{"holdout_rows":4},"metrics":{"shape":0.97,"trend":null},"intervals":{"shape":{"value":0.97,"low":0.9,"high":0.99}},"ceiling":{"shape":0.99},
         "histograms":[{"values":["secret-value"]}],"not_measured":[{"metric":"tstr","reason":"there is no target"}],
         "privacy":{"mode":"Fast","attacks":[{"attack":"linkability","variant":"nearest row","attempts":500,"success":{"value":0.2},"control":{"value":0.01},"risk":{"value":0.19},"p_value":0,"beats_baseline":true}],
                    "tests":[{"measure":"linkability (nearest row)","p_value":0.0000001,"is_alarm":true,"finding":"succeeds for 20 % of training people and 1 % of others"}]}}
        """;

    [TestMethod]
    public async Task A_pack_tells_what_is_stored_with_its_source_and_what_is_not()
    {
        var tenant = await EvaluatedAsync();
        using var client = Server.Client(tenant.Key);
        await client.Projects.UpdateProjectAsync(new()
        {
            Project = new() { Name = tenant.Project, Retention = new() { Datasets = Duration.FromTimeSpan(TimeSpan.FromDays(90)) } },
            UpdateMask = new() { Paths = { "retention" } },
        });
        var pack = await client.Evidence.CreateEvidencePackAsync(new()
        {
            Parent = tenant.Project, EvidencePackId = "mine", EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Gdpr } },
        });

        Assert.AreEqual(($"{tenant.Project}/evidencePacks/mine", 1, tenant.User), (pack.Name, pack.Version, pack.Creator));
        Assert.HasCount(3, pack.Files);
        Assert.AreEqual(23, pack.Summaries.Single().Counts.Sum(c => c.Controls));
        using var json = JsonDocument.Parse(await DownloadAsync(client, pack, V1.EvidenceFormat.Json));
        var findings = Findings(json);
        Fact(findings, "personal-data", "mail (email, confidence at least 0.9)", tenant.Dataset);
        Fact(findings, "roles", tenant.User, $"{tenant.Project}/members");
        Fact(findings, "retention", "Real tables are kept for 90 days", tenant.Project);
        Fact(findings, "trail-sound", "lines were read again", $"{tenant.Project}/auditTrail");
        Fact(findings, "accuracy", "It behaves like the real table.", tenant.Evaluation);
        Assert.AreEqual("gap", findings["linkability"].GetProperty("outcome").GetString());
        Assert.Contains("Alarm in evaluation e, linkability (nearest row)", findings["linkability"].GetProperty("gap").GetString()!);
        Assert.Contains("was trained without differential privacy", findings["promise"].GetProperty("gap").GetString()!);
        Assert.AreEqual("gap", findings["encryption-at-rest"].GetProperty("outcome").GetString());
        Assert.AreEqual("not_measured", findings["k-anonymity"].GetProperty("outcome").GetString());
        var source = findings["accuracy"].GetProperty("facts")[0].GetProperty("source");
        Assert.AreEqual((await Server.Get<EvaluationStore>().FindAsync(tenant.Evaluation))!.Report!.Sha256, source.GetProperty("sha256").GetString());
        CollectionAssert.AreEquivalent(
            new[] { $"Evaluation {tenant.Evaluation}", $"Model card of {tenant.Generator}", $"Privacy report of {tenant.Generator}" },
            json.RootElement.GetProperty("attachments").EnumerateArray().Select(a => a.GetProperty("title").GetString()).ToArray());
        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Resource = pack.Name } })).AuditEntries;
        CollectionAssert.AreEqual(new[] { "EvidenceService/DownloadEvidencePack", "EvidenceService/CreateEvidencePack" }, noted.Select(e => e.Method).ToArray());
    }

    [TestMethod]
    public async Task Of_many_reports_the_newest_are_embedded_and_the_others_named()
    {
        var tenant = await EvaluatedAsync();
        using var client = Server.Client(tenant.Key);
        var evaluations = Server.Get<EvaluationStore>();
        var first = (await evaluations.FindAsync(tenant.Evaluation))!;
        for (var i = 1; i <= 5; i++)
        {
            await evaluations.CreateAsync(first with
            {
                Name = $"{tenant.Project}/evaluations/later{i}", Version = 1, CreateTime = first.CreateTime.AddMinutes(i),
                UpdateTime = first.UpdateTime.AddMinutes(i),
            });
        }

        var pack = await client.Evidence.CreateEvidencePackAsync(
            new() { Parent = tenant.Project, EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Soc2 } } });

        var page = System.Text.Encoding.UTF8.GetString(await DownloadAsync(client, pack, V1.EvidenceFormat.Html));

        for (var i = 1; i <= 5; i++) Assert.Contains($"<h2>Evaluation {tenant.Project}/evaluations/later{i}</h2>", page);
        Assert.DoesNotContain($"<h2>Evaluation {tenant.Evaluation}</h2>", page);
        Assert.Contains($"<li>{tenant.Evaluation}, ", page[page.IndexOf("<h2>Not attached</h2>", StringComparison.Ordinal)..]);
        foreach (var shown in (string[])[$"<h2>Privacy report of {tenant.Generator}</h2>", $"<h2>Model card of {tenant.Generator}</h2>", "<figure><svg xmlns=", "0.97", "linkability (nearest row)"]) Assert.Contains(shown, page);
        using var json = JsonDocument.Parse(await DownloadAsync(client, pack, V1.EvidenceFormat.Json));
        Assert.AreEqual(tenant.Evaluation, json.RootElement.GetProperty("not_attached").EnumerateArray().Single().GetProperty("resource").GetString());
    }

    [TestMethod]
    public async Task No_form_holds_a_value_of_the_tables_or_a_persons_address()
    {
        var tenant = await EvaluatedAsync();
        using var client = Server.Client(tenant.Key);
        var pack = await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() });
        foreach (var format in new[] { V1.EvidenceFormat.Html, V1.EvidenceFormat.Markdown, V1.EvidenceFormat.Json })
        {
            var text = System.Text.Encoding.UTF8.GetString(await DownloadAsync(client, pack, format));
            Assert.DoesNotContain("secret-value", text, "Reports may name values; packs do not.");
            Assert.DoesNotContain("a,b\n1,2", text);
            Assert.DoesNotContain("@example", text);
        }
    }

    [TestMethod]
    public async Task Files_are_signed_and_checked_without_the_server()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        using var nobody = Server.Client(null);
        var pack = await client.Evidence.CreateEvidencePackAsync(
            new() { Parent = tenant.Project, EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Soc2 } } });
        var key = await nobody.Evidence.GetEvidenceKeyAsync(new());
        foreach (var (format, file) in new[]
        {
            (V1.EvidenceFormat.Html, EvidenceFormat.Html), (V1.EvidenceFormat.Markdown, EvidenceFormat.Markdown),
            (V1.EvidenceFormat.Json, EvidenceFormat.Json),
        })
        {
            var bytes = await DownloadAsync(client, pack, format);
            var found = EvidenceSeal.Check(bytes, key.PublicKeyPem);
            Assert.IsTrue(found.IsWhole);
            Assert.AreEqual(
                (pack.Name, pack.Version, file, pack.FactsSha256, key.Sha256),
                (found.Label.Pack, found.Label.Number, found.Label.Format, found.Label.FactsSha256, found.Fingerprint));
            Assert.AreEqual(pack.Files.Single(f => f.Format == format).Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
            bytes[bytes.Length / 2] ^= 1;
            Assert.IsFalse(EvidenceSeal.Check(bytes, key.PublicKeyPem).IsWhole);
        }

        using var http = Server.Http(tenant.Key);
        var page = await http.GetAsync($"/v1/{pack.Name}:download?format=EVIDENCE_FORMAT_HTML", Cancellation);
        Assert.AreEqual("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.IsTrue(EvidenceSeal.Check(await page.Content.ReadAsByteArrayAsync(Cancellation), key.PublicKeyPem).IsWhole, "Over HTTP the same bytes.");
    }

    [TestMethod]
    public async Task Packs_have_numbers_do_not_change_and_are_repeated_by_request_id()
    {
        var tenant = await EvaluatedAsync();
        using var client = Server.Client(tenant.Key);
        var request = new V1.CreateEvidencePackRequest
        {
            Parent = tenant.Project, EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Ccpa } },
            RequestId = Guid.NewGuid().ToString(),
        };
        var first = await client.Evidence.CreateEvidencePackAsync(request);
        Assert.AreEqual(first, await client.Evidence.CreateEvidencePackAsync(request));
        var before = await DownloadAsync(client, first, V1.EvidenceFormat.Html);
        await client.Datasets.UpdateDatasetSensitivityAsync(new()
        {
            DatasetSensitivity = new() { Name = $"{tenant.Dataset}/sensitivity", Columns = { new V1.ColumnSensitivity { Column = "plan", Mark = V1.Sensitivity.Sensitive } } },
        });
        var second = await client.Evidence.CreateEvidencePackAsync(
            new() { Parent = tenant.Project, EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Ccpa } } });
        Assert.AreNotEqual(first.FactsSha256, second.FactsSha256);
        CollectionAssert.AreEqual(before, await DownloadAsync(client, first, V1.EvidenceFormat.Html), "What was shown stays what was shown.");
        Assert.AreEqual(1, second.Version - first.Version);

        var about = await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() { Subject = tenant.Generator } });
        Assert.AreEqual((1, tenant.Generator), (about.Version, about.Subject));
        await client.Evidence.DeleteEvidencePackAsync(new() { Name = about.Name });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Evidence.GetEvidencePackAsync(new() { Name = about.Name }).ResponseAsync);
        Assert.AreEqual(2, (await client.Evidence.CreateEvidencePackAsync(
            new() { Parent = tenant.Project, EvidencePack = new() { Subject = tenant.Generator } })).Version, "Not given out again.");
        Assert.HasCount(4, (await client.Evidence.ListEvidencePacksAsync(new() { Parent = tenant.Project })).EvidencePacks);
    }

    [TestMethod]
    public async Task A_pack_about_synthetic_rows_holds_where_they_come_from_and_nothing_else_of_the_project()
    {
        var tenant = await EvaluatedAsync();
        using var client = Server.Client(tenant.Key);
        var other = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = "other", Generator = new() { Dataset = tenant.Dataset } });
        var pack = await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() { Subject = tenant.Synthetic } });
        using var json = JsonDocument.Parse(await DownloadAsync(client, pack, V1.EvidenceFormat.Json));
        var facts = json.RootElement.GetProperty("facts");
        CollectionAssert.AreEqual(new[] { tenant.Dataset }, Names(facts, "datasets"));
        CollectionAssert.AreEqual(new[] { tenant.Generator }, Names(facts, "generators"), $"Not {other.Name}.");
        CollectionAssert.AreEqual(new[] { tenant.Synthetic }, Names(facts, "synthetic_datasets"));
        CollectionAssert.AreEqual(new[] { tenant.Evaluation }, Names(facts, "evaluations"));

        static string[] Names(JsonElement facts, string kind) =>
            [.. facts.GetProperty(kind).EnumerateArray().Select(f => f.GetProperty("source").GetProperty("resource").GetString()!)];
    }

    [TestMethod]
    public async Task What_was_deleted_is_marked_while_it_is_stored_and_its_model_still_learned_what_it_learned()
    {
        var tenant = await EvaluatedAsync();
        using var client = Server.Client(tenant.Key);
        await client.Evaluations.DeleteEvaluationAsync(new() { Name = tenant.Evaluation });
        await client.Synthetics.DeleteSyntheticDatasetAsync(new() { Name = tenant.Synthetic });
        await client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator });
        await client.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset });

        using var json = JsonDocument.Parse(await DownloadAsync(
            client, await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }),
            V1.EvidenceFormat.Json));

        foreach (var kind in new[] { "datasets", "generators", "synthetic_datasets" })
            Assert.IsTrue(json.RootElement.GetProperty("facts").GetProperty(kind).EnumerateArray().Any(f => f.GetProperty("state").GetString() == "Deleted"), kind);
        var findings = Findings(json);
        Assert.AreEqual("gap", findings["learned-identifiers"].GetProperty("outcome").GetString());
        Assert.Contains("deleted learns with their values: mail", findings["learned-identifiers"].GetProperty("gap").GetString()!);
        Fact(findings, "deletions", "stored until the time to bring it back is over", tenant.Project);
        Assert.AreEqual("gap", findings["synthetic-instead"].GetProperty("outcome").GetString(), "Deleted rows are there for nobody.");
    }

    [TestMethod]
    public async Task What_cannot_be_made_is_refused_with_what_to_do()
    {
        var (tenant, other) = (await Tenant.CreateAsync(Server), await Tenant.CreateAsync(Server));
        using var client = Server.Client(tenant.Key);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(new() { Frameworks = { (V1.EvidenceFramework)9 } }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => CreateAsync(new() { Frameworks = { V1.EvidenceFramework.Unspecified } }));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_NAME", () => CreateAsync(new() { Subject = tenant.Dataset }));
        await RefusedAsync(StatusCode.NotFound, null, () => CreateAsync(new() { Subject = other.Generator }));
        await RefusedAsync(StatusCode.NotFound, null, () => CreateAsync(new() { Subject = $"{tenant.Project}/generators/none" }));
        await RefusedAsync(StatusCode.AlreadyExists, null, () => client.Evidence.CreateEvidencePackAsync(
            new() { Parent = tenant.Project, EvidencePackId = "p", EvidencePack = new() }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Evidence.ListControlsAsync(
            new() { Framework = (V1.EvidenceFramework)9 }).ResponseAsync);
        using var unknown = client.Evidence.DownloadEvidencePack(
            new() { Name = tenant.EvidencePack, Format = (V1.EvidenceFormat)9 }, cancellationToken: Cancellation);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => unknown.ResponseStream.MoveNext(Cancellation));

        Task CreateAsync(V1.EvidencePack wanted) =>
            client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = wanted }).ResponseAsync;
    }

    [TestMethod]
    public async Task Controls_are_listed_for_who_asks_beforehand()
    {
        using var client = Server.Client((await Server.UserAsync(Identity.AccessScope.Read)).Key);
        var all = (await client.Evidence.ListControlsAsync(new())).Controls;
        var hipaa = (await client.Evidence.ListControlsAsync(new() { Framework = V1.EvidenceFramework.Hipaa })).Controls;
        Assert.IsGreaterThan(60, all.Count);
        Assert.IsTrue(hipaa.Count < all.Count && hipaa.All(c => c.Framework == V1.EvidenceFramework.Hipaa));
        Assert.IsTrue(all.Single(c => c.Id == "soc2-cc7-2").Questions.Any(q => q.Id == "trail-sound"));
    }

    [TestMethod]
    public async Task Packs_go_when_their_time_is_over_and_with_their_project()
    {
        await using var server = await ApiServer.StartAsync(); // Others have theirs tidied up meanwhile.
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var store = server.Get<EvidencePackStore>();
        var old = (await store.FindAsync(tenant.EvidencePack))! with { Name = $"{tenant.Project}/evidencePacks/old", CreateTime = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3) };
        await store.TryCreateAsync(old, most: 9);
        await client.Projects.UpdateProjectAsync(new()
        {
            Project = new() { Name = tenant.Project, Retention = new() { EvidencePacks = Duration.FromTimeSpan(TimeSpan.FromDays(2)) } },
            UpdateMask = new() { Paths = { "retention" } },
        });
        Assert.AreEqual(TimeSpan.FromDays(2), (await client.Projects.GetProjectAsync(new() { Name = tenant.Project })).Retention.EvidencePacks.ToTimeSpan());
        Assert.AreEqual(old.Name, (await client.Projects.PreviewRetentionAsync(new() { Name = tenant.Project })).Removed.Single().Name);
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);
        Assert.IsNull(await store.FindAsync(old.Name));
        Assert.IsNotNull(await store.FindAsync(tenant.EvidencePack));
        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Actor = "system" } })).AuditEntries.Single();
        Assert.AreEqual(("EvidenceService/DeleteEvidencePack", old.Name), (noted.Method, noted.Resource));

        await client.Projects.DeleteProjectAsync(new() { Name = tenant.Project });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Evidence.GetEvidencePackAsync(new() { Name = tenant.EvidencePack }).ResponseAsync);
        await EventuallyAsync(
            async () =>
            {
                await client.Projects.PurgeProjectAsync(new() { Name = tenant.Project }).ResponseAsync.ContinueWith(_ => { }, Cancellation);
                return await store.FindAsync(tenant.EvidencePack);
            },
            pack => pack is null);
    }

    [TestMethod]
    public async Task A_tampered_trail_is_a_gap_and_not_hidden()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(server.Folder, "catalog.db")}"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = $"UPDATE audit_entries SET line = replace(line, 'CreateUpload', 'CreateUpl0ad') WHERE chain = '{tenant.Project}'";
            Assert.IsGreaterThan(0, await command.ExecuteNonQueryAsync(Cancellation));
        }

        var pack = await client.Evidence.CreateEvidencePackAsync(
            new() { Parent = tenant.Project, EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Soc2 } } });
        using var json = JsonDocument.Parse(await DownloadAsync(client, pack, V1.EvidenceFormat.Json));
        var sound = Findings(json)["trail-sound"];
        Assert.AreEqual("gap", sound.GetProperty("outcome").GetString());
        Assert.Contains("is not what was written", sound.GetProperty("gap").GetString()!);
    }

    [TestMethod]
    public async Task Stored_packs_are_encrypted_where_objects_are_and_tables_from_before_are_told()
    {
        await using var server = await ApiServer.StartAsync(encrypt: true);
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var pack = await client.Evidence.CreateEvidencePackAsync(
            new() { Parent = tenant.Project, EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Hipaa } } });
        var file = (await server.Get<EvidencePackStore>().FindAsync(pack.Name))!.Files["Html"];
        Assert.AreNotEqual(ObjectKeys.For(file.Sha256), file.Key);
        using var json = JsonDocument.Parse(await DownloadAsync(client, pack, V1.EvidenceFormat.Json));
        Fact(Findings(json), "encryption-at-rest", "1 of 1 real table is stored encrypted", tenant.Dataset);
        Assert.AreEqual("supported", json.RootElement.GetProperty("frameworks")[0].GetProperty("controls").EnumerateArray()
            .Single(c => c.GetProperty("id").GetString() == "hipaa-312-a-2-iv").GetProperty("standing").GetString());
    }

    private static void Fact(Dictionary<string, JsonElement> findings, string query, string text, string resource) => Assert.IsTrue(
        findings[query].GetProperty("facts").EnumerateArray().Any(f => f.GetProperty("statement").GetString()!.Contains(text, StringComparison.Ordinal)
            && f.GetProperty("source").GetProperty("resource").GetString() == resource),
        $"{text} in {findings[query]}");

    private static Dictionary<string, JsonElement> Findings(JsonDocument pack) => pack.RootElement.GetProperty("frameworks").EnumerateArray()
        .SelectMany(f => f.GetProperty("controls").EnumerateArray()).SelectMany(c => c.GetProperty("findings").EnumerateArray())
        .DistinctBy(f => f.GetProperty("query").GetString()).ToDictionary(f => f.GetProperty("query").GetString()!, f => f);

    private async Task<byte[]> DownloadAsync(ApiClient client, V1.EvidencePack pack, V1.EvidenceFormat format)
    {
        using var call = client.Evidence.DownloadEvidencePack(new() { Name = pack.Name, Format = format }, cancellationToken: Cancellation);
        using var file = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(Cancellation)) piece.Data.WriteTo(file);
        return file.ToArray();
    }

    /// <summary>A tenant with a model without a promise, rows drawn from it, and a report on them in which an attack succeeds.</summary>
    private async Task<Tenant> EvaluatedAsync(params (string Role, string Content)[] artifacts)
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var worker = await Server.Worker.TakeAsync((await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name);
        await worker.CompleteAsync([("model", "no package"), .. artifacts]);
        var model = (await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator })).Model.Sha256;
        var evaluations = Server.Get<EvaluationStore>();
        await evaluations.UpdateAsync((await evaluations.FindAsync(tenant.Evaluation))! with
        {
            State = ArtifactState.Ready, Report = await Server.Worker.PutAsync(Report),
        });
        var synthetics = Server.Get<SyntheticDatasetStore>();
        await synthetics.UpdateAsync((await synthetics.FindAsync(tenant.Synthetic))! with { State = ArtifactState.Ready, ModelSha256 = model });
        return tenant;
    }
}
