using Google.Rpc;

namespace SynthStudio.Api.Tests.Resources;

[TestClass]
public sealed class ProjectTests : ApiTest
{
    [TestMethod]
    public async Task A_project_is_made_changed_and_deleted()
    {
        var (client, name) = await OwnerAsync();
        var project = await client.Projects.GetProjectAsync(new() { Name = name });
        Assert.AreEqual(V1.ProjectRole.Owner, project.Role);

        project.DisplayName = "renamed";
        var changed = await client.Projects.UpdateProjectAsync(new() { Project = project, UpdateMask = new() { Paths = { "display_name" } } });
        Assert.AreEqual("renamed", changed.DisplayName);
        Assert.AreNotEqual(project.Etag, changed.Etag);

        await client.Projects.DeleteProjectAsync(new() { Name = name, Etag = changed.Etag });
        await RefusedAsync(StatusCode.NotFound, "RESOURCE_NOT_FOUND", () => client.Projects.GetProjectAsync(new() { Name = name }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_change_on_top_of_an_older_version_is_refused()
    {
        var (client, name) = await OwnerAsync();
        var stale = await client.Projects.GetProjectAsync(new() { Name = name });
        await client.Projects.UpdateProjectAsync(new() { Project = new() { Name = name, DisplayName = "first" } });

        stale.DisplayName = "second";
        await RefusedAsync(StatusCode.Aborted, "ETAG_MISMATCH", () => client.Projects.UpdateProjectAsync(new() { Project = stale }).ResponseAsync);
        await RefusedAsync(StatusCode.Aborted, "ETAG_MISMATCH", () => client.Projects.DeleteProjectAsync(new() { Name = name, Etag = stale.Etag }).ResponseAsync);
        Assert.AreEqual("first", (await client.Projects.GetProjectAsync(new() { Name = name })).DisplayName);
    }

    [TestMethod]
    public async Task An_unknown_path_in_a_mask_is_named()
    {
        var (client, name) = await OwnerAsync();

        var (error, info) = await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Projects.UpdateProjectAsync(
            new() { Project = new() { Name = name }, UpdateMask = new() { Paths = { "create_time" } } }).ResponseAsync);

        Assert.AreEqual("update_mask", info.Metadata["field"]);
        Assert.AreEqual("update_mask", error.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations.Single().Field);
    }

    [TestMethod]
    public async Task Lists_come_in_pages_newest_first_without_gaps_or_repeats()
    {
        var (client, first) = await OwnerAsync();
        List<string> made = [first];
        for (var i = 0; i < 4; i++) made.Add(await client.ProjectAsync());

        List<string> listed = [];
        var token = "";
        do
        {
            var page = await client.Projects.ListProjectsAsync(new() { PageSize = 2, PageToken = token });
            Assert.IsLessThanOrEqualTo(2, page.Projects.Count);
            listed.AddRange(page.Projects.Select(p => p.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        made.Reverse();
        CollectionAssert.AreEqual(made, listed);
    }

    [TestMethod]
    public async Task A_page_token_is_good_for_its_own_query_only()
    {
        var (client, project) = await OwnerAsync();
        await client.ProjectAsync();
        var token = (await client.Projects.ListProjectsAsync(new() { PageSize = 1 })).NextPageToken;
        using var other = Server.Client((await Server.UserAsync()).Key);

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN", () => other.Projects.ListProjectsAsync(new() { PageToken = token }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN",
            () => client.Projects.ListProjectsAsync(new() { PageToken = (token[0] == 'A' ? "B" : "A") + token[1..] }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_PAGE_TOKEN",
            () => client.Datasets.ListDatasetsAsync(new() { Parent = project, PageToken = token }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Projects.ListProjectsAsync(new() { PageSize = -1 }).ResponseAsync);
    }

    [TestMethod]
    public async Task Members_come_change_and_go_and_an_owner_stays()
    {
        var (client, project) = await OwnerAsync();
        var owner = (await client.Identity.WhoAmIAsync(new())).User.Name;
        var (guest, key) = await Server.UserAsync();
        using var guestClient = Server.Client(key);
        await RefusedAsync(StatusCode.NotFound, null, () => guestClient.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);

        var member = await client.Projects.SetProjectMemberAsync(
            new() { Parent = project, Member = new() { User = guest, Role = V1.ProjectRole.Viewer } });
        Assert.AreEqual(V1.ProjectRole.Viewer, (await guestClient.Projects.GetProjectAsync(new() { Name = project })).Role);
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW",
            () => guestClient.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "a.csv" } }).ResponseAsync);

        var page = await client.Projects.ListProjectMembersAsync(new() { Parent = project, PageSize = 1 });
        var rest = await client.Projects.ListProjectMembersAsync(new() { Parent = project, PageSize = 1, PageToken = page.NextPageToken });
        CollectionAssert.AreEquivalent(new[] { owner, guest }, new[] { page.Members.Single().User, rest.Members.Single().User });
        Assert.AreEqual("", rest.NextPageToken);

        await client.Projects.DeleteProjectMemberAsync(new() { Name = member.Name });
        await RefusedAsync(StatusCode.NotFound, null, () => guestClient.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "LAST_OWNER", () => client.Projects.DeleteProjectMemberAsync(
            new() { Name = $"{project}/members/{owner["users/".Length..]}" }).ResponseAsync);
    }

    [TestMethod]
    [DataRow(V1.ProjectRole.Auditor)]
    [DataRow(V1.ProjectRole.Viewer)]
    [DataRow(V1.ProjectRole.Editor)]
    [DataRow(V1.ProjectRole.Owner)]
    public async Task A_member_leaves_by_themselves_and_takes_nobody_along(V1.ProjectRole role)
    {
        var (client, project) = await OwnerAsync();
        using var closing = client;
        var owner = (await client.Identity.WhoAmIAsync(new())).User.Name;
        var ((guest, key), (other, _)) = (await Server.UserAsync(), await Server.UserAsync());
        using var guestClient = Server.Client(key);
        foreach (var (user, given) in ((string, V1.ProjectRole)[])[(guest, role), (other, V1.ProjectRole.Viewer)])
            await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = user, Role = given } });
        if (role != V1.ProjectRole.Owner)
        {
            foreach (var user in (string[])[owner, other])
            {
                await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => guestClient.Projects.DeleteProjectMemberAsync(
                    new() { Name = NameOf(user) }).ResponseAsync);
            }
        }

        await guestClient.Projects.DeleteProjectMemberAsync(new() { Name = NameOf(guest) });

        await RefusedAsync(StatusCode.NotFound, null, () => guestClient.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => guestClient.Projects.DeleteProjectMemberAsync(new() { Name = NameOf(guest) }).ResponseAsync);
        CollectionAssert.AreEquivalent(
            new[] { owner, other },
            (await client.Projects.ListProjectMembersAsync(new() { Parent = project })).Members.Select(m => m.User).ToArray());
        var noted = (await client.Audit.ListAuditEntriesAsync(new()
        {
            Parent = project, Filter = new() { Resource = NameOf(guest), Outcome = "OK", Method = "ProjectService/DeleteProjectMember" },
        })).AuditEntries;
        Assert.AreEqual(guest, noted.Single().Actor);

        string NameOf(string user) => $"{project}/members/{user["users/".Length..]}";
    }

    [TestMethod]
    public async Task An_owner_gives_the_project_away_and_stays_an_editor()
    {
        var (client, project) = await OwnerAsync();
        var (heir, key) = await Server.UserAsync();
        using var heirClient = Server.Client(key);
        Assert.AreEqual(V1.ProjectRole.Editor, (await client.Projects.TransferProjectAsync(new() { Name = project, User = heir })).Role);
        Assert.AreEqual(V1.ProjectRole.Owner, (await heirClient.Projects.GetProjectAsync(new() { Name = project })).Role);
        Assert.AreEqual(V1.ProjectRole.Editor, (await client.Projects.GetProjectAsync(new() { Name = project })).Role);
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => client.Projects.TransferProjectAsync(new() { Name = project, User = heir }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => heirClient.Projects.TransferProjectAsync(new() { Name = project, User = heir }).ResponseAsync);
    }

    [TestMethod]
    public async Task An_administrator_gives_no_project_away_that_is_not_theirs()
    {
        var (client, project) = await OwnerAsync();
        var (heir, _) = await Server.UserAsync();
        using var admin = Server.Client(Server.AdminKey);

        var (error, _) = await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => admin.Projects.TransferProjectAsync(
            new() { Name = project, User = heir }).ResponseAsync);

        Assert.Contains($"is no owner of {project}", error.Status.Detail);
        Assert.HasCount(1, (await client.Projects.ListProjectMembersAsync(new() { Parent = project })).Members);
    }
}
