using Google.Protobuf;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>How people come into projects by their address, and what nobody learns by inviting one.</summary>
[TestClass]
public sealed class InvitationTests : PeopleTest
{
    [TestMethod]
    public async Task Who_has_an_account_with_the_address_becomes_a_member_once()
    {
        var (owner, guest, other) = (await RegisterAsync(), await RegisterAsync(), await RegisterAsync());
        using var client = Server.Client(owner.Tokens.AccessToken);
        var project = await client.ProjectAsync();

        var sent = await InviteAsync(client, project, guest.Email.ToUpperInvariant(), V1.ProjectRole.Editor);
        Assert.AreEqual((V1.InvitationState.Pending, owner.User, V1.ProjectRole.Editor), (sent.State, sent.Inviter, sent.Role));
        Assert.AreEqual(TimeSpan.FromDays(7), sent.ExpireTime.ToDateTimeOffset() - sent.SendTime.ToDateTimeOffset());
        var mail = (await MailToAsync(guest.Email.ToUpperInvariant())).ReplaceLineEndings("\n").Replace("=\n", "", StringComparison.Ordinal);
        Assert.Contains(project, mail);
        var token = TokenIn(mail);

        using var asOther = Server.Client(other.Tokens.AccessToken);
        await RefusedAsync(StatusCode.PermissionDenied, "ADDRESS_DIFFERS", () => AcceptAsync(asOther, token));
        using var asKey = Server.Client((await Server.UserAsync()).Key);
        await RefusedAsync(StatusCode.PermissionDenied, "ADDRESS_DIFFERS", () => AcceptAsync(asKey, token));
        using var asGuest = Server.Client(guest.Tokens.AccessToken);
        await RefusedAsync(StatusCode.NotFound, null, () => asGuest.Projects.GetProjectAsync(new() { Name = project }).ResponseAsync);

        var member = await AcceptAsync(asGuest, token);

        Assert.AreEqual((guest.User, V1.ProjectRole.Editor), (member.User, member.Role));
        Assert.AreEqual(V1.ProjectRole.Editor, (await asGuest.Projects.GetProjectAsync(new() { Name = project })).Role);
        Assert.IsEmpty((await client.Invitations.ListInvitationsAsync(new() { Parent = project })).Invitations);
        await RefusedAsync(StatusCode.FailedPrecondition, "INVITATION_ENDED", () => AcceptAsync(asGuest, token));
        var trail = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project })).AuditEntries.Select(e => (e.Actor, e.Method, e.Resource)).ToList();
        Assert.Contains((guest.User, "InvitationService/AcceptInvitation", member.Name), trail);
        Assert.Contains((owner.User, "InvitationService/CreateInvitation", sent.Name), trail);
    }

    [TestMethod]
    public async Task Who_has_none_registers_with_it_where_nobody_else_may()
    {
        await using var server = await ApiServer.StartAsync(options => options.Accounts.Registration = Registration.Invited);
        var (user, key) = await server.UserAsync();
        using var client = server.Client(key);
        var project = await client.ProjectAsync();
        var email = NewEmail();
        using var anonymous = server.Client(null);
        await RefusedAsync(StatusCode.FailedPrecondition, "REGISTRATION_CLOSED", () => anonymous.Accounts.StartRegistrationAsync(new() { Email = email }).ResponseAsync);
        await InviteAsync(client, project, email, V1.ProjectRole.Viewer);
        var token = TokenIn(await MailToAsync(server, email));

        await RefusedAsync(StatusCode.InvalidArgument, "WEAK_PASSWORD", () => anonymous.Accounts.CompleteRegistrationAsync(
            new() { Token = token, Password = "password1234" }).ResponseAsync);
        var tokens = await anonymous.Accounts.CompleteRegistrationAsync(new() { Token = token, DisplayName = "Ada", Password = Password });

        using var asGuest = server.Client(tokens.AccessToken);
        Assert.AreEqual(V1.ProjectRole.Viewer, (await asGuest.Projects.GetProjectAsync(new() { Name = project })).Role);
        Assert.AreEqual(email, (await asGuest.Accounts.GetAccountAsync(new() { Name = $"{tokens.User}/account" })).Email);
        Assert.AreEqual(V1.UserRole.User, (await asGuest.Identity.WhoAmIAsync(new())).User.Role);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.CompleteRegistrationAsync(
            new() { Token = token, Password = Password }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "INVITATION_ENDED", () => AcceptAsync(asGuest, token));
        var joined = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project })).AuditEntries.Single(e => e.Method == "AccountService/CompleteRegistration");
        Assert.AreEqual((tokens.User, $"{project}/members/{tokens.User["users/".Length..]}"), (joined.Actor, joined.Resource));
        Assert.AreEqual(
            user,
            (await client.Projects.ListProjectMembersAsync(new() { Parent = project })).Members
                .Single(m => m.Role == V1.ProjectRole.Owner).User);
    }

    [TestMethod]
    public async Task Where_registration_is_closed_it_is_for_accounts_that_exist()
    {
        await using var server = await ApiServer.StartAsync(options => options.Accounts.Registration = Registration.Closed);
        using var client = server.Client((await server.UserAsync()).Key);
        var email = NewEmail();
        await InviteAsync(client, await client.ProjectAsync(), email, V1.ProjectRole.Viewer);
        var mail = await MailToAsync(server, email);
        using var anonymous = server.Client(null);

        Assert.DoesNotContain("synth account complete", mail.ReplaceLineEndings(" "));
        await RefusedAsync(
            StatusCode.FailedPrecondition, "REGISTRATION_CLOSED",
            () => anonymous.Accounts.CompleteRegistrationAsync(new() { Token = TokenIn(mail), Password = Password }).ResponseAsync);
    }

    [TestMethod]
    public async Task An_invitation_says_the_same_whether_the_address_has_an_account()
    {
        var person = await RegisterAsync();
        using var client = Server.Client((await Server.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var stranger = NewEmail();

        var (known, unknown) = (
            await InviteAsync(client, project, person.Email, V1.ProjectRole.Viewer),
            await InviteAsync(client, project, stranger, V1.ProjectRole.Viewer));

        Assert.AreEqual(Shape(known), Shape(unknown));
        var (first, second) = (await MailToAsync(person.Email, count: 2), await MailToAsync(stranger));
        Assert.AreEqual(Body(first), Body(second));
        using var anonymous = Server.Client(null);
        await RefusedAsync(StatusCode.FailedPrecondition, "ACCOUNT_EXISTS", () => anonymous.Accounts.CompleteRegistrationAsync(
            new() { Token = TokenIn(first), Password = Password }).ResponseAsync);

        static string Shape(V1.Invitation invitation)
        {
            var (bare, time) = (invitation.Clone(), invitation.SendTime);
            Assert.AreEqual(invitation.CreateTime, time);
            (bare.Name, bare.Email, bare.CreateTime, bare.SendTime, bare.ExpireTime) = ("", "", null, null, null);
            return bare.ToString();
        }

        static string Body(string mail)
        {
            var text = mail.ReplaceLineEndings("\n");
            return text[text.IndexOf("\n\n", StringComparison.Ordinal)..]
                .Replace("=\n", "", StringComparison.Ordinal).Replace(TokenIn(mail), "", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public async Task It_can_be_taken_back_sent_again_and_declined()
    {
        using var client = Server.Client((await Server.UserAsync()).Key);
        using var anonymous = Server.Client(null);
        var project = await client.ProjectAsync();
        var (taken, again) = (NewEmail(), NewEmail());
        var revoked = await InviteAsync(client, project, taken, V1.ProjectRole.Viewer);
        await RefusedAsync(StatusCode.AlreadyExists, null, () => InviteAsync(client, project, taken.ToUpperInvariant(), V1.ProjectRole.Editor));
        await client.Invitations.DeleteInvitationAsync(new() { Name = revoked.Name });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Invitations.DeleteInvitationAsync(new() { Name = revoked.Name }).ResponseAsync);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => RegisterWithAsync(TokenIn(MailsTo(taken)[0])));

        var sent = await InviteAsync(client, project, again, V1.ProjectRole.Viewer);
        var old = TokenIn(await MailToAsync(again));
        await client.Invitations.ResendInvitationAsync(new() { Name = sent.Name });
        var token = TokenIn(await MailToAsync(again, count: 2));
        Assert.AreNotEqual(old, token);
        await RefusedAsync(StatusCode.FailedPrecondition, "INVITATION_ENDED", () => anonymous.Invitations.DeclineInvitationAsync(new() { Token = old }).ResponseAsync);
        Assert.AreEqual(1, await ExecuteAsync($"UPDATE invitations SET expire_time = expire_time - 7 * 86400000000 WHERE name = '{sent.Name}'"));
        Assert.AreEqual(V1.InvitationState.Expired, (await client.Invitations.GetInvitationAsync(new() { Name = sent.Name })).State);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => RegisterWithAsync(token));
        await client.Invitations.ResendInvitationAsync(new() { Name = sent.Name });
        token = TokenIn(await MailToAsync(again, count: 3));

        await anonymous.Invitations.DeclineInvitationAsync(new() { Token = token });

        Assert.AreEqual(V1.InvitationState.Declined, (await client.Invitations.ListInvitationsAsync(new() { Parent = project })).Invitations.Single().State);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => RegisterWithAsync(token));
        await RefusedAsync(StatusCode.FailedPrecondition, "INVITATION_ENDED", () => client.Invitations.ResendInvitationAsync(new() { Name = sent.Name }).ResponseAsync);
        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project })).AuditEntries.Single(e => e.Method == "InvitationService/DeclineInvitation");
        Assert.AreEqual(("", sent.Name), (noted.Actor, noted.Resource));

        Task RegisterWithAsync(string text) => anonymous.Accounts.CompleteRegistrationAsync(new() { Token = text, Password = Password }).ResponseAsync;
    }

    [TestMethod]
    public async Task What_could_not_be_audited_says_what_to_do_now()
    {
        await using var server = await ApiServer.StartAsync(options => options.Accounts.Registration = Registration.Invited);
        using var client = server.Client((await server.UserAsync()).Key);
        using var anonymous = server.Client(null);
        var (project, email) = (await client.ProjectAsync(), NewEmail());
        await InviteAsync(client, project, email, V1.ProjectRole.Viewer);
        var token = TokenIn(await MailToAsync(server, email));
        await AlterAsync("ALTER TABLE audit_entries RENAME TO gone");

        Assert.Contains(
            "Nothing was done", await AdviceAsync(() => client.Projects.UpdateProjectAsync(new() { Project = new() { Name = project, DisplayName = "Other" } }).ResponseAsync));
        Assert.Contains("Nothing was done", await AdviceAsync(() => client.Projects.DeleteProjectAsync(new() { Name = project }).ResponseAsync));
        Assert.Contains("Nothing was done", await AdviceAsync(CompleteAsync));

        await AlterAsync("ALTER TABLE gone RENAME TO audit_entries");
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.SignInAsync(new() { Email = email, Password = Password }).ResponseAsync);
        await AlterAsync($"CREATE TRIGGER away BEFORE INSERT ON audit_entries WHEN NEW.chain = '{project}' BEGIN SELECT RAISE(ABORT, 'away'); END");
        Assert.Contains("sign in with your password", await AdviceAsync(CompleteAsync), "That it began is in the server's trail, that they are a member not in the project's.");
        await AlterAsync("DROP TRIGGER away");
        using var guest = server.Client((await anonymous.Accounts.SignInAsync(new() { Email = email, Password = Password })).AccessToken);
        Assert.AreEqual(V1.ProjectRole.Viewer, (await guest.Projects.GetProjectAsync(new() { Name = project })).Role);

        Task CompleteAsync() => anonymous.Accounts.CompleteRegistrationAsync(new() { Token = token, Password = Password }).ResponseAsync;

        async Task<string> AdviceAsync(Func<Task> call) => (await RefusedAsync(StatusCode.Unavailable, "NOT_AUDITED", call)).Error.Status.Detail;

        async Task AlterAsync(string statement)
        {
            await using var connection = await server.Get<SqliteDataSource>().OpenConnectionAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    [TestMethod]
    public async Task It_is_good_while_who_sent_it_may_invite_and_the_project_lives()
    {
        var (founder, heir, guest) = (await RegisterAsync(), await RegisterAsync(), await RegisterAsync());
        using var client = Server.Client(founder.Tokens.AccessToken);
        using var asHeir = Server.Client(heir.Tokens.AccessToken);
        using var asGuest = Server.Client(guest.Tokens.AccessToken);
        var project = await client.ProjectAsync();
        var sent = await InviteAsync(client, project, guest.Email, V1.ProjectRole.Viewer);
        var token = TokenIn(await MailToAsync(guest.Email, count: 2));

        await client.Projects.TransferProjectAsync(new() { Name = project, User = heir.User });
        await RefusedAsync(StatusCode.FailedPrecondition, "INVITATION_ENDED", () => AcceptAsync(asGuest, token));
        Assert.AreEqual(heir.User, (await asHeir.Invitations.ResendInvitationAsync(new() { Name = sent.Name })).Inviter);
        token = TokenIn(await MailToAsync(guest.Email, count: 3));

        await asHeir.Projects.DeleteProjectAsync(new() { Name = project });
        await RefusedAsync(StatusCode.FailedPrecondition, "INVITATION_ENDED", () => AcceptAsync(asGuest, token));
        await asHeir.Projects.UndeleteProjectAsync(new() { Name = project });
        Assert.AreEqual(V1.ProjectRole.Viewer, (await AcceptAsync(asGuest, token)).Role);
    }

    [TestMethod]
    public async Task It_takes_nothing_from_who_is_a_member_already()
    {
        var person = await RegisterAsync();
        using var client = Server.Client(person.Tokens.AccessToken);
        var project = await client.ProjectAsync();
        await InviteAsync(client, project, person.Email, V1.ProjectRole.Viewer);

        Assert.AreEqual(V1.ProjectRole.Owner, (await AcceptAsync(client, TokenIn(await MailToAsync(person.Email, count: 2)))).Role);
        Assert.AreEqual(V1.ProjectRole.Owner, (await client.Projects.GetProjectAsync(new() { Name = project })).Role);
    }

    [TestMethod]
    [DataRow(V1.ProjectRole.Viewer, V1.ProjectRole.Auditor, V1.ProjectRole.Auditor)]
    [DataRow(V1.ProjectRole.Auditor, V1.ProjectRole.Viewer, V1.ProjectRole.Viewer)]
    [DataRow(V1.ProjectRole.Auditor, V1.ProjectRole.Editor, V1.ProjectRole.Editor)]
    [DataRow(V1.ProjectRole.Editor, V1.ProjectRole.Auditor, V1.ProjectRole.Editor)]
    [DataRow(V1.ProjectRole.Editor, V1.ProjectRole.Viewer, V1.ProjectRole.Editor)]
    public async Task Of_auditor_and_viewer_neither_is_the_greater_role(V1.ProjectRole before, V1.ProjectRole invited, V1.ProjectRole after)
    {
        var guest = await RegisterAsync();
        using var owner = Server.Client((await Server.UserAsync()).Key);
        using var asGuest = Server.Client(guest.Tokens.AccessToken);
        var project = await owner.ProjectAsync();
        await owner.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = guest.User, Role = before } });
        await InviteAsync(owner, project, guest.Email, invited);

        Assert.AreEqual(after, (await AcceptAsync(asGuest, TokenIn(await MailToAsync(guest.Email, count: 2)))).Role);
        Assert.AreEqual(after, (await owner.Projects.ListProjectMembersAsync(new() { Parent = project })).Members.Single(m => m.User == guest.User).Role);
    }

    [TestMethod]
    public async Task Nobody_floods_a_mail_box_with_them_and_errors_say_what_is_wrong()
    {
        using var client = Server.Client((await Server.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var email = NewEmail();
        var sent = await InviteAsync(client, project, email, V1.ProjectRole.Viewer);
        for (var i = 0; i < 2; i++) await client.Invitations.ResendInvitationAsync(new() { Name = sent.Name });
        await RefusedAsync(StatusCode.ResourceExhausted, "TOO_MANY_ATTEMPTS", () => client.Invitations.ResendInvitationAsync(new() { Name = sent.Name }).ResponseAsync);

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => InviteAsync(client, project, "nobody", V1.ProjectRole.Viewer));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => InviteAsync(client, project, NewEmail(), V1.ProjectRole.Unspecified));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => AcceptAsync(client, "what?"));
    }

    [TestMethod]
    public async Task Erasing_a_person_takes_the_invitations_to_their_address_along_and_an_export_tells_of_them()
    {
        var person = await RegisterAsync();
        using var client = Server.Client((await Server.UserAsync()).Key);
        using var asPerson = Server.Client(person.Tokens.AccessToken);
        var project = await client.ProjectAsync();
        var sent = await InviteAsync(client, project, person.Email, V1.ProjectRole.Viewer);
        Assert.Contains(project, (await asPerson.Accounts.ExportAccountAsync(new() { Name = person.Account })).Data.ToStringUtf8());

        var erased = await asPerson.Accounts.EraseAccountAsync(new() { Name = person.Account, Password = Password });

        Assert.AreEqual(1, erased.Deleted["invitations"]);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Invitations.GetInvitationAsync(new() { Name = sent.Name }).ResponseAsync);
        Assert.DoesNotContain(person.Email, await Everything.ReadAsync(Server.Get<SqliteDataSource>(), Cancellation));
    }

    private static async Task<V1.Invitation> InviteAsync(ApiClient client, string project, string email, V1.ProjectRole role) =>
        await client.Invitations.CreateInvitationAsync(new() { Parent = project, Invitation = new() { Email = email, Role = role } });

    private static async Task<V1.ProjectMember> AcceptAsync(ApiClient client, string token) =>
        await client.Invitations.AcceptInvitationAsync(new() { Token = token });

    /// <summary>The one mail to an address that another server sent.</summary>
    private async Task<string> MailToAsync(ApiServer server, string email) => (await EventuallyAsync(
        () => Task.FromResult(Directory.Exists(server.Mails)
            ? Directory.EnumerateFiles(server.Mails, "*.eml").Select(File.ReadAllText)
                .Where(m => m.Contains(email, StringComparison.Ordinal)).ToList()
            : []),
        found => found.Count == 1)).Single();
}
