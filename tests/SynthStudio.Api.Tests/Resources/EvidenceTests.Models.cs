using System.Text.Json;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Which model what was measured is of, and how people sign in.</summary>
public sealed partial class EvidenceTests
{
    [TestMethod]
    public async Task What_counts_is_the_report_of_the_training_that_made_the_model_and_evaluations_of_rows_that_the_model_drew()
    {
        var tenant = await EvaluatedAsync(("report", Report));
        using var client = Server.Client(tenant.Key);
        var failing = await Server.Worker.TakeAsync((await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name);
        await failing.FailAsync("ODD");
        using (var kept = await PackAsync(client, tenant))
        {
            CollectionAssert.AreEquivalent(new[] { tenant.Evaluation, $"{tenant.Generator}/report" }, Evaluated(kept), "A training that failed made no model, and takes no report away.");
            Assert.AreEqual("gap", Findings(kept)["linkability"].GetProperty("outcome").GetString());
        }

        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name;
        await (await Server.Worker.TakeAsync(training)).CompleteAsync(("model", "another package"));
        using var pack = await PackAsync(client, tenant);
        CollectionAssert.AreEqual(new[] { tenant.Evaluation }, Evaluated(pack));
        foreach (var query in new[] { "linkability", "attacks", "accuracy" }) Assert.AreEqual("not_measured", Findings(pack)[query].GetProperty("outcome").GetString(), query);
        Fact(Findings(pack), "linkability", "evaluation e is of rows of an earlier or unknown model and does not count.", tenant.Evaluation);

        static string[] Evaluated(JsonDocument pack) =>
            [.. pack.RootElement.GetProperty("facts").GetProperty("evaluations").EnumerateArray().Select(e => e.GetProperty("source").GetProperty("resource").GetString()!)];
    }

    [TestMethod]
    public async Task Who_may_sign_in_by_another_provider_is_told_beside_those_who_do_by_password()
    {
        await using var server = await ApiServer.StartAsync(options => options.OpenId.Providers.Add(
            new() { Id = "corp", Authority = "https://id.example.org", ClientId = "studio", ClientSecret = "secret" }));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        foreach (var provider in new[] { "corp", "taken-out" })
        {
            await server.Get<ExternalIdentityStore>().CreateAsync(
                new ExternalIdentityRecord
                {
                    Issuer = $"https://{provider}.example.org", Subject = "7", Owner = tenant.User, Provider = provider,
                    CreateTime = TimeProvider.System.GetUtcNow(),
                });
        }

        using var pack = await PackAsync(client, tenant);
        Assert.Contains("1 member may sign in by another provider", Findings(pack)["second-factors"].GetProperty("gap").GetString()!);
        var owner = pack.RootElement.GetProperty("facts").GetProperty("access").GetProperty("members").EnumerateArray().Single(m => m.GetProperty("principal").GetString() == tenant.User);
        Assert.AreEqual("corp", owner.GetProperty("sign_in_providers").EnumerateArray().Single().GetString(), "By one that is not in the settings nobody signs in.");
    }

    private async Task<JsonDocument> PackAsync(ApiClient client, Tenant tenant) => JsonDocument.Parse(
        await DownloadAsync(
            client, await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }),
            V1.EvidenceFormat.Json));

    [TestMethod]
    public async Task A_pack_tells_no_count_of_few_people_whoever_makes_it()
    {
        const string Exact = """
            {"format_version":1,"seed":0,"verdict":{"headline":"It behaves.","findings":[],"advice":[]},
             "sampling":{"train_rows":203,"synthetic_rows":203,"holdout_rows":103,"train_rows_used":203,"synthetic_rows_used":203,"holdout_rows_used":103},
             "metrics":{"shape":0.9871,"exact_match_train":0.014778},"intervals":{"exact_match_train":{"value":0.014778,"low":0.00504,"high":0.042534}},"ceiling":{"shape":0.9912},"not_measured":[],
             "privacy":{"mode":"Fast","attacks":[{"attack":"linkability","variant":"nearest row","attempts":203,"control_attempts":103,"success":{"value":0.014778},"control":{"value":0.009709},
                 "risk":{"value":0.005119},"p_value":0.37123,"beats_baseline":true}],
               "tests":[{"measure":"exact_copies","p_value":0.00031,"is_alarm":true,"finding":"3 rows stand in training; chance explains all but 3 (0 to 7) of them"},
                 {"measure":"linkability (nearest row)","p_value":0.37123,"is_alarm":false,"finding":"succeeds for 1.478 % of training people and 0.971 % of others"}]}}
            """;
        var tenant = await EvaluatedAsync();
        using var owner = Server.Client(tenant.Key);
        var evaluations = Server.Get<EvaluationStore>();
        await evaluations.UpdateAsync((await evaluations.FindAsync(tenant.Evaluation))! with { Report = await Server.Worker.PutAsync(Exact) });
        var pack = await owner.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() });
        using var auditor = Server.Client(await MemberAsync(tenant, ProjectRole.Auditor));
        foreach (var format in new[] { V1.EvidenceFormat.Html, V1.EvidenceFormat.Markdown, V1.EvidenceFormat.Json })
        {
            var text = System.Text.Encoding.UTF8.GetString(await DownloadAsync(auditor, pack, format));
            foreach (var exact in (string[])["3 rows stand", "0.0147", "0.9871", "0.00031", "0.3712", "1.478", "1.48 %", "0.0097"]) Assert.DoesNotContain(exact, text, $"{format}");
            Assert.Contains("finds more of people in training than chance explains", text);
            Assert.Contains("told in fives", text);
        }
    }
}
