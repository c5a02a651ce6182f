using System.Net;
using System.Text.Json;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Access;

/// <summary>An auditor reads how a project is run, over gRPC and JSON, and gets neither real rows nor a way to change anything.</summary>
[TestClass]
public sealed class AuditorTests : ApiTest
{
    [TestMethod]
    public async Task An_auditor_reads_trail_evidence_cards_lineage_and_budgets_and_no_data()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        var (user, key) = await Server.UserAsync(Identity.AccessScope.Read);
        var member = await owner.Projects.SetProjectMemberAsync(
            new() { Parent = tenant.Project, Member = new() { User = user, Role = V1.ProjectRole.Auditor } });
        Assert.AreEqual(V1.ProjectRole.Auditor, member.Role);
        using var client = Server.Client(key);

        Assert.AreEqual(V1.ProjectRole.Auditor, (await client.Projects.ListProjectsAsync(new())).Projects.Single(p => p.Name == tenant.Project).Role);
        var entry = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project })).AuditEntries.First(e => e.Method == "ProjectService/SetProjectMember");
        Assert.AreEqual(tenant.User, entry.Actor);
        Assert.AreEqual(tenant.EvidencePack, (await client.Evidence.ListEvidencePacksAsync(new() { Parent = tenant.Project })).EvidencePacks.Single().Name);
        Assert.Contains(tenant.Generator, (await client.Registry.GetLineageAsync(
            new() { Parent = tenant.Project, Resource = tenant.Generator })).Nodes.Select(n => n.Id).ToList());
        Assert.AreEqual($"{tenant.Dataset}/privacyBudget", (await client.Privacy.GetPrivacyBudgetAsync(new() { Name = $"{tenant.Dataset}/privacyBudget" })).Name);
        await client.Registry.GetModelCardAsync(new() { Name = $"{tenant.Generator}/modelCard" });

        using var http = Server.Http(key);
        using var entries = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/v1/{tenant.Project}/auditEntries?pageSize=1", UriKind.Relative), Cancellation));
        Assert.AreEqual(1, entries.RootElement.GetProperty("auditEntries").GetArrayLength());
        foreach (var path in (string[])
        [
            $"{tenant.Dataset}", $"{tenant.Dataset}/preview", $"{tenant.Dataset}/profile", $"{tenant.Dataset}/sensitivity", $"{tenant.Synthetic}:download", $"{tenant.Generator}:export",
            $"{tenant.Project}/jobs", $"{tenant.Project}/webhooks", $"{tenant.Project}/connections",
        ])
        {
            using var refused = await http.GetAsync(new Uri($"/v1/{path}", UriKind.Relative), Cancellation);
            Assert.AreEqual(HttpStatusCode.Forbidden, refused.StatusCode, path);
        }

        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", async () =>
        {
            using var rows = client.Synthetics.StreamRows(new() { Name = tenant.Synthetic });
            await rows.ResponseStream.MoveNext(Cancellation);
        });
    }

    [TestMethod]
    public async Task What_was_made_an_auditor_changes_nothing_with_any_key_and_owners_real_rows_stay_closed()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var owner = Server.Client(tenant.Key);
        var (user, key) = await Server.UserAsync();
        await owner.Projects.SetProjectMemberAsync(new() { Parent = tenant.Project, Member = new() { User = user, Role = V1.ProjectRole.Auditor } });
        await owner.Datasets.UpdateDataPolicyAsync(new() { DataPolicy = new() { Name = $"{tenant.Project}/dataPolicy", RealRows = V1.RealRowAccess.Editors } });
        using var client = Server.Client(key);

        foreach (var call in (Func<Task>[])
        [
            () => client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }).ResponseAsync,
            () => client.Evidence.DeleteEvidencePackAsync(new() { Name = tenant.EvidencePack }).ResponseAsync,
            () => client.Privacy.SetPrivacyBudgetAsync(new() { PrivacyBudget = new() { Name = $"{tenant.Dataset}/privacyBudget", Epsilon = 9, Delta = 1e-5 } }).ResponseAsync,
            () => client.Projects.SetProjectMemberAsync(
                new() { Parent = tenant.Project, Member = new() { User = user, Role = V1.ProjectRole.Owner } }).ResponseAsync,
            () => client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync,
            () => client.Datasets.GetDatasetPreviewAsync(new() { Name = $"{tenant.Dataset}/preview" }).ResponseAsync,
            () => client.Analyses.GetAnalysisResultAsync(new() { Name = $"{tenant.Analysis}/result" }).ResponseAsync,
        ]) await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", call);
        Assert.IsTrue((await owner.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project })).AuditEntries.Any(
            e => e.Actor == user && e.Method == "GeneratorService/DeleteGenerator" && e.Reason == "ROLE_TOO_LOW"));
    }

    [TestMethod]
    public async Task A_program_can_be_an_auditor()
    {
        var (client, project) = await OwnerAsync();
        using var closing = client;
        var account = await client.ServiceAccounts.CreateServiceAccountAsync(
            new() { Parent = project, ServiceAccountId = "archive", ServiceAccount = new() { Role = V1.ProjectRole.Auditor } });
        Assert.AreEqual(V1.ProjectRole.Auditor, account.Role);
        var made = await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() });
        using var program = Server.Client(made.Secret);
        using var trail = program.Audit.ExportAuditTrail(new() { Parent = project });
        Assert.IsTrue(await trail.ResponseStream.MoveNext(Cancellation));
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => program.Datasets.ListDatasetsAsync(new() { Parent = project }).ResponseAsync);
    }
}
