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
            Parent = project, ServiceAccountId = "nightly", ServiceAccount = new() { DisplayName = "Nightly", Role = V1.ProjectRole.Editor }, RequestId = Guid.NewGuid().ToString(),
        });
        var made = await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() { DisplayName = "ci" } });
        using var program = Server.Client(made.Secret);

        Assert.AreEqual(($"{project}/serviceAccounts/nightly", V1.ProjectRole.Editor), (account.Name, account.Role));
        await program.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => program.ServiceAccounts.ListServiceAccountsAsync(new() { Parent = project }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => program.Projects.GetProjectAsync(new() { Name = other }).ResponseAsync);
        await RefusedAsync(StatusCode.PermissionDenied, "SCOPE_TOO_LOW", () => program.Identity.CreateApiKeyAsync(new() { Parent = account.User, ApiKey = new() }).ResponseAsync);
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

        async Task<V1.CreateApiKeyResponse> KeyAsync() => await client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() });
    }

    [TestMethod]
    public async Task Keys_that_an_owner_made_are_told_from_others_and_go_with_the_owner_where_that_is_asked_for()
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
        var listed = (await client.ServiceAccounts.ListServiceAccountKeysAsync(new() { Parent = account.Name })).ApiKeys.ToDictionary(k => k.Name, k => k.Maker);
        Assert.AreEqual((first, second), (listed[stays.ApiKey.Name], listed[goes.ApiKey.Name]));

        var member = new V1.DeleteProjectMemberRequest { Name = $"{project}/members/{second["users/".Length..]}" };
        await client.Projects.DeleteProjectMemberAsync(member);
        await program.Projects.GetProjectAsync(new() { Name = project });
        await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = second, Role = V1.ProjectRole.Owner } });
        member.RevokeMadeKeys = true;
        await client.Projects.DeleteProjectMemberAsync(member);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => program.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
        using (var kept = Server.Client(stays.Secret)) await kept.Projects.GetProjectAsync(new() { Name = project });

        await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = second, Role = V1.ProjectRole.Owner } });
        var erased = await client.Accounts.EraseAccountAsync(new() { Name = $"{first}/account" });
        Assert.AreEqual(stays.ApiKey.Name, erased.MadeApiKeys.Single());
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
