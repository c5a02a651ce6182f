using SynthStudio.Api.Identity.OpenIdConnect;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>Sign-ins by other providers, and who tries to pass for somebody by them.</summary>
[TestClass]
public sealed partial class ProviderTests
{
    private const string FirstPassword = "four words of no sense";

    private const string Redirect = "https://studio.example.org/signed-in";

    private LocalIssuer _issuer = null!;
    private ApiServer _server = null!;
    private ApiClient _anonymous = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public async Task StartAsync()
    {
        _issuer = await LocalIssuer.StartAsync();
        _server = await ApiServer.StartAsync(options =>
        {
            options.OpenId.RedirectUris.Add(Redirect);
            options.OpenId.Providers.Add(Provider("open", newUsers: true));
            options.OpenId.Providers.Add(Provider("members", newUsers: false));
            options.OpenId.Providers.Add(new()
            {
                Id = "github", Preset = ProviderPreset.GitHub, Authority = _issuer.Address, Api = _issuer.Address,
                ClientId = LocalIssuer.Client, ClientSecret = LocalIssuer.Secret, NewUsers = true,
            });
        });
        _anonymous = _server.Client(null);
    }

    [TestCleanup]
    public async Task StopAsync()
    {
        _anonymous.Dispose();
        var unexpected = _server.Logs.TakeUnexpected();
        await _server.DisposeAsync();
        await _issuer.DisposeAsync();
        Assert.IsEmpty(unexpected, string.Join('\n', unexpected));
    }

    [TestMethod]
    public async Task Who_comes_by_a_provider_is_the_same_user_each_time()
    {
        var first = await SignInAsync("open", "grace", "grace@example.org");
        var second = await SignInAsync("open", "grace", "new.address@example.org");
        var other = await SignInAsync("open", "mallory");

        Assert.AreEqual(first.User, second.User, "The subject counts, not the address.");
        Assert.AreNotEqual(first.User, other.User);
        using var client = _server.Client(first.AccessToken);
        Assert.AreEqual("Grace Hopper", (await client.Identity.WhoAmIAsync(new())).User.DisplayName);
        var account = await client.Accounts.GetAccountAsync(new() { Name = $"{first.User}/account" });
        Assert.AreEqual(("grace@example.org", false, "open"), (account.Email, account.HasPassword, account.Providers.Single()));
        Assert.AreEqual("open", (await client.Accounts.ListSessionsAsync(new() { Parent = first.User })).Sessions[0].Method);
        CollectionAssert.AreEqual(new[] { "open", "members", "github" }, (await _anonymous.Accounts.ListSignInProvidersAsync(new())).Providers.Select(p => p.Id).ToArray());
    }

    [TestMethod]
    public async Task Names_and_addresses_of_a_provider_steer_no_terminal()
    {
        foreach (var name in (string[])["Grace\u001B[2J", "Grace\nadmin", "Grace \u202Ereppoh"])
        {
            _issuer.Lie = new Lie { Name = name };

            var tokens = await SignInAsync("open", $"{Guid.NewGuid():N}", "grace\u202E@example.org");

            using var client = _server.Client(tokens.AccessToken);
            Assert.AreEqual("", (await client.Identity.WhoAmIAsync(new())).User.DisplayName, name);
            Assert.AreEqual("", (await client.Accounts.GetAccountAsync(new() { Name = $"{tokens.User}/account" })).Email, name);
        }
    }

    [TestMethod]
    public async Task An_identity_token_that_is_not_what_it_should_be_signs_nobody_in()
    {
        (string What, Lie Lie)[] lies =
        [
            ("issuer", new() { Issuer = "https://accounts.example.org" }),
            ("audience", new() { Audience = "somebody else" }),
            ("nonce", new() { Nonce = "of another sign-in" }),
            ("empty nonce", new() { Nonce = "" }),
            ("party", new() { Party = "somebody else" }),
            ("expired", new() { Age = TimeSpan.FromMinutes(7) }),
            ("key", new() { OtherKey = true }),
            ("unsigned", new() { Unsigned = true }),
            ("symmetric", new() { Symmetric = true }),
            ("nothing", new() { NoToken = true }),
        ];
        foreach (var (what, lie) in lies)
        {
            var before = _issuer.Exchanges;
            _issuer.Lie = lie;

            var error = await Assert.ThrowsExactlyAsync<RpcException>(() => SignInAsync("open", what), what);

            Assert.AreEqual((StatusCode.Unauthenticated, "PROVIDER_ANSWER_INVALID"), (error.StatusCode, Reason(error)), $"{what}: {error.Status.Detail}");
            Assert.AreEqual(before + 1, _issuer.Exchanges, $"{what}: it came as far as the token.");
            _issuer.Lie = null;
            await SignInAsync("open", what);
        }
    }

    [TestMethod]
    public async Task Answers_to_another_question_and_answers_that_were_used_are_refused()
    {
        var mine = await StartAsync("open");
        var theirs = await StartAsync("open");
        var answer = _issuer.SignIn(theirs.AuthorizationUri, "mallory");
        await RefusedAsync("CREDENTIALS_INVALID", () => FinishAsync(mine, answer)); // The state is of another flow: a victim's browser was sent the attacker's answer.

        var flow = await StartAsync("open");
        var good = _issuer.SignIn(flow.AuthorizationUri, "grace");
        await RefusedAsync("PROVIDER_ANSWER_INVALID", () => FinishAsync(flow, new(good) { ["iss"] = "https://accounts.example.org" }));
        await RefusedAsync("CREDENTIALS_INVALID", () => FinishAsync(flow, good)); // A flow is good once, whatever came of it.

        var silent = await StartAsync("open");
        await RefusedAsync("PROVIDER_ANSWER_INVALID", () => FinishAsync(silent, new(_issuer.SignIn(silent.AuthorizationUri, "grace")) { ["iss"] = "" })); // It says that it always tells.

        var injected = await StartAsync("open");
        var stolen = _issuer.SignIn((await StartAsync("open")).AuthorizationUri, "grace")["code"];
        var own = _issuer.SignIn(injected.AuthorizationUri, "mallory");
        await RefusedAsync("PROVIDER_ANSWER_INVALID", () => FinishAsync(injected, new(own) { ["code"] = stolen })); // PKCE: a code of another flow.
        Assert.AreEqual(0, _issuer.Exchanges);
    }

    [TestMethod]
    public async Task Browsers_are_sent_back_to_known_addresses_only()
    {
        foreach (var bad in (string[])["https://evil.example.org/", Redirect + "/x", Redirect + "?a=b", "http://localhost:80/", "http://127.0.0.1.evil.example.org/", "http://a@127.0.0.1/", "javascript:alert(1)", ""])
        {
            var error = await Assert.ThrowsExactlyAsync<RpcException>(
                () => _anonymous.Accounts.StartProviderSignInAsync(new() { Provider = "open", RedirectUri = bad }).ResponseAsync, bad);
            Assert.AreEqual(StatusCode.InvalidArgument, error.StatusCode, bad);
        }

        await _anonymous.Accounts.StartProviderSignInAsync(new() { Provider = "open", RedirectUri = "http://127.0.0.1:51234/done" });
    }

    [TestMethod]
    public async Task An_address_opens_no_account_that_exists_until_its_owner_links_it()
    {
        var person = await RegisterAsync("victim@example.org");
        await RefusedAsync("ACCOUNT_EXISTS", () => SignInAsync("open", "mallory", "Victim@example.org"), StatusCode.FailedPrecondition);

        using var client = _server.Client(person.AccessToken);
        var link = new V1.StartProviderLinkRequest { Name = $"{person.User}/account", Provider = "open", RedirectUri = Redirect };
        await Assert.ThrowsAsync<RpcException>(() => client.Accounts.StartProviderLinkAsync(link).ResponseAsync, "A token alone lets nobody in for ever.");
        link.Password = FirstPassword;
        var stale = await client.Accounts.StartProviderLinkAsync(link);
        await client.Accounts.ChangePasswordAsync(new() { Name = link.Name, Password = FirstPassword, NewPassword = "another pass phrase of mine" });
        await RefusedAsync("CREDENTIALS_INVALID", () => FinishAsync(stale, _issuer.SignIn(stale.AuthorizationUri, "thiefs subject")));
        link.Password = "another pass phrase of mine";
        var flow = await client.Accounts.StartProviderLinkAsync(link);
        Assert.AreEqual(person.User, (await FinishAsync(flow, _issuer.SignIn(flow.AuthorizationUri, "victims subject"))).User);
        var there = await SignInAsync("open", "victims subject");
        Assert.AreEqual(person.User, there.User);

        await Assert.ThrowsAsync<RpcException>(() => client.Accounts.RemoveProviderLinkAsync(new() { Name = link.Name, Provider = "open" }).ResponseAsync, "A token alone keeps nobody out.");
        await client.Accounts.RemoveProviderLinkAsync(new() { Name = link.Name, Provider = "open", Password = link.Password });
        await RefusedAsync("CREDENTIALS_INVALID", () => _anonymous.Accounts.RefreshSessionAsync(new() { RefreshToken = there.RefreshToken }).ResponseAsync);
        using (var thief = _server.Client(there.AccessToken)) await RefusedAsync("CREDENTIALS_INVALID", () => thief.Identity.WhoAmIAsync(new()).ResponseAsync);
        await client.Identity.WhoAmIAsync(new());
        Assert.AreNotEqual(person.User, (await SignInAsync("open", "victims subject")).User);
    }

    [TestMethod]
    public async Task Who_comes_by_a_provider_alone_proves_themselves_by_a_sign_in_of_just_now_and_keeps_a_way_in()
    {
        var old = await SignInAsync("open", "grace", "grace@example.org");
        var account = $"{old.User}/account";
        await ExecuteAsync($"UPDATE sessions SET create_time = create_time - {(long)TimeSpan.FromMinutes(11).TotalMicroseconds}");
        using var stale = _server.Client(old.AccessToken);
        var key = await stale.Identity.CreateApiKeyAsync(new() { Parent = old.User, ApiKey = new() { DisplayName = "k", Scope = V1.Scope.Admin } });
        using var byKey = _server.Client(key.Secret);
        foreach (var client in new[] { stale, byKey })
        {
            await AskedAgainAsync(() => client.Accounts.EraseAccountAsync(new() { Name = account }).ResponseAsync);
            await AskedAgainAsync(() => client.Accounts.RemoveProviderLinkAsync(new() { Name = account, Provider = "open" }).ResponseAsync);
            await AskedAgainAsync(() => client.Accounts.StartProviderLinkAsync(new() { Name = account, Provider = "github", RedirectUri = Redirect }).ResponseAsync);
            await AskedAgainAsync(() => client.Accounts.ChangePasswordAsync(new() { Name = account, NewPassword = FirstPassword }).ResponseAsync);
        }

        using var fresh = _server.Client((await SignInAsync("open", "grace")).AccessToken);
        await RefusedAsync(
            "LAST_WAY_IN", () => fresh.Accounts.RemoveProviderLinkAsync(new() { Name = account, Provider = "open" }).ResponseAsync,
            StatusCode.FailedPrecondition);
        await fresh.Identity.WhoAmIAsync(new());
        Assert.AreEqual(old.User, (await SignInAsync("open", "grace")).User);
        Assert.IsTrue((await fresh.Accounts.ChangePasswordAsync(new() { Name = account, NewPassword = FirstPassword })).HasPassword);
        Assert.AreEqual(old.User, (await _anonymous.Accounts.SignInAsync(new() { Email = "grace@example.org", Password = FirstPassword })).User);
        await fresh.Accounts.RemoveProviderLinkAsync(new() { Name = account, Provider = "open", Password = FirstPassword });

        using var other = _server.Client((await SignInAsync("open", "hopper")).AccessToken);
        await other.Accounts.EraseAccountAsync(new() { Name = $"{(await other.Identity.WhoAmIAsync(new())).User.Name}/account" });

        Task AskedAgainAsync(Func<Task> call) => RefusedAsync("SIGN_IN_AGAIN", call, StatusCode.FailedPrecondition);
    }

    [TestMethod]
    public async Task A_forgotten_password_is_mailed_about_only_where_there_is_one()
    {
        await SignInAsync("open", "grace", "grace@example.org");
        await _anonymous.Accounts.RequestPasswordResetAsync(new() { Email = "grace@example.org" });
        var person = await RegisterAsync("ada@example.org"); // Its mail is composed after the other would have been.
        await _anonymous.Accounts.RequestPasswordResetAsync(new() { Email = "ada@example.org" });
        while (Directory.EnumerateFiles(_server.Mails, "*.eml").Count() < 2) await Task.Delay(20, TestContext.CancellationToken);

        foreach (var mail in Directory.EnumerateFiles(_server.Mails, "*.eml")) Assert.Contains("To: ada@example.org", await File.ReadAllTextAsync(mail, TestContext.CancellationToken));
        await ExecuteAsync($"UPDATE accounts SET password = '' WHERE owner = '{person.User}'");
        var token = MailToken().Match((await File.ReadAllTextAsync(
                Directory.EnumerateFiles(_server.Mails, "*.eml").Order(StringComparer.Ordinal).Last(), TestContext.CancellationToken))
            .Replace("=\r\n", "", StringComparison.Ordinal)).Value;
        await Assert.ThrowsAsync<RpcException>(
            () => _anonymous.Accounts.ResetPasswordAsync(new() { Token = token, Password = FirstPassword }).ResponseAsync, "A mail of before sets none either.");
    }

    [TestMethod]
    public async Task Where_new_users_need_an_invitation_only_an_address_that_is_vouched_for_has_it()
    {
        using var admin = _server.Client(_server.AdminKey);
        await RefusedAsync("NOT_REGISTERED", () => SignInAsync("members", "grace", "grace@example.org"), StatusCode.PermissionDenied);
        await admin.Accounts.InviteUserAsync(new() { Email = "grace@example.org", Role = V1.UserRole.Admin });
        await RefusedAsync("NOT_REGISTERED", () => SignInAsync("members", "mallory", "grace@example.org", verified: false), StatusCode.PermissionDenied);

        var tokens = await SignInAsync("members", "grace", "grace@example.org");
        await admin.Invitations.CreateInvitationAsync(new()
        {
            Parent = await admin.ProjectAsync(), Invitation = new() { Email = "hopper@example.org", Role = V1.ProjectRole.Viewer },
        });
        var guest = await SignInAsync("members", "hopper", "hopper@example.org");
        Assert.AreEqual(V1.UserRole.User, (await admin.Identity.GetUserAsync(new() { Name = guest.User })).Role, "An invitation to a project lets in too.");

        Assert.AreEqual(V1.UserRole.Admin, (await admin.Identity.GetUserAsync(new() { Name = tokens.User })).Role);
    }

    [TestMethod]
    public async Task Of_invitations_of_a_user_to_several_addresses_one_is_good()
    {
        using var admin = _server.Client(_server.AdminKey);
        var (user, _) = await _server.UserAsync();
        foreach (var email in (string[])["mistyped@example.org", "grace@example.org"]) await admin.Accounts.InviteUserAsync(new() { Email = email, User = user });

        Assert.AreEqual(user, (await SignInAsync("members", "grace", "grace@example.org")).User);
        await RefusedAsync("NOT_REGISTERED", () => SignInAsync("members", "mallory", "mistyped@example.org"), StatusCode.PermissionDenied);
    }

    [TestMethod]
    public async Task A_key_that_is_new_is_asked_for_and_a_provider_that_is_away_says_so()
    {
        await SignInAsync("open", "grace");
        _issuer.RotateKey();
        await SignInAsync("open", "grace");

        var flow = await StartAsync("open");
        var answer = _issuer.SignIn(flow.AuthorizationUri, "grace");
        await _issuer.DisposeAsync();
        await RefusedAsync("PROVIDER_UNAVAILABLE", () => FinishAsync(flow, answer), StatusCode.Unavailable);
    }

    [TestMethod]
    public async Task GitHub_is_asked_who_it_was()
    {
        var first = await SignInAsync("github", "583231", "octo@example.org");
        var second = await SignInAsync("github", "583231");
        var other = await SignInAsync("github", "7", "unverified@example.org", verified: false);

        Assert.AreEqual(first.User, second.User);
        using var client = _server.Client(other.AccessToken);
        Assert.AreEqual("octocat", (await client.Identity.WhoAmIAsync(new())).User.DisplayName);
        Assert.AreEqual("", (await client.Accounts.GetAccountAsync(new() { Name = $"{other.User}/account" })).Email, "Nobody vouches for that address.");
        var flow = await StartAsync("github");
        await RefusedAsync("PROVIDER_ANSWER_INVALID", () => FinishAsync(flow, new(_issuer.SignIn(flow.AuthorizationUri, "1")) { ["code"] = "made up" }));
    }

    [TestMethod]
    public void Options_say_what_is_wrong()
    {
        var options = new OpenIdOptions
        {
            Providers =
            [
                new() { Id = "A" }, new() { Id = "a" }, new() { Id = "b", ClientId = "c" },
                new() { Id = "c", ClientId = "c", Authority = "http://issuer.example.org" },
            ],
            RedirectUris = ["/x", "http://studio.example.org/in", "http://localhost:8080/in", "https://studio.example.org/in"],
        };

        var problems = options.Validate(new(options)).Select(p => $"{p.MemberNames.Single()} {p.ErrorMessage}").ToList();

        Assert.HasCount(6, problems, string.Join('\n', problems));
        Assert.StartsWith("Providers:0 needs an Id", problems[0]);
        Assert.StartsWith("Providers:1 needs a ClientId", problems[1]);
        Assert.StartsWith("Providers:2 needs an Authority", problems[2]);
        Assert.Contains("no https address", problems[3]);
        Assert.Contains("\"/x\"", problems[4]);
        Assert.StartsWith("RedirectUris holds \"http://studio.example.org/in\"", problems[5], "A code of a sign-in would be readable on the way.");
    }

    private OpenIdProviderOptions Provider(string id, bool newUsers) => new()
    {
        Id = id, Authority = _issuer.Address, ClientId = LocalIssuer.Client, ClientSecret = LocalIssuer.Secret, NewUsers = newUsers,
    };

    private async Task<V1.SessionTokens> RegisterAsync(string email)
    {
        await _anonymous.Accounts.StartRegistrationAsync(new() { Email = email });
        while (!Directory.Exists(_server.Mails) || !Directory.EnumerateFiles(_server.Mails, "*.eml").Any()) await Task.Delay(20, TestContext.CancellationToken);
        var mail = await File.ReadAllTextAsync(Directory.EnumerateFiles(_server.Mails, "*.eml").Single(), TestContext.CancellationToken);
        var token = MailToken().Match(mail).Value;
        return await _anonymous.Accounts.CompleteRegistrationAsync(new() { Token = token, Password = FirstPassword });
    }

    private async Task<V1.StartProviderSignInResponse> StartAsync(string provider) =>
        await _anonymous.Accounts.StartProviderSignInAsync(new() { Provider = provider, RedirectUri = Redirect });

    private async Task<V1.SessionTokens> FinishAsync(V1.StartProviderSignInResponse flow, Dictionary<string, string> answer) =>
        await _anonymous.Accounts.FinishProviderSignInAsync(new() { FlowSecret = flow.FlowSecret, State = answer["state"], Code = answer["code"], Issuer = answer["iss"] });

    private async Task<V1.SessionTokens> SignInAsync(string provider, string subject, string? email = null, bool verified = true)
    {
        var flow = await StartAsync(provider);
        return await FinishAsync(flow, _issuer.SignIn(flow.AuthorizationUri, subject, email, verified));
    }

    /// <summary>Changes the database directly.</summary>
    private async Task ExecuteAsync(string statement)
    {
        await using var connection = await _server.Get<Catalog.SqliteDataSource>().OpenConnectionAsync(TestContext.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(TestContext.CancellationToken);
    }

    [System.Text.RegularExpressions.GeneratedRegex("sm_[A-Za-z0-9_-]{43}")]
    private static partial System.Text.RegularExpressions.Regex MailToken();

    private static string? Reason(RpcException error) => error.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason;

    private static async Task RefusedAsync(string reason, Func<Task> call, StatusCode code = StatusCode.Unauthenticated)
    {
        var error = await Assert.ThrowsExactlyAsync<RpcException>(call);
        Assert.AreEqual((code, reason), (error.StatusCode, Reason(error)), error.Status.Detail);
    }
}
