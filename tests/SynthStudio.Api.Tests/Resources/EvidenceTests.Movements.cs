using System.Text.Json;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Where rows came from and went to, and what was removed.</summary>
public sealed partial class EvidenceTests
{
    [TestMethod]
    public async Task Hosts_that_rows_came_from_and_consents_to_language_models_are_told()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var now = TimeProvider.System.GetUtcNow();
        await Server.Get<TransferStore>().TryCreateAsync(
            new TransferRecord
            {
                Name = $"{tenant.Project}/transfers/moved", Project = tenant.Project, Creator = tenant.User, CreateTime = now,
                EndTime = now, State = TransferState.Succeeded, Rows = 3,
                Endpoint = new TransferEndpoint
                {
                    Postgres = new PostgresAddress("db.example.org", 5432, "shop", "reader", TransportSecurity.None),
                },
                Spec = new TransferSpec
                {
                    Query = new QueryImport($"{tenant.Project}/uploads/u2", tenant.Dataset, "SELECT secret_thing", 9, 9),
                },
            },
            most: 9);
        await Server.Get<AssistantConsentStore>().SetAsync(
            new AssistantConsent(tenant.Dataset, tenant.Project, tenant.User, ["models.example.org"], now));

        using var json = JsonDocument.Parse(await DownloadAsync(
            client, await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }),
            V1.EvidenceFormat.Json));

        var findings = Findings(json);
        Fact(findings, "receivers", "Rows were moved without TLS: 1 data set from db.example.org", $"{tenant.Project}/transfers/moved");
        Fact(findings, "receivers", "Rows may be moved from and to storage.example.org, over TLS", tenant.Connection);
        Fact(findings, "receivers", $"values of {tenant.Dataset} are sent to models.example.org", $"{tenant.Dataset}/assistantConsent");
        Assert.IsTrue(json.RootElement.GetProperty("data_flow").GetProperty("edges").EnumerateArray()
            .Any(e => e.GetProperty("to").GetString() == tenant.Dataset && e.GetProperty("what").GetString() == "rows, imported"));
        Assert.DoesNotContain("secret_thing", json.RootElement.GetRawText(), "Queries may name values.");
    }

    [TestMethod]
    public async Task Real_rows_that_left_are_told_as_real_and_drawn_ones_as_drawn()
    {
        var tenant = await EvaluatedAsync();
        using var client = Server.Client(tenant.Key);
        var (now, transfers, trail) =
            (TimeProvider.System.GetUtcNow(), Server.Get<TransferStore>(), Server.Get<Catalog.Audit.AuditTrail>());
        await ExportedAsync("real", new TransferSpec { Table = new TableExport(tenant.Dataset, "public", "t", Overwrite: false, []) });
        await ExportedAsync("drawn", new TransferSpec { Table = new TableExport(tenant.Synthetic, "public", "t", Overwrite: false, []) });
        foreach (var method in new[] { ExportSources.RealRowsExported, "DatasetService/DownloadDataset" })
        {
            await trail.AppendAsync(
                tenant.Project, new() { Actor = tenant.User, Method = method, Resource = tenant.Dataset, Outcome = "OK" });
        }

        await trail.AppendAsync(tenant.Project, new()
        {
            Actor = tenant.User, Method = "DatasetService/DownloadDataset", Resource = tenant.Dataset, Outcome = "PERMISSION_DENIED",
        });

        using var json = JsonDocument.Parse(await DownloadAsync(
            client, await client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }),
            V1.EvidenceFormat.Json));

        var findings = Findings(json);
        Fact(
            findings, "receivers", "0 data sets from real.example.org, 0 synthetic data sets and the real rows of 1 data set to it",
            $"{tenant.Project}/transfers/real");
        Fact(
            findings, "receivers", "0 data sets from drawn.example.org, 1 synthetic data set and the real rows of 0 data sets to it",
            $"{tenant.Project}/transfers/drawn");
        Fact(
            findings, "receivers", "Real rows left by 1 export to databases and buckets, and by 1 download,",
            $"{tenant.Project}/auditTrail");
        Fact(findings, "synthetic-instead", "downloaded 1 time and exported 1 time.", $"{tenant.Project}/auditTrail");
        var flow = json.RootElement.GetProperty("data_flow");
        var titles = flow.GetProperty("nodes").EnumerateArray().ToDictionary(
            n => n.GetProperty("id").GetString()!,
            n => (Title: n.GetProperty("title").GetString(), IsReal: n.GetProperty("holds_real_rows").GetBoolean()));
        CollectionAssert.AreEquivalent(
            new[]
            {
                "real.example.org: real rows, exported, True", "downloaded tables: real rows, downloaded, True",
                "drawn.example.org: synthetic rows, exported, False",
            },
            flow.GetProperty("edges").EnumerateArray().Select(e => (
                    Place: titles[e.GetProperty("to").GetString()!], What: e.GetProperty("what").GetString()!,
                    IsReal: e.GetProperty("carries_real_rows").GetBoolean()))
                .Where(e => e.What.EndsWith("ed", StringComparison.Ordinal))
                .Select(e => $"{e.Place.Title}: {e.What}, {e.IsReal && e.Place.IsReal}").ToArray());

        async Task ExportedAsync(string host, TransferSpec spec) => Assert.IsTrue(await transfers.TryCreateAsync(
            new TransferRecord
            {
                Name = $"{tenant.Project}/transfers/{host}", Project = tenant.Project, Creator = tenant.User, CreateTime = now,
                EndTime = now, State = TransferState.Succeeded, Rows = 3,
                Endpoint = new TransferEndpoint
                {
                    Postgres = new PostgresAddress($"{host}.example.org", 5432, "shop", "writer", TransportSecurity.Verified),
                },
                Spec = spec,
            },
            most: 9));
    }

    [TestMethod]
    public async Task Removals_by_the_service_itself_are_deletions()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var trail = Server.Get<SynthStudio.Api.Evidence.TrailEvidence>();
        var before = await trail.ReadAsync(tenant.Project, Cancellation);
        await Server.Get<Catalog.Audit.AuditTrail>().AppendAsync(
            tenant.Project, new() { Actor = "system", Method = "DatasetService/PurgeDataset", Resource = tenant.Dataset, Outcome = "OK" });
        var after = await trail.ReadAsync(tenant.Project, Cancellation);
        Assert.AreEqual((1, 1), (after.Deletions - before.Deletions, after.RemovedByRetention - before.RemovedByRetention));
    }
}
