using SynthStudio.Api.Services;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>Programs that work in one project.</summary>
[TestClass]
public sealed class ServiceAccountTests : ApiTest
{
    [TestMethod]
    public async Task A_program_works_in_its_project_with_its_role_and_nowhere_else()
    {
        var (client, project) = await OwnerAsync();
        var (_, other) = await OwnerAsync();
        var account = await client.ServiceAccounts.CreateServiceAccountAsync(new()
        {
            Parent = project, ServiceAccountId = "nightly",
            ServiceAccount = new() { DisplayName = "Nightly", Role = V1.ProjectRole.Editor }, RequestId = Guid.NewGuid().ToString(),
        });
        var made = await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() { DisplayName = "ci" } });
        using var program = Server.Client(made.Secret);

        Assert.AreEqual(($"{project}/serviceAccounts/nightly", V1.ProjectRole.Editor), (account.Name, account.Role));
        await program.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => program.ServiceAccounts.ListServiceAccountsAsync(new() { Parent = project }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => program.Projects.GetProjectAsync(new() { Name = other }).ResponseAsync);
        await RefusedAsync(StatusCode.PermissionDenied, "SCOPE_TOO_LOW", () => program.Identity.CreateApiKeyAsync(
            new() { Parent = account.User, ApiKey = new() }).ResponseAsync);
        Assert.AreEqual("Nightly", (await client.ServiceAccounts.ListServiceAccountsAsync(new() { Parent = project })).ServiceAccounts.Single().DisplayName);
        Assert.AreEqual(made.ApiKey.Name, (await client.ServiceAccounts.ListServiceAccountKeysAsync(new() { Parent = account.Name })).ApiKeys.Single().Name);
    }

    [TestMethod]
    public async Task Its_keys_are_revoked_and_it_goes_with_all_of_them()
    {
        var (client, project) = await OwnerAsync();
        var account = await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = project, ServiceAccount = new() });
        var (first, second) = (await KeyAsync(), await KeyAsync());
        using var one = Server.Client(first.Secret);
        using var two = Server.Client(second.Secret);
        await one.Projects.GetProjectAsync(new() { Name = project });

        await client.ServiceAccounts.RevokeServiceAccountKeyAsync(new() { Name = account.Name, KeyId = first.ApiKey.Name.Split('/')[^1] });
        await RefusedAsync(StatusCode.Unauthenticated, null, () => one.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
        await two.Projects.GetProjectAsync(new() { Name = project });
        await client.ServiceAccounts.DeleteServiceAccountAsync(new() { Name = account.Name });
        await RefusedAsync(StatusCode.Unauthenticated, null, () => two.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => client.ServiceAccounts.DeleteServiceAccountAsync(new() { Name = account.Name }).ResponseAsync);

        async Task<V1.CreateApiKeyResponse> KeyAsync() =>
            await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() });
    }

    [TestMethod]
    public async Task Keys_that_an_owner_made_are_told_from_others_and_go_with_the_owner_unless_somebody_else_keeps_them()
    {
        var (client, project) = await OwnerAsync();
        var first = (await client.Identity.WhoAmIAsync(new())).User.Name;
        var (second, key) = await Server.UserAsync();
        using var other = Server.Client(key);
        await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = second, Role = V1.ProjectRole.Owner } });
        var account = await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = project, ServiceAccount = new() });
        var (stays, goes) = (await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() }),
            await other.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() }));
        using var program = Server.Client(goes.Secret);
        var listed = (await client.ServiceAccounts.ListServiceAccountKeysAsync(new() { Parent = account.Name })).ApiKeys
            .ToDictionary(k => k.Name, k => k.Maker);
        Assert.AreEqual((first, second), (listed[stays.ApiKey.Name], listed[goes.ApiKey.Name]));

        var keeping = new V1.DeleteProjectMemberRequest { Name = $"{project}/members/{second["users/".Length..]}", RevokeMadeKeys = false };
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => other.Projects.DeleteProjectMemberAsync(keeping).ResponseAsync);
        Assert.IsEmpty((await client.Projects.DeleteProjectMemberAsync(keeping)).RevokedApiKeys);
        await program.Projects.GetProjectAsync(new() { Name = project });
        await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = second, Role = V1.ProjectRole.Owner } });
        var removed = await client.Projects.DeleteProjectMemberAsync(new() { Name = keeping.Name });
        Assert.AreEqual(goes.ApiKey.Name, removed.RevokedApiKeys.Single());
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => program.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
        using (var kept = Server.Client(stays.Secret)) await kept.Projects.GetProjectAsync(new() { Name = project });

        var trail = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project, Filter = new() { Outcome = "OK" } })).AuditEntries;
        CollectionAssert.AreEqual(
            new[] { "made_keys=revoked", "made_keys=kept" }, trail.Where(e => e.Method == "ProjectService/DeleteProjectMember").Select(e => e.Detail).ToArray());
        var noted = trail.Single(e => e.Method == "ServiceAccountService/RevokeServiceAccountKey");
        Assert.AreEqual((first, goes.ApiKey.Name, $"account={account.Name} maker={second}"), (noted.Actor, noted.Resource, noted.Detail));
    }

    [TestMethod]
    public async Task Who_is_made_a_lesser_member_loses_the_keys_that_they_made_of_accounts_that_may_do_more_unless_somebody_else_keeps_them()
    {
        var (client, project) = await OwnerAsync();
        var first = (await client.Identity.WhoAmIAsync(new())).User.Name;
        var (second, key) = await Server.UserAsync();
        using var other = Server.Client(key);
        await SetAsync(V1.ProjectRole.Owner);
        var (auditor, viewer, editor) =
            (await MakeAsync(V1.ProjectRole.Auditor), await MakeAsync(V1.ProjectRole.Viewer), await MakeAsync(V1.ProjectRole.Editor));
        var firsts = await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = editor.Account, ApiKey = new() });
        using var program = Server.Client(editor.Key.Secret);
        await program.Projects.GetProjectAsync(new() { Name = project });

        var own = new V1.SetProjectMemberRequest { Parent = project, Member = new() { User = second, Role = V1.ProjectRole.Viewer }, RevokeMadeKeys = false };
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => other.Projects.SetProjectMemberAsync(own).ResponseAsync);
        Assert.IsEmpty((await client.Projects.SetProjectMemberAsync(own)).RevokedApiKeys);
        Assert.IsEmpty(await SetAsync(V1.ProjectRole.Owner));
        await program.Projects.GetProjectAsync(new() { Name = project });
        CollectionAssert.AreEqual(new[] { auditor.Key.ApiKey.Name }, await SetAsync(V1.ProjectRole.Editor), "An editor reads no audit trail.");
        await program.Projects.GetProjectAsync(new() { Name = project });
        CollectionAssert.AreEqual(new[] { editor.Key.ApiKey.Name }, await SetAsync(V1.ProjectRole.Viewer));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => program.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
        foreach (var good in (string[])[viewer.Key.Secret, firsts.Secret])
        {
            using var kept = Server.Client(good);
            await kept.Projects.GetProjectAsync(new() { Name = project });
        }

        CollectionAssert.AreEqual(new[] { viewer.Key.ApiKey.Name }, await SetAsync(V1.ProjectRole.Auditor), "An auditor sees no tables.");
        var trail = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project, Filter = new() { Outcome = "OK" } })).AuditEntries;
        CollectionAssert.AreEqual(
            new[] { viewer, editor, auditor }.Select(made => (first, made.Key.ApiKey.Name, $"account={made.Account} maker={second}")).ToArray(),
            trail.Where(e => e.Method == "ServiceAccountService/RevokeServiceAccountKey").Select(e => (e.Actor, e.Resource, e.Detail)).ToArray());
        Assert.HasCount(1, trail.Where(e => e.Method == "ProjectService/SetProjectMember" && e.Detail == "role=viewer made_keys=kept").ToArray());

        async Task<string[]> SetAsync(V1.ProjectRole role) =>
            [.. (await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = second, Role = role } })).RevokedApiKeys];

        async Task<(string Account, V1.CreateApiKeyResponse Key)> MakeAsync(V1.ProjectRole role)
        {
            var account = await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = project, ServiceAccount = new() { Role = role } });
            return (account.Name, await other.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() }));
        }
    }

    [TestMethod]
    public async Task Who_gives_a_project_away_keeps_no_key_that_reads_its_trail()
    {
        var (client, project) = await OwnerAsync();
        var (heir, heirsKey) = await Server.UserAsync();
        using var next = Server.Client(heirsKey);
        var (reads, edits) = (await MakeAsync(V1.ProjectRole.Auditor), await MakeAsync(V1.ProjectRole.Editor));
        using var auditor = Server.Client(reads.Secret);
        using var editor = Server.Client(edits.Secret);
        await auditor.Audit.ListAuditEntriesAsync(new() { Parent = project });

        await client.Projects.TransferProjectAsync(new() { Name = project, User = heir });

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => auditor.Audit.ListAuditEntriesAsync(new() { Parent = project }).ResponseAsync);
        await editor.Projects.GetProjectAsync(new() { Name = project });
        var trail = (await next.Audit.ListAuditEntriesAsync(new() { Parent = project, Filter = new() { Method = "ServiceAccountService/RevokeServiceAccountKey" } })).AuditEntries;
        Assert.AreEqual(reads.ApiKey.Name, trail.Single().Resource);

        async Task<V1.CreateApiKeyResponse> MakeAsync(V1.ProjectRole role)
        {
            var account = await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = project, ServiceAccount = new() { Role = role } });
            return await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() });
        }
    }

    [TestMethod]
    [DataRow("locked out")]
    [DataRow("erased")]
    [DataRow("erases themselves")]
    public async Task Who_is_gone_gets_in_by_no_key_that_they_made_unless_an_administrator_keeps_those(string how)
    {
        using var admin = Server.Client(Server.AdminKey);
        foreach (var isKept in (bool[])[false, true])
        {
            if (isKept && how == "erases themselves") continue;
            var (maker, makersKey) = await Server.UserAsync();
            using var client = Server.Client(makersKey);
            var project = await client.ProjectAsync();
            var (heir, heirsKey) = await Server.UserAsync();
            using var next = Server.Client(heirsKey);
            await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = heir, Role = V1.ProjectRole.Owner } });
            var account = await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = project, ServiceAccount = new() });
            var theirs = await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() });
            var another = await next.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() });
            using var program = Server.Client(theirs.Secret);
            using var beside = Server.Client(another.Secret);
            using var byToken = Server.Client((await program.Identity.CreateTokenAsync(new() { ApiKey = theirs.Secret })).AccessToken);
            await program.Projects.GetProjectAsync(new() { Name = project });

            var revoked = await GoAsync(client, maker, isKept);

            CollectionAssert.AreEqual(isKept ? (string[])[] : [theirs.ApiKey.Name], revoked.ToArray());
            await ToldAsync(next, project, maker, isKept ? null : theirs.ApiKey.Name);
            await RefusedAsync(StatusCode.Unauthenticated, null, () => client.Identity.WhoAmIAsync(new()).ResponseAsync);
            await beside.Projects.GetProjectAsync(new() { Name = project });
            foreach (var known in (ApiClient[])[program, byToken])
            {
                if (isKept) await known.Projects.GetProjectAsync(new() { Name = project });
                else await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => known.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
            }
        }

        // The project's own trail says which of its keys were revoked, and that the membership ended; the server's says of all of them that they were.
        async Task ToldAsync(ApiClient owner, string project, string maker, string? key)
        {
            var trail = (await owner.Audit.ListAuditEntriesAsync(new() { Parent = project, Filter = new() { Outcome = "OK" } })).AuditEntries;
            CollectionAssert.AreEqual(key is null ? (string[])[] : [key], trail.Where(e => e.Method == "ServiceAccountService/RevokeServiceAccountKey").Select(e => e.Resource).ToArray());
            CollectionAssert.AreEqual(
                how == "locked out" ? (string[])[] : [$"{project}/members/{maker["users/".Length..]}"], trail.Where(e => e.Method == "AccountService/EraseAccount").Select(e => e.Resource).ToArray());
            var method = how == "locked out" ? "IdentityService/DeleteUser" : "AccountService/EraseAccount";
            var end = (await admin.Audit.ListServerAuditEntriesAsync(
                new() { Filter = new() { Resource = maker, Method = method, Outcome = "OK" } })).AuditEntries.Single();
            Assert.AreEqual(key is null ? "made_keys=kept" : "made_keys=revoked", end.Detail);
        }

        async Task<IEnumerable<string>> GoAsync(ApiClient client, string maker, bool isKept)
        {
            if (how == "locked out")
            {
                var request = new V1.DeleteUserRequest { Name = maker };
                if (isKept) request.RevokeMadeKeys = false;
                return (await admin.Identity.DeleteUserAsync(request)).RevokedApiKeys;
            }

            var erase = new V1.EraseAccountRequest { Name = $"{maker}/account", RevokeMadeKeys = false };
            await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Accounts.EraseAccountAsync(erase).ResponseAsync);
            if (!isKept) erase.ClearRevokeMadeKeys();
            var erased = await (how == "erased" ? admin : client).Accounts.EraseAccountAsync(erase);
            Assert.HasCount(isKept ? 1 : 0, erased.MadeApiKeys);
            return erased.RevokedApiKeys;
        }
    }

    [TestMethod]
    public async Task The_keys_that_an_administrator_made_of_others_go_with_them_and_those_that_were_made_with_those()
    {
        using var admin = Server.Client(Server.AdminKey);
        var (leaver, leaversKey) = await Server.UserAsync(role: Catalog.UserRole.Admin);
        using var leaving = Server.Client(leaversKey);
        var (user, own) = await Server.UserAsync();
        var made = await leaving.Identity.CreateApiKeyAsync(new() { Parent = user, ApiKey = new() { Scope = V1.Scope.Admin } });
        using var byMade = Server.Client(made.Secret);
        using var byOwn = Server.Client(own);
        var next = await byMade.Identity.CreateApiKeyAsync(new() { Parent = user, ApiKey = new() { Scope = V1.Scope.Admin } });
        using var byNext = Server.Client(next.Secret);
        var last = await byNext.Identity.CreateApiKeyAsync(new() { Parent = user, ApiKey = new() });
        var mine = await byOwn.Identity.CreateApiKeyAsync(new() { Parent = user, ApiKey = new() });
        Assert.AreEqual((leaver, leaver, user), (next.ApiKey.Maker, last.ApiKey.Maker, mine.ApiKey.Maker));
        Assert.AreEqual(user, (await byMade.Identity.WhoAmIAsync(new())).User.Name);

        var gone = await admin.Identity.DeleteUserAsync(new() { Name = leaver });

        CollectionAssert.AreEquivalent(new[] { made.ApiKey.Name, next.ApiKey.Name, last.ApiKey.Name }, gone.RevokedApiKeys.ToArray());
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => byNext.Identity.WhoAmIAsync(new()).ResponseAsync);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => byMade.Identity.WhoAmIAsync(new()).ResponseAsync);
        await byOwn.Identity.WhoAmIAsync(new());
    }

    [TestMethod]
    public async Task A_project_has_so_many_programs_and_no_more()
    {
        var (client, project) = await OwnerAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, ServiceAccountService.MostOfProject + 2).Select(_ => TryMakeAsync()));

        Assert.AreEqual(ServiceAccountService.MostOfProject, made.Count(isMade => isMade));
        var accounts = (await client.ServiceAccounts.ListServiceAccountsAsync(new() { Parent = project, PageSize = 1000 })).ServiceAccounts;
        Assert.HasCount(ServiceAccountService.MostOfProject, accounts);
        Assert.HasCount(
            ServiceAccountService.MostOfProject + 1,
            (await client.Projects.ListProjectMembersAsync(new() { Parent = project, PageSize = 1000 })).Members);
        await client.ServiceAccounts.DeleteServiceAccountAsync(new() { Name = accounts[0].Name });
        Assert.IsTrue(await TryMakeAsync());

        async Task<bool> TryMakeAsync()
        {
            try
            {
                await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = project, ServiceAccount = new() });
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                return false;
            }
        }
    }

    [TestMethod]
    public async Task A_program_is_no_member_of_another_project()
    {
        var (client, project) = await OwnerAsync();
        var other = await client.ProjectAsync();
        var account = await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = project, ServiceAccount = new() });

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => SetAsync(other));
        Assert.HasCount(1, (await client.Projects.ListProjectMembersAsync(new() { Parent = other })).Members);
        Assert.AreEqual(V1.ProjectRole.Editor, (await SetAsync(project)).Role, "In its own it may have another role.");

        Task<V1.ProjectMember> SetAsync(string where) =>
            client.Projects.SetProjectMemberAsync(new() { Parent = where, Member = new() { User = account.User, Role = V1.ProjectRole.Editor } }).ResponseAsync;
    }

    [TestMethod]
    public async Task A_program_owns_nothing_and_administers_nothing_and_goes_with_its_project()
    {
        var (client, project) = await OwnerAsync();
        var (foreign, _) = await OwnerAsync();
        await RefusedAsync(StatusCode.InvalidArgument, null, () => client.ServiceAccounts.CreateServiceAccountAsync(
            new() { Parent = project, ServiceAccount = new() { Role = V1.ProjectRole.Owner } }).ResponseAsync);
        var account = await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = project, ServiceAccount = new() });
        await RefusedAsync(StatusCode.InvalidArgument, null, () => client.ServiceAccounts.CreateServiceAccountKeyAsync(
            new() { Parent = account.Name, ApiKey = new() { Scope = V1.Scope.Admin } }).ResponseAsync);
        var (_, userKey) = await Server.UserAsync();
        using var user = Server.Client(userKey);
        var own = (await user.Identity.ListApiKeysAsync(new() { Parent = (await user.Identity.WhoAmIAsync(new())).User.Name })).ApiKeys.Single();
        await RefusedAsync(StatusCode.NotFound, null, () => client.ServiceAccounts.RevokeServiceAccountKeyAsync(
            new() { Name = account.Name, KeyId = own.Name.Split('/')[^1] }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => foreign.ServiceAccounts.ListServiceAccountKeysAsync(new() { Parent = account.Name }).ResponseAsync);

        var key = await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() });
        var name = (await Server.Get<Catalog.Accounts.ServiceAccountStore>().FindAsync(account.Name, Cancellation))!.Owner;
        await RefusedAsync(StatusCode.InvalidArgument, null, () => client.Projects.TransferProjectAsync(new() { Name = project, User = name }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => client.Projects.SetProjectMemberAsync(
            new() { Parent = project, Member = new() { User = name, Role = V1.ProjectRole.Owner } }).ResponseAsync);
        using var program = Server.Client(key.Secret);
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => program.Projects.CreateProjectAsync(new() { Project = new() }).ResponseAsync);
        await client.Projects.DeleteProjectAsync(new() { Name = project });
        await RefusedAsync(StatusCode.NotFound, null, () => program.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
        await client.Projects.PurgeProjectAsync(new() { Name = project });
        await RefusedAsync(StatusCode.Unauthenticated, null, () => program.Identity.WhoAmIAsync(new()).ResponseAsync);
    }
}
