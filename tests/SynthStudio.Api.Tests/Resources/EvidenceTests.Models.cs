using System.Text.Json;
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

        await (await Server.Worker.TakeAsync((await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name)).CompleteAsync(("model", "another package"));
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
        await using var server = await ApiServer.StartAsync(options => options.OpenId.Providers.Add(new() { Id = "corp", Authority = "https://id.example.org", ClientId = "studio", ClientSecret = "secret" }));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        foreach (var provider in new[] { "corp", "taken-out" })
        {
            await server.Get<ExternalIdentityStore>().CreateAsync(
                new ExternalIdentityRecord { Issuer = $"https://{provider}.example.org", Subject = "7", Owner = tenant.User, Provider = provider, CreateTime = TimeProvider.System.GetUtcNow() });
        }

        using var pack = await PackAsync(client, tenant);
        Assert.Contains("1 member may sign in by another provider", Findings(pack)["second-factors"].GetProperty("gap").GetString()!);
        var owner = pack.RootElement.GetProperty("facts").GetProperty("access").GetProperty("members").EnumerateArray().Single(m => m.GetProperty("principal").GetString() == tenant.User);
        Assert.AreEqual("corp", owner.GetProperty("sign_in_providers").EnumerateArray().Single().GetString(), "By one that is not in the settings nobody signs in.");
    }

    private async Task<JsonDocument> PackAsync(ApiClient client, Tenant tenant) => JsonDocument.Parse(
        await DownloadAsync(client, await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }), V1.EvidenceFormat.Json));
}
