using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Sessions;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>Sessions and the tokens that keep them alive.</summary>
[TestClass]
public sealed class SessionTests : PeopleTest
{
    [TestMethod]
    public async Task Each_refresh_token_is_exchanged_for_the_next()
    {
        var person = await RegisterAsync();
        var tokens = person.Tokens;
        for (var i = 0; i < 4; i++)
        {
            var next = await RefreshAsync(tokens.RefreshToken);
            Assert.AreNotEqual(tokens.RefreshToken, next.RefreshToken);
            Assert.AreEqual(tokens.Session, next.Session);
            tokens = next;
        }

        using var client = Server.Client(tokens.AccessToken);
        Assert.AreEqual(person.User, (await client.Identity.WhoAmIAsync(new())).User.Name);
    }

    [TestMethod]
    public async Task A_token_that_comes_again_ends_its_session_and_no_other()
    {
        var person = await RegisterAsync();
        var other = await SignInAsync(person.Email, Password);
        var stolen = person.Tokens.RefreshToken;
        var second = await RefreshAsync(stolen);
        var third = await RefreshAsync(second.RefreshToken);
        using var client = Server.Client(third.AccessToken);
        await client.Identity.WhoAmIAsync(new());

        await RefusedAsync(StatusCode.Unauthenticated, "REFRESH_TOKEN_REUSED", () => RefreshAsync(stolen));

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => RefreshAsync(third.RefreshToken));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Identity.WhoAmIAsync(new()).ResponseAsync);
        await RefreshAsync(other.RefreshToken);
        using var admin = Server.Client(Server.AdminKey);
        var noted = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Actor = person.User, Outcome = "UNAUTHENTICATED" } })).AuditEntries;
        Assert.IsTrue(noted.Any(e => e.Reason == "REFRESH_TOKEN_REUSED"));
    }

    [TestMethod]
    public async Task Calls_at_the_same_moment_and_repeats_get_the_same_successor()
    {
        var person = await RegisterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefreshAsync(person.Tokens.RefreshToken)));
        var repeat = await RefreshAsync(person.Tokens.RefreshToken);

        Assert.HasCount(1, answers.Append(repeat).Select(a => a.RefreshToken).Distinct().ToList());
        await RefreshAsync(repeat.RefreshToken);
    }

    [TestMethod]
    public async Task After_a_while_a_repeat_is_a_theft()
    {
        var person = await RegisterAsync();
        var next = await RefreshAsync(person.Tokens.RefreshToken);
        await AgeAsync(person, "rotate_time", SessionKeeper.Grace);

        await RefusedAsync(StatusCode.Unauthenticated, "REFRESH_TOKEN_REUSED", () => RefreshAsync(person.Tokens.RefreshToken));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => RefreshAsync(next.RefreshToken));
    }

    [TestMethod]
    public async Task A_token_that_somebody_made_up_ends_nothing()
    {
        var person = await RegisterAsync();
        var made = RefreshToken.Create() with { Session = person.Tokens.Session.Split('/')[^1] };

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => RefreshAsync(made.ToString()));

        await RefreshAsync(person.Tokens.RefreshToken);
    }

    [TestMethod]
    public async Task A_session_that_nobody_refreshes_ends_and_no_refreshing_outlives_its_time()
    {
        var (idle, old) = (await RegisterAsync(), await RegisterAsync());
        await AgeAsync(idle, "expire_time", TimeSpan.FromDays(14));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => RefreshAsync(idle.Tokens.RefreshToken));
        using var client = Server.Client(idle.Tokens.AccessToken);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Identity.WhoAmIAsync(new()).ResponseAsync);

        await AgeAsync(old, "create_time", TimeSpan.FromDays(80));
        var left = (await RefreshAsync(old.Tokens.RefreshToken)).SessionExpireTime.ToDateTimeOffset() - TimeProvider.System.GetUtcNow();
        Assert.IsTrue(left > TimeSpan.FromDays(9) && left <= TimeSpan.FromDays(10), $"{left}");
    }

    [TestMethod]
    public async Task Sessions_are_listed_and_ended_by_their_user_and_by_signing_out()
    {
        var person = await RegisterAsync();
        var (second, third) = (await SignInAsync(person.Email, Password), await SignInAsync(person.Email, Password));
        using var client = Server.Client(person.Tokens.AccessToken);
        using var anonymous = Server.Client(null);
        var first = await client.Accounts.ListSessionsAsync(new() { Parent = person.User, PageSize = 2 });
        var rest = await client.Accounts.ListSessionsAsync(new() { Parent = person.User, PageSize = 2, PageToken = first.NextPageToken });

        CollectionAssert.AreEqual(
            new[] { third.Session, second.Session, person.Tokens.Session },
            first.Sessions.Concat(rest.Sessions).Select(s => s.Name).ToArray());
        Assert.AreEqual("127.0.0.1", first.Sessions[0].Address);
        Assert.StartsWith("grpc-dotnet", first.Sessions[0].Agent);
        Assert.AreEqual(person.Tokens.Session, rest.Sessions.Single(s => s.Current).Name);

        Assert.IsNotNull((await client.Accounts.RevokeSessionAsync(new() { Name = second.Session })).RevokeTime);
        await anonymous.Accounts.SignOutAsync(new() { RefreshToken = third.RefreshToken });
        foreach (var ended in (V1.SessionTokens[])[second, third])
        {
            await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => RefreshAsync(ended.RefreshToken));
            using var later = Server.Client(ended.AccessToken);
            await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => later.Identity.WhoAmIAsync(new()).ResponseAsync);
        }

        await client.Identity.WhoAmIAsync(new());
    }

    [TestMethod]
    public async Task With_one_session_too_many_the_one_ends_that_was_refreshed_longest_ago()
    {
        var person = await RegisterAsync();
        var (store, now) = (Server.Get<SessionStore>(), TimeProvider.System.GetUtcNow());
        var oldest = await AddAsync(created: now.AddHours(-1), refreshed: now.AddHours(-1));
        var busy = await AddAsync(created: now.AddDays(-2), refreshed: now.AddMinutes(-1)); // Older, but used.
        for (var i = 3; i < SessionKeeper.MostOfUser; i++) await AddAsync(created: now.AddMinutes(-30), refreshed: now.AddMinutes(-30));

        var begun = await SignInAsync(person.Email, Password);

        var lasting = (await store.ListAsync(person.User)).Where(s => s.IsValid(now)).Select(s => s.Id).ToList();
        Assert.HasCount(SessionKeeper.MostOfUser, lasting);
        Assert.DoesNotContain(oldest.Session, lasting);
        foreach (var kept in (string[])[busy.Session, person.Tokens.Session.Split('/')[^1], begun.Session.Split('/')[^1]])
            Assert.Contains(kept, lasting);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => RefreshAsync(oldest.ToString()));
        using var admin = Server.Client(Server.AdminKey);
        var filter = new V1.AuditFilter { Actor = person.User, Method = "AccountService/RevokeSession" };
        var noted = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = filter })).AuditEntries.Single();
        Assert.AreEqual(($"{person.User}/sessions/{oldest.Session}", "OK"), (noted.Resource, noted.Outcome));

        async Task<RefreshToken> AddAsync(DateTimeOffset created, DateTimeOffset refreshed)
        {
            var token = RefreshToken.Create();
            var session = new SessionRecord
            {
                Id = token.Session, Owner = person.User, Method = "password", FamilyHash = token.HashFamily(), TokenHash = token.Hash(),
                RotateTime = refreshed, CreateTime = created, ExpireTime = now.AddDays(1),
            };
            Assert.IsTrue(await store.TryCreateAsync(session, password: null));
            return token;
        }
    }

    [TestMethod]
    public async Task A_changed_password_ends_the_other_sessions()
    {
        var person = await RegisterAsync();
        var other = await SignInAsync(person.Email, Password);
        using var client = Server.Client(person.Tokens.AccessToken);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => ChangeAsync("not the password", "quite another sentence"));
        await RefusedAsync(StatusCode.InvalidArgument, "WEAK_PASSWORD", () => ChangeAsync(Password, "short"));
        var (reset, move) = await AskForMailsAsync(person, client);

        await ChangeAsync(Password, "quite another sentence");

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => RefreshAsync(other.RefreshToken));
        await RefreshAsync(person.Tokens.RefreshToken);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => SignInAsync(person.Email, Password));
        await SignInAsync(person.Email, "quite another sentence");
        Assert.Contains("was changed just now", (await MailToAsync(person.Email, count: 3)).ReplaceLineEndings(" "));
        using var anonymous = Server.Client(null);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.ResetPasswordAsync(new() { Token = reset, Password = "one more sentence here" }).ResponseAsync);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.ConfirmEmailChangeAsync(new() { Token = move }).ResponseAsync);

        Task ChangeAsync(string old, string password) =>
            client.Accounts.ChangePasswordAsync(new() { Name = person.Account, Password = old, NewPassword = password }).ResponseAsync;
    }

    [TestMethod]
    public async Task Who_forgot_their_password_sets_another_by_a_mail_and_all_sessions_end()
    {
        var person = await RegisterAsync();
        using var anonymous = Server.Client(null);
        Assert.AreEqual(
            await anonymous.Accounts.RequestPasswordResetAsync(new() { Email = NewEmail() }),
            await anonymous.Accounts.RequestPasswordResetAsync(new() { Email = person.Email }));
        var token = TokenIn(await MailToAsync(person.Email, count: 2));
        await RefusedAsync(StatusCode.Unauthenticated, null, () => anonymous.Accounts.CompleteRegistrationAsync(
            new() { Token = token, Password = Password }).ResponseAsync);

        await anonymous.Accounts.ResetPasswordAsync(new() { Token = token, Password = "quite another sentence" });

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => RefreshAsync(person.Tokens.RefreshToken));
        await SignInAsync(person.Email, "quite another sentence");
        await RefusedAsync(
            StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.ResetPasswordAsync(new() { Token = token, Password = Password }).ResponseAsync);
    }

    [TestMethod]
    public async Task Made_up_refresh_tokens_are_tried_so_often_and_good_ones_as_often_as_one_likes()
    {
        await using var server = await ApiServer.StartAsync();
        using var anonymous = server.Client(null);
        using var admin = server.Client(server.AdminKey);
        var guard = server.Get<SignInGuard>();
        await admin.Accounts.InviteUserAsync(new() { Email = "ada@example.org" });
        var mail = await EventuallyAsync(
            () => Task.FromResult(Directory.Exists(server.Mails) ? Directory.EnumerateFiles(server.Mails, "*.eml").FirstOrDefault() : null),
            file => file is not null);
        var tokens = await anonymous.Accounts.CompleteRegistrationAsync(new() { Token = TokenIn(await File.ReadAllTextAsync(mail!)), Password = Password });
        for (var i = 0; i < SignInGuard.Refresh.Burst + 20; i++)
            tokens = await anonymous.Accounts.RefreshSessionAsync(new() { RefreshToken = tokens.RefreshToken });
        var tries = 0;
        RpcException error;
        do
        {
            error = await Assert.ThrowsExactlyAsync<RpcException>(
                () => anonymous.Accounts.RefreshSessionAsync(new() { RefreshToken = RefreshToken.Create().ToString() }).ResponseAsync);
            tries++;
        }
        while (error.StatusCode == StatusCode.Unauthenticated && tries < 2 * SignInGuard.Refresh.Burst);

        Assert.AreEqual(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.IsGreaterThanOrEqualTo(SignInGuard.Refresh.Burst, tries);
        await RefusedAsync(StatusCode.ResourceExhausted, "TOO_MANY_ATTEMPTS", () => anonymous.Accounts.SignOutAsync(
            new() { RefreshToken = RefreshToken.Create().ToString() }).ResponseAsync);
    }

    /// <summary>What two mails bring: one to set another password, one for another address.</summary>
    private async Task<(string Reset, string Move)> AskForMailsAsync(Person person, ApiClient client)
    {
        var email = NewEmail();
        await client.Accounts.RequestPasswordResetAsync(new() { Email = person.Email });
        await client.Accounts.RequestEmailChangeAsync(new() { Name = person.Account, Email = email, Password = Password });
        return (TokenIn(await MailToAsync(person.Email, count: 2)), TokenIn(await MailToAsync(email)));
    }

    private async Task<V1.SessionTokens> RefreshAsync(string token)
    {
        using var client = Server.Client(null);
        return await client.Accounts.RefreshSessionAsync(new() { RefreshToken = token });
    }

    private async Task AgeAsync(Person person, string column, TimeSpan by) => Assert.AreEqual(
        1, await ExecuteAsync($"UPDATE sessions SET {column} = {column} - {by.Ticks / TimeSpan.TicksPerMicrosecond} WHERE id = '{person.Tokens.Session.Split('/')[^1]}'"));
}
