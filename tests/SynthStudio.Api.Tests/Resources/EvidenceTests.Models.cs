using System.Text.Json;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Which model what was measured is of.</summary>
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

    private async Task<JsonDocument> PackAsync(ApiClient client, Tenant tenant) => JsonDocument.Parse(
        await DownloadAsync(client, await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }), V1.EvidenceFormat.Json));
}
