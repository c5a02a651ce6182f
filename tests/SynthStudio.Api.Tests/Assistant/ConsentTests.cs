using System.Data.Common;
using SynthStudio.Api.Assistant;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Testing.LanguageModels;

namespace SynthStudio.Api.Tests.Assistant;

/// <summary>
/// Values of real rows leave for a language model by their owner's consent only: given for a data
/// set and its recipients, shown, revocable, noted.
/// </summary>
[TestClass]
public sealed class ConsentTests : AssistantTest
{
    [TestMethod]
    public async Task Values_leave_only_between_consent_and_its_revocation()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        var name = $"{tenant.Dataset}/assistantConsent";
        Script = (asked, _) => asked.Messages[^1]["role"]!.GetValue<string>() == "user" ? Reply.Calls(("preview_rows", """{"dataset":"d"}"""), ("show_profile", """{"dataset":"d"}""")) : Reply.Says("So it is.");

        Assert.IsFalse((await client.Assistant.GetAssistantConsentAsync(new() { Name = name })).RealValues);
        Assert.AreEqual("NO_CONSENT, NO_CONSENT", Reasons(await ChatAsync(client, tenant.Project, "?")));
        Assert.DoesNotContain(RealValue, Sent());

        var given = await client.Assistant.UpdateAssistantConsentAsync(new() { AssistantConsent = new() { Name = name, RealValues = true } });
        Assert.AreEqual((true, tenant.User, new Uri(Model.Address).Authority), (given.RealValues, given.Grantor, given.Recipients.Single()));
        Assert.AreEqual(given, await client.Assistant.GetAssistantConsentAsync(new() { Name = name }));
        var chat = await ChatAsync(client, tenant.Project, "?");
        Assert.IsTrue(chat.Tools.All(t => t.RealValues && t.ErrorReason.Length == 0), Reasons(chat));
        Assert.Contains(RealValue, Sent());

        await client.Assistant.UpdateAssistantConsentAsync(new() { AssistantConsent = new() { Name = name } });
        var before = Sent().Length;
        Assert.AreEqual("NO_CONSENT, NO_CONSENT", Reasons(await ChatAsync(client, tenant.Project, "?")));
        Assert.DoesNotContain(RealValue, Sent()[before..]);

        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = "AssistantService/UpdateAssistantConsent", Outcome = "OK" } })).AuditEntries;
        Assert.HasCount(2, noted);
        var looks = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = "AssistantTool/preview_rows" } })).AuditEntries;
        CollectionAssert.AreEqual(new[] { "OK", "PERMISSION_DENIED", "PERMISSION_DENIED" }, looks.Select(l => l.Outcome).Order(StringComparer.Ordinal).ToArray());
        Assert.AreEqual(new Uri(Model.Address).Authority, Server.Get<SynthStudio.Api.Evidence.SettingsEvidence>().Installation().LanguageModels.Single(), "Packs tell whom the assistant asks.");
        var evidence = await Server.Get<SynthStudio.Api.Evidence.TrailEvidence>().ReadAsync(tenant.Project, Cancellation);
        CollectionAssert.AreEqual(
            new[] { "AssistantTool/preview_rows 1", "AssistantTool/show_profile 1" },
            evidence.Done.Where(d => d.Key.StartsWith("AssistantTool/", StringComparison.Ordinal) && evidence.OfRealData.Contains(d.Key)).Select(d => $"{d.Key} {d.Value}").ToArray());
    }

    [TestMethod]
    public async Task A_recipient_that_came_later_gets_nothing()
    {
        var tenant = await TenantAsync();
        using var client = Server.Client(tenant.Key);
        await Server.Get<AssistantConsentStore>().SetAsync(
            new AssistantConsent(tenant.Dataset, tenant.Project, tenant.User, ["models.example.org"], TimeProvider.System.GetUtcNow()));
        Script = (_, number) => number == 0 ? Reply.Calls(("preview_rows", """{"dataset":"d"}""")) : Reply.Says("No.");

        Assert.AreEqual("NO_CONSENT", Reasons(await ChatAsync(client, tenant.Project, "?")));
        Assert.DoesNotContain(RealValue, Sent());
    }

    [TestMethod]
    public async Task Consent_is_the_owners_for_what_may_be_told_at_all_and_goes_with_the_data_set()
    {
        var tenant = await TenantAsync();
        var (editor, key) = await Server.UserAsync();
        await Server.Get<ProjectStore>().SetRoleAsync(tenant.Project, editor, ProjectRole.Editor);
        var wanted = new V1.UpdateAssistantConsentRequest { AssistantConsent = new() { Name = $"{tenant.Dataset}/assistantConsent", RealValues = true } };
        using var asEditor = Server.Client(key);
        Assert.AreEqual("ROLE_TOO_LOW", await RefusedAsync(StatusCode.PermissionDenied, () => asEditor.Assistant.UpdateAssistantConsentAsync(wanted).ResponseAsync));

        using var client = Server.Client(tenant.Key);
        await client.Assistant.UpdateAssistantConsentAsync(wanted);
        var datasets = Server.Get<DatasetStore>();
        var dataset = (await datasets.FindAsync(tenant.Dataset))!;
        await Server.Get<SynthStudio.Api.Lifecycle.Deletions>().PurgeDatasetAsync(tenant.Dataset, default);
        Assert.IsNull(await Server.Get<AssistantConsentStore>().FindAsync(tenant.Dataset), "A later data set of the same name is another one.");

        await datasets.CreateAsync(dataset with { Withheld = true, Version = 1 });
        Assert.AreEqual("DATASET_WITHHELD", await RefusedAsync(StatusCode.FailedPrecondition, () => client.Assistant.UpdateAssistantConsentAsync(wanted).ResponseAsync));
    }

    [TestMethod]
    [DataRow("removed")]
    [DataRow("left")]
    [DataRow("made an editor")]
    [DataRow("gave the project away")]
    [DataRow("locked out")]
    [DataRow("erased")]
    public async Task Consent_ends_with_who_gave_it_is_noted_and_does_not_come_back_with_them(string how)
    {
        var tenant = await TenantAsync();
        var (grantor, key) = await Server.UserAsync();
        var projects = Server.Get<ProjectStore>();
        await projects.SetRoleAsync(tenant.Project, grantor, ProjectRole.Owner);
        using var owner = Server.Client(tenant.Key);
        using var leaver = Server.Client(key);
        using var admin = Server.Client(Server.AdminKey);
        var name = $"{tenant.Dataset}/assistantConsent";
        await leaver.Assistant.UpdateAssistantConsentAsync(new() { AssistantConsent = new() { Name = name, RealValues = true } });
        Assert.AreEqual(grantor, (await owner.Assistant.GetAssistantConsentAsync(new() { Name = name })).Grantor);
        var member = $"{tenant.Project}/members/{grantor["users/".Length..]}";
        var editor = new V1.ProjectMember { User = grantor, Role = V1.ProjectRole.Editor };

        if (how == "removed") await owner.Projects.DeleteProjectMemberAsync(new() { Name = member });
        else if (how == "left") await leaver.Projects.DeleteProjectMemberAsync(new() { Name = member });
        else if (how == "made an editor") await owner.Projects.SetProjectMemberAsync(new() { Parent = tenant.Project, Member = editor });
        else if (how == "gave the project away")
            await leaver.Projects.TransferProjectAsync(new() { Name = tenant.Project, User = tenant.User });
        else if (how == "locked out") await admin.Identity.DeleteUserAsync(new() { Name = grantor });
        else Assert.AreEqual(1, (await admin.Accounts.EraseAccountAsync(new() { Name = $"{grantor}/account" })).Deleted["consents"]);

        Script = (_, number) => number == 0 ? Reply.Calls(("preview_rows", """{"dataset":"d"}""")) : Reply.Says("No.");
        Assert.AreEqual("NO_CONSENT", Reasons(await ChatAsync(owner, tenant.Project, "?")));
        Assert.DoesNotContain(RealValue, Sent());
        var filter = new V1.AuditFilter { Method = "AssistantService/UpdateAssistantConsent", Outcome = "OK" };
        var noted = (await owner.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = filter })).AuditEntries[0];
        var actor = how is "left" or "gave the project away" ? grantor : how is "removed" or "made an editor" ? tenant.User : "users/admin";
        Assert.AreEqual((actor, name, $"consent=ended grantor={grantor}"), (noted.Actor, noted.Resource, noted.Detail));
        if (how is "locked out" or "erased") return; // They do not come back.
        await projects.SetRoleAsync(tenant.Project, grantor, ProjectRole.Owner);
        Assert.IsFalse((await owner.Assistant.GetAssistantConsentAsync(new() { Name = name })).RealValues);
    }

    [TestMethod]
    public async Task What_a_call_left_standing_that_did_not_come_to_its_end_stands_for_nothing_and_is_ended_later()
    {
        var tenant = await TenantAsync();
        var (gone, _) = await Server.UserAsync();
        using var client = Server.Client(tenant.Key);
        var consents = Server.Get<AssistantConsentStore>();
        var now = TimeProvider.System.GetUtcNow();
        var given = new AssistantConsent(tenant.Dataset, tenant.Project, gone, [new Uri(Model.Address).Authority], now);
        await consents.SetAsync(given, Cancellation);
        Script = (_, number) => number == 0 ? Reply.Calls(("preview_rows", """{"dataset":"d"}""")) : Reply.Says("No.");
        Assert.AreEqual("NO_CONSENT", Reasons(await ChatAsync(client, tenant.Project, "?")));

        await Server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        await Server.Get<ProjectStore>().SetRoleAsync(tenant.Project, gone, ProjectRole.Owner, cancellation: Cancellation);
        Assert.IsNull(await consents.FindAsync(tenant.Dataset, Cancellation));
        var filter = new V1.AuditFilter { Method = "AssistantService/UpdateAssistantConsent" };
        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = filter })).AuditEntries.Single();
        Assert.AreEqual(("system", given.Name, $"consent=ended grantor={gone}"), (noted.Actor, noted.Resource, noted.Detail));
    }

    [TestMethod]
    public async Task What_the_trail_does_not_take_yet_is_ended_and_noted_in_a_later_round()
    {
        var tenant = await TenantAsync();
        var (gone, _) = await Server.UserAsync();
        using var client = Server.Client(tenant.Key);
        var (consents, database, ended) = (Server.Get<AssistantConsentStore>(), Server.Get<SqliteDataSource>(), Server.Get<EndedConsents>());
        var now = TimeProvider.System.GetUtcNow();
        await consents.SetAsync(new AssistantConsent(tenant.Dataset, tenant.Project, gone, ["models.example.org"], now), Cancellation);
        var insert = $"INSERT ON audit_entries WHEN NEW.chain = '{tenant.Project}'";
        await database.ExecuteAsync($"CREATE TRIGGER away BEFORE {insert} BEGIN SELECT RAISE(ABORT, 'away'); END", Cancellation);

        await Assert.ThrowsAsync<DbException>(() => ended.SweepAsync(Cancellation));
        Assert.HasCount(1, await consents.ListFallenAsync(Cancellation));

        await database.ExecuteAsync("DROP TRIGGER away", Cancellation);
        await ended.SweepAsync(Cancellation);
        Assert.IsEmpty(await consents.ListFallenAsync(Cancellation));
        var filter = new V1.AuditFilter { Method = "AssistantService/UpdateAssistantConsent" };
        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = filter })).AuditEntries.Single();
        Assert.AreEqual(("system", $"consent=ended grantor={gone}"), (noted.Actor, noted.Detail));
    }

    private string Sent() => string.Concat(Model.All.Select(asked => asked.Text));

    private static string Reasons(Chat chat) => string.Join(", ", chat.Tools.Select(t => t.ErrorReason));
}
