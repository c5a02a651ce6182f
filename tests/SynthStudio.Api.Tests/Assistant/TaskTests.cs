using System.Text.Json.Nodes;
using SynthStudio.Catalog;
using SynthStudio.Testing.LanguageModels;

namespace SynthStudio.Api.Tests.Assistant;

/// <summary>
/// Explanations, suggestions, drafts, proposals and classifications: made from stored facts and
/// metadata, and checked before anybody reads them.
/// </summary>
[TestClass]
public sealed class TaskTests : AssistantTest
{
    [TestMethod]
    public async Task An_evaluation_is_explained_by_its_figures_and_no_words_of_its_report_leave()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        var store = Server.Get<EvaluationStore>();
        await store.UpdateAsync((await store.FindAsync(tenant.Evaluation))! with
        {
            State = ArtifactState.Ready,
            Report = await Server.Worker.PutAsync($$$"""
                {"metrics":{"shape":0.9312,"trend":0.71},"intervals":{"shape":{"value":0.9312,"low":0.92,"high":0.94}},"verdict":{"headline":"{{{RealValue}}}","findings":[
                {"aspect":"Likeness","grade":"Fair","reason":"{{{RealValue}}}"}]},"columns":[{"name":"mail","kind":"categorical","shape":0.8,"values":["{{{RealValue}}}"]}],
                "subgroups":[{"group":"{{{RealValue}}}"}],"not_measured":[{"metric":"tstr","reason":"{{{RealValue}}}"}]}
                """),
        });
        Script = (_, _) => Reply.Says("Column shapes reach 0.93, the trend only 0.75.");

        using var call = client.Assistant.ExplainEvaluation(new() { Name = tenant.Evaluation, Question = "What is shape?" }, cancellationToken: Cancellation);
        var answer = await Chat.ReadAsync(call.ResponseStream, Cancellation);

        Assert.AreEqual("Column shapes reach 0.93, the trend only 0.75.", answer.Text);
        CollectionAssert.AreEqual(new[] { "0.75" }, answer.End!.UnsupportedNumbers.ToArray());
        var sent = Model.All.Single();
        Assert.DoesNotContain(RealValue, sent.Text);
        var data = JsonNode.Parse(sent.Messages[1]["content"]!.GetValue<string>().Split('\n')[1])!;
        Assert.AreEqual((0.93, "Fair", "tstr"), (data["metrics"]!["shape"]!.GetValue<double>(), data["grades"]!["Likeness"]!.GetValue<string>(), data["not_measured"]![0]!.GetValue<string>()));
        Assert.AreEqual("What is shape?", sent.Last);
        Assert.IsEmpty(sent.Tools);
    }

    [TestMethod]
    public async Task What_has_no_report_yet_is_not_explained()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);

        Assert.AreEqual("STATE_FORBIDS", await RefusedAsync(StatusCode.FailedPrecondition, async () =>
        {
            using var call = client.Assistant.ExplainEvaluation(new() { Name = tenant.Evaluation }, cancellationToken: Cancellation);
            await Chat.ReadAsync(call.ResponseStream, Cancellation);
        }));
        Assert.AreEqual("STATE_FORBIDS", await RefusedAsync(
            StatusCode.FailedPrecondition,
            () => client.Assistant.SuggestGeneratorOptionsAsync(new() { Name = tenant.Generator }).ResponseAsync));
        Assert.IsEmpty(Model.All);
    }

    [TestMethod]
    public async Task A_draft_tells_stored_facts_only_and_says_what_it_left_out()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        Script = (asked, _) =>
        {
            var facts = JsonNode.Parse(asked.Messages[1]["content"]!.GetValue<string>().Split('\n')[1])!["facts"]!.AsArray();
            var method = facts.Single(f => f!["name"]!.GetValue<string>() == "model.method")!["id"]!.GetValue<string>();
            return Reply.Says(
                $$$"""
                {"sections":[{"heading":"The model","sentences":[{"text":"It learns by {{{facts.Single(f => f!["id"]!.GetValue<string>() == method)!["value"]}}} | <b>bold</b>.","facts":["{{{method}}}"]},
                {"text":"It reaches 99.7 % accuracy.","facts":["{{{method}}}"]}]}]}
                """);
        };

        var draft = await client.Assistant.DraftModelCardAsync(new() { Name = tenant.Generator });

        Assert.AreEqual("It learns by autoregressive | <b>bold</b>.", draft.Sections.Single().Sentences.Single().Text);
        Assert.AreEqual("It reaches 99.7 % accuracy.", draft.Rejected.Single().Text);
        Assert.Contains("99.7", draft.Rejected.Single().Reason);
        var fact = draft.Facts.Single(f => f.Id == draft.Sections[0].Sentences[0].Facts.Single());
        Assert.AreEqual(("model.method", "autoregressive", tenant.Generator), (fact.Name, fact.Value, fact.Source));
        Assert.Contains("1 sentences of the model did not pass the check", draft.Markdown);
        Assert.Contains(@"\| \<b\>bold\</b\>", draft.Markdown);
        Assert.DoesNotContain(tenant.User, string.Concat(Model.All.Select(asked => asked.Text)), "Who people are leaves for no model.");
    }

    [TestMethod]
    public async Task A_compliance_narrative_tells_what_its_evidence_pack_says_and_nothing_beside_it()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        var pack = await client.Evidence.CreateEvidencePackAsync(new()
        {
            Parent = tenant.Project, EvidencePackId = "e",
            EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Gdpr, V1.EvidenceFramework.Soc2 } },
        });
        await client.Generators.UpdateGeneratorAsync(new()
        {
            Generator = new() { Name = tenant.Generator, DisplayName = "Renamed since" }, UpdateMask = new() { Paths = { "display_name" } },
        });
        Script = (asked, _) =>
        {
            var facts = JsonNode.Parse(asked.Messages[1]["content"]!.GetValue<string>().Split('\n')[1])!["facts"]!.AsArray();
            var roles = facts.Single(f => f!["value"]!.GetValue<string>().StartsWith("1 owner: ", StringComparison.Ordinal))!;
            var standing = facts.First(f => f!["name"]!.GetValue<string>() == "standing" && f["bears_on"]!.AsArray().Any(b => b!.GetValue<string>() == "GDPR Art. 5(1)(e)"))!;
            return Reply.Says(new JsonObject
            {
                ["sections"] = new JsonArray(new JsonObject
                {
                    ["heading"] = "Access and retention",
                    ["sentences"] = new JsonArray(
                        Sentence($"For GDPR Art. 5(1)(e) it stands so: {standing["value"]}.", standing), Sentence("The project has 1 owner.", roles),
                        Sentence("The project has 17 owners.", roles), Sentence("There are 5 owners, as GDPR Art. 5(1)(f) asks.", roles), Sentence("The project complies with GDPR.", standing)),
                }),
            }.ToJsonString());
        };

        var draft = await client.Assistant.DraftComplianceNarrativeAsync(new() { Name = pack.Name, Framework = V1.EvidenceFramework.Gdpr });

        Assert.HasCount(2, draft.Sections.Single().Sentences);
        CollectionAssert.AreEqual(
            new[] { "The project has 17 owners.", "There are 5 owners, as GDPR Art. 5(1)(f) asks.", "The project complies with GDPR." }, draft.Rejected.Select(r => r.Text).ToArray());
        Assert.Contains("numbers that its facts have not: 5", draft.Rejected[1].Reason);
        // Each sentence can be traced to a fact of the pack's own file.
        using var download = client.Evidence.DownloadEvidencePack(new() { Name = pack.Name, Format = V1.EvidenceFormat.Json });
        var file = "";
        while (await download.ResponseStream.MoveNext(Cancellation)) file += download.ResponseStream.Current.Data.ToStringUtf8();
        var stated = JsonNode.Parse(file)!["frameworks"]!.AsArray()
            .SelectMany(f => f!["controls"]!.AsArray())
            .SelectMany(c => c!["findings"]!.AsArray())
            .SelectMany(f => f!["facts"]!.AsArray())
            .Select(f => f!["statement"]!.GetValue<string>()).ToHashSet();
        var owner = draft.Facts.Single(f => f.Id == draft.Sections[0].Sentences[1].Facts.Single());
        Assert.Contains("1 owner: users/…", owner.Value);
        Assert.Contains(owner.Value.Replace("users/…", tenant.User, StringComparison.Ordinal), stated);
        Assert.Contains("GDPR Art. 5(1)(f)", owner.BearsOn.ToList());
        Assert.Contains("GDPR Art. 5(1)(e) it stands so", draft.Markdown);
        // Nothing of other laws, of people, of values, or of what came after the pack.
        var sent = string.Concat(Model.All.Select(asked => asked.Text));
        foreach (var secret in (string[])[tenant.User, RealValue, "Renamed since", "SOC 2"]) Assert.DoesNotContain(secret, sent);
        Assert.AreEqual("INVALID_FIELD", await RefusedAsync(
            StatusCode.InvalidArgument, () => client.Assistant.DraftComplianceNarrativeAsync(
                new() { Name = pack.Name, Framework = V1.EvidenceFramework.Hipaa }).ResponseAsync));

        static JsonObject Sentence(string text, JsonNode fact) => new() { ["text"] = text, ["facts"] = new JsonArray(fact["id"]!.DeepClone()) };
    }

    [TestMethod]
    public async Task Every_fact_of_an_evidence_pack_may_be_quoted()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        var pack = await client.Evidence.CreateEvidencePackAsync(
            new() { Parent = tenant.Project, EvidencePackId = "e", EvidencePack = new() { Frameworks = { V1.EvidenceFramework.Gdpr } } });
        var count = 0;
        Script = (asked, _) =>
        {
            var facts = JsonNode.Parse(asked.Messages[1]["content"]!.GetValue<string>().Split('\n')[1])!["facts"]!.AsArray();
            var sentences = facts.Select(fact => (JsonNode)new JsonObject
            {
                ["text"] = fact!["value"]!.GetValue<string>(), ["facts"] = new JsonArray(fact["id"]!.DeepClone()),
            }).ToArray();
            count = sentences.Length;
            return Reply.Says(new JsonObject { ["sections"] = new JsonArray(new JsonObject { ["heading"] = "All", ["sentences"] = new JsonArray(sentences) }) }.ToJsonString());
        };

        var draft = await client.Assistant.DraftComplianceNarrativeAsync(new() { Name = pack.Name });

        Assert.AreEqual("", string.Join('\n', draft.Rejected.Select(r => $"{r.Text}: {r.Reason}")));
        Assert.HasCount(count, draft.Sections.Single().Sentences);
        Assert.Contains("lawful", string.Concat(draft.Sections.Single().Sentences.Select(s => s.Text)));
    }

    [TestMethod]
    public async Task A_table_comes_out_as_our_parser_takes_it_with_its_rows()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        Script = (_, number) => Reply.Says(number == 0 ? """{"columns":{"age":{"type":"wrong"}}}""" : """{"columns":{"age":{"type":"integer","min":1,"max":9}}}""");

        var proposed = await client.Assistant.ProposeTableAsync(new() { Parent = tenant.Project, Description = "People with ages", SeedRows = 2 });

        Assert.AreEqual("age\n1\n2\n", proposed.Csv);
        Assert.AreEqual("integer", JsonNode.Parse(proposed.DeclarationJson)!["columns"]!["age"]!["type"]!.GetValue<string>());
        Assert.Contains("the type is wrong", Model.All[1].Last);
        Script = (_, _) => Reply.Says("""{"columns":{"age":{"type":"wrong"}}}""");
        Assert.AreEqual("ASSISTANT_ANSWER_UNUSABLE", await RefusedAsync(StatusCode.Aborted, () => client.Assistant.ProposeTableAsync(
            new() { Parent = tenant.Project, Description = "x" }).ResponseAsync));
        Assert.AreEqual("INVALID_FIELD", await RefusedAsync(StatusCode.InvalidArgument, () => client.Assistant.ProposeTableAsync(
            new() { Parent = tenant.Project }).ResponseAsync));
    }

    [TestMethod]
    public async Task Columns_are_classified_by_name_and_kind_alone()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        Script = (_, _) => Reply.Says("""
            {"columns":[{"name":"mail","content":"mail address","sensitivity":"direct_identifier","confidence":"high","reason":"its name"},
            {"name":"age","content":"age in years","sensitivity":"quasi_identifier","confidence":"medium","reason":"its name"}]}
            """);

        var found = await client.Assistant.ClassifyColumnsAsync(new() { Name = tenant.Dataset });

        CollectionAssert.AreEqual(
            new[] { ("mail", "categorical", V1.Sensitivity.DirectIdentifier), ("age", "integer", V1.Sensitivity.QuasiIdentifier) },
            found.Columns.Select(c => (c.Column, c.Kind, c.Sensitivity)).ToArray());
        Assert.DoesNotContain(RealValue, Model.All.Single().Text);
        Assert.IsEmpty((await Server.Get<DatasetStore>().FindAsync(tenant.Dataset))!.Sensitivity, "A proposal is not stored.");
    }

    [TestMethod]
    public async Task Suggestions_are_options_that_the_method_takes()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name;
        await (await Server.Worker.TakeAsync(training)).CompleteAsync(("model", "m"));
        var model = (await Server.Get<IGrainFactory>().GetGrain<IGeneratorGrain>(tenant.Generator).GetAsync()).Model!;
        var synthetics = Server.Get<SyntheticDatasetStore>();
        await synthetics.UpdateAsync((await synthetics.FindAsync(tenant.Synthetic))! with { State = ArtifactState.Ready, ModelSha256 = model.Sha256 });
        var evaluations = Server.Get<EvaluationStore>();
        await evaluations.UpdateAsync((await evaluations.FindAsync(tenant.Evaluation))! with
        {
            State = ArtifactState.Ready, Metrics = new Dictionary<string, double> { ["trend"] = 0.712 },
        });
        Script = (_, _) => Reply.Says("""{"summary":"Weak trend.","suggestions":[{"option":"width","value":"512","reason":"trend is 0.71"},{"option":"width","value":"9","reason":"smaller"}]}""");

        var advice = await client.Assistant.SuggestGeneratorOptionsAsync(new() { Name = tenant.Generator });

        Assert.AreEqual(("width", "512"), (advice.Suggestions.Single().Option, advice.Suggestions.Single().Value));
        Assert.Contains("a whole number from 16 to 4096", advice.Rejected.Single());
        Assert.AreEqual("", (await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator })).Options.GetValueOrDefault("width", ""), "Nothing is changed.");
    }
}
