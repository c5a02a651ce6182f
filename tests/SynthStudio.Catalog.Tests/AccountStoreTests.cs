using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Catalog.Tests;

/// <summary>What the stores of accounts promise to callers at the same moment, in each database.</summary>
public abstract class AccountStoreTests(Provider provider)
{
    private TestCatalog _catalog = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private DateTimeOffset Now => _catalog.Clock.GetUtcNow();

    [TestInitialize]
    public async Task CreateAsync() => _catalog = await TestCatalog.CreateAsync(provider);

    [TestCleanup]
    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [TestMethod]
    public async Task Of_refreshes_at_once_one_rotates_and_an_ended_session_does_not()
    {
        var sessions = _catalog.Get<SessionStore>();
        var session = await AddSessionAsync("s1");
        var rotated = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => sessions.RotateAsync("s1", session.TokenHash, [(byte)i, 1], [9], Now, Now.AddDays(2), Cancellation)));

        Assert.AreEqual(1, rotated.Count(r => r));
        var (stored, owner) = (await sessions.FindAsync("s1", Cancellation))!.Value;
        CollectionAssert.AreEqual(session.TokenHash, stored.PreviousHash);
        Assert.AreEqual((session.Owner, Now.AddDays(2), true), (owner.Name, stored.ExpireTime, stored.IsValid(Now)));
        await sessions.RevokeAsync("s1", Now, Cancellation);
        await sessions.RevokeAsync("s1", Now.AddHours(1), Cancellation);
        Assert.IsFalse(await sessions.RotateAsync("s1", stored.TokenHash, [7], [9], Now, Now.AddDays(3), Cancellation));
        Assert.AreEqual(Now, (await sessions.FindAsync("s1", Cancellation))!.Value.Session.RevokeTime);
        Assert.AreEqual(0, await sessions.ForgetAsync(Now, Cancellation));
        Assert.AreEqual(1, await sessions.ForgetAsync(Now.AddSeconds(1), Cancellation));
    }

    [TestMethod]
    public async Task Of_too_many_sessions_those_end_once_that_were_refreshed_longest_ago()
    {
        var (sessions, user) = (_catalog.Get<SessionStore>(), (await _catalog.AddUserAsync("u")).Name);
        for (var i = 0; i < 6; i++)
            await sessions.TryCreateAsync(Session($"s{i}", user) with { RotateTime = Now.AddMinutes(i) }, password: null, Cancellation);
        var expired = Session("expired", user) with { ExpireTime = Now, RotateTime = Now.AddMinutes(9) };
        await sessions.TryCreateAsync(expired, password: null, Cancellation);
        await AddSessionAsync("of-another");

        var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => sessions.RevokeBeyondAsync(user, most: 3, except: "s0", Now, Cancellation), Cancellation)));

        Assert.AreEqual("s1 s2 s3", string.Join(' ', ended.SelectMany(ids => ids).Order(StringComparer.Ordinal)));
        var lasting = (await sessions.ListAsync(user, Cancellation)).Where(session => session.IsValid(Now)).Select(session => session.Id);
        Assert.AreEqual("s0 s4 s5", string.Join(' ', lasting.Order(StringComparer.Ordinal)));
        Assert.IsTrue((await sessions.FindAsync("of-another", Cancellation))!.Value.Session.IsValid(Now));
    }

    [TestMethod]
    public async Task A_mail_makes_one_account_and_two_have_not_the_same_address()
    {
        var (accounts, mails) = (_catalog.Get<AccountStore>(), _catalog.Get<MailTokenStore>());
        await AddMailAsync([1], "a@example.org");
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => accounts.RedeemAsync([1], User($"u{i}"), Account($"u{i}", "a@example.org"), Cancellation)));

        Assert.AreEqual(1, made.Count(m => m));
        var (account, user) = (await accounts.FindByEmailAsync("a@example.org", Cancellation))!.Value;
        Assert.AreEqual(account.Owner, user.Name);
        await AddMailAsync([2], "a@example.org");
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => accounts.RedeemAsync([2], User("late"), Account("late", "a@example.org"), Cancellation));
        Assert.IsNull(await _catalog.Get<UserStore>().FindAsync("users/late", Cancellation), "All or nothing.");
        Assert.IsNotNull(await mails.FindAsync([2], Now, Cancellation));
        Assert.AreEqual(1, await mails.ForgetAsync(Now.AddHours(1), Cancellation));
    }

    [TestMethod]
    public async Task No_session_and_no_key_of_an_old_password_outlives_its_change()
    {
        var (accounts, sessions, identities) = (_catalog.Get<AccountStore>(), _catalog.Get<SessionStore>(), _catalog.Get<ExternalIdentityStore>());
        await AddMailAsync([1], "a@example.org");
        await accounts.RedeemAsync([1], User("u"), Account("u", "a@example.org"), Cancellation);
        await identities.BeginAsync(new ProviderFlowRecord([7], "p", "https://r", "users/u", Now.AddMinutes(10)), Cancellation);
        var signIns = Enumerable.Range(0, 12).Select(i => Task.Run(() => sessions.TryCreateAsync(Session($"s{i}", "users/u"), "x", Cancellation), Cancellation)).ToList();
        var store = _catalog.Get<ApiKeyStore>();
        var keys = Enumerable.Range(0, 12).Select(i => Task.Run(() => store.TryCreateAsync(Key($"k{i}", "users/u"), "x", most: 100, Cancellation), Cancellation)).ToList();
        var changes = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(
            () => accounts.ChangePasswordAsync("users/u", "x", $"new {i}", credential: "", keepsKeys: false, Now, Cancellation), Cancellation)));
        await Task.WhenAll([.. signIns, .. keys]);

        Assert.AreEqual(1, changes.Count(changed => changed), "of changes by the same old password one counts");
        Assert.IsFalse((await sessions.ListAsync("users/u", Cancellation)).Any(session => session.IsValid(Now)));
        Assert.IsFalse((await store.ListAsync("users/u", Cancellation)).Any(key => key.IsValid(Now)));
        Assert.AreEqual(KeyOutcome.PasswordChanged, await store.TryCreateAsync(Key("late", "users/u"), "x", most: 100, Cancellation));
        Assert.IsFalse(await sessions.TryCreateAsync(Session("late", "users/u"), "x", Cancellation));
        Assert.IsTrue(await sessions.TryCreateAsync(Session("good", "users/u"), $"new {Array.IndexOf(changes, true)}", Cancellation));
        Assert.IsNull(await identities.TakeAsync([7], Now, Cancellation), "a link that was begun before goes too");
    }

    [TestMethod]
    public async Task A_code_is_taken_once_and_none_that_is_older()
    {
        var accounts = _catalog.Get<AccountStore>();
        await AddMailAsync([1], "a@example.org");
        await accounts.RedeemAsync([1], User("u"), Account("u", "a@example.org"), Cancellation);
        Assert.IsTrue(await accounts.PrepareSecondFactorAsync("users/u", [1, 2], Now, Cancellation));
        await accounts.ActivateSecondFactorAsync("users/u", [[1], [2]], Now, Cancellation);
        Assert.IsFalse(await accounts.PrepareSecondFactorAsync("users/u", [3], Now, Cancellation));

        Assert.AreEqual(1, (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => accounts.TakeStepAsync("users/u", 10, Cancellation)))).Count(t => t));
        Assert.IsFalse(await accounts.TakeStepAsync("users/u", 9, Cancellation));
        Assert.AreEqual(1, (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => accounts.TakeRecoveryCodeAsync("users/u", [1], Cancellation)))).Count(t => t));
        Assert.AreEqual(1, await accounts.CountRecoveryCodesAsync("users/u", Cancellation));
        await accounts.RemoveSecondFactorAsync("users/u", Now, Cancellation);
        Assert.AreEqual(0, await accounts.CountRecoveryCodesAsync("users/u", Cancellation));
        Assert.IsNull((await accounts.FindAsync("users/u", Cancellation))!.SecondFactor);
    }

    [TestMethod]
    public async Task A_provider_flow_is_taken_up_once_and_an_identity_is_one_users()
    {
        var identities = _catalog.Get<ExternalIdentityStore>();
        var (user, other) = (await _catalog.AddUserAsync("a"), await _catalog.AddUserAsync("b"));
        await identities.BeginAsync(new ProviderFlowRecord([1], "p", "https://r", null, Now.AddMinutes(10)), Cancellation);
        Assert.IsNull(await identities.TakeAsync([1], Now.AddMinutes(10), Cancellation));
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => identities.TakeAsync([1], Now, Cancellation)));
        Assert.AreEqual("https://r", taken.OfType<ProviderFlowRecord>().Single().RedirectUri);

        var identity = new ExternalIdentityRecord { Issuer = "i", Subject = "s", Owner = user.Name, Provider = "p", CreateTime = Now };
        await identities.CreateAsync(identity, Cancellation);
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => identities.CreateAsync(identity with { Owner = other.Name }, Cancellation));
        Assert.AreEqual(user.Name, (await identities.FindAsync("i", "s", Cancellation))!.Owner);
        Assert.AreEqual(UnlinkOutcome.Unknown, await identities.DeleteAsync(user.Name, "q", except: "", Now, Cancellation));
        Assert.AreEqual(UnlinkOutcome.LastWayIn, await identities.DeleteAsync(user.Name, "p", except: "", Now, Cancellation));
        await identities.CreateAsync(identity with { Subject = "t", Provider = "q" }, Cancellation);
        Assert.AreEqual(UnlinkOutcome.Done, await identities.DeleteAsync(user.Name, "p", except: "", Now, Cancellation));
        Assert.AreEqual("q", (await identities.ListAsync(user.Name, Cancellation)).Single().Provider);
    }

    [TestMethod]
    public async Task Nobody_comes_by_a_provider_with_an_invitation_of_who_is_locked_out_meanwhile()
    {
        var (accounts, identities) = (_catalog.Get<AccountStore>(), _catalog.Get<ExternalIdentityStore>());
        await _catalog.Get<UserStore>().CreateAsync(User("root") with { Role = UserRole.Admin }, Cancellation);
        var identity = new ExternalIdentityRecord
            { Issuer = "i", Subject = "s", Owner = (await _catalog.AddUserAsync("guest")).Name, Provider = "p", CreateTime = Now };
        var invitation = Mail([1], "a@example.org") with { Purpose = MailPurpose.Invitation, Inviter = "users/root", Role = UserRole.Admin };
        await _catalog.Get<MailTokenStore>().CreateAsync(invitation, Cancellation);
        await _catalog.Get<PersonStore>().LockOutAsync("users/root", orphans: false, keepMade: false, Now, Cancellation);

        Assert.IsFalse(await identities.TryCreateAsync(identity, invitation, Cancellation));
        Assert.IsFalse(await accounts.TryCreateAsync(User("new"), Account("new", "a@example.org"), identity with { Owner = "users/new" }, invitation, Cancellation));
        Assert.IsNull(await identities.FindAsync("i", "s", Cancellation));
    }

    [TestMethod]
    public async Task A_person_goes_whole_or_not_at_all()
    {
        var (accounts, persons, projects) = (_catalog.Get<AccountStore>(), _catalog.Get<PersonStore>(), _catalog.Get<ProjectStore>());
        await AddMailAsync([1], "a@example.org");
        await accounts.RedeemAsync([1], User("u"), Account("u", "a@example.org"), Cancellation);
        await AddSessionAsync("s1", "users/u");
        await projects.CreateAsync(new ProjectRecord { Name = "projects/p", Creator = "users/u", CreateTime = Now, UpdateTime = Now }, Cancellation);
        Assert.IsTrue((await persons.ListMembershipsAsync("users/u", Cancellation)).Single().IsLastOwner);
        await Assert.ThrowsExactlyAsync<LastOwnerException>(() => persons.EraseAsync("users/u", revokeMade: null, Cancellation));
        Assert.IsNotNull(await accounts.FindAsync("users/u", Cancellation));

        var neighbour = await _catalog.AddUserAsync("u2"); // Whose name begins with theirs.
        string[] answers = ["\n\u0007users/u", "\n\u0011users/u/apiKeys/a", "\n\u0007users/v", "\n\u0008users/u2", "\n\u0012users/u2/apiKeys/a"];
        foreach (var (id, text) in answers.Index())
        {
            var kept = new RequestKey("users/admin", "m", $"{id}");
            await _catalog.Get<RequestLog>().ClaimAsync(kept, [1], Now, Cancellation);
            await _catalog.Get<RequestLog>().CompleteAsync(kept, System.Text.Encoding.UTF8.GetBytes(text), Cancellation);
        }

        await projects.CreateAsync(new ProjectRecord { Name = "projects/gone", Creator = "users/u", CreateTime = Now, UpdateTime = Now }, Cancellation);
        var gone = await projects.FindAsync("projects/gone", Cancellation);
        await projects.UpdateAsync(gone! with { DeleteTime = Now, PurgeTime = Now.AddDays(30) }, Cancellation);
        Assert.IsFalse((await persons.ListMembershipsAsync("users/u", Cancellation)).Single(m => m.Project == "projects/gone").IsLastOwner, "It was deleted: nobody has to own it.");
        var lockedOut = await _catalog.AddUserAsync("out");
        await projects.SetRoleAsync("projects/p", lockedOut.Name, ProjectRole.Owner, cancellation: Cancellation);
        Assert.IsEmpty((await persons.LockOutAsync(lockedOut.Name, orphans: false, keepMade: false, Now, Cancellation)).Orphans);
        Assert.IsTrue((await persons.ListMembershipsAsync("users/u", Cancellation)).Single(m => m.Project == "projects/p").IsLastOwner, "Who is locked out owns nothing.");
        await Assert.ThrowsExactlyAsync<LastOwnerException>(() => persons.EraseAsync("users/u", revokeMade: null, Cancellation));
        CollectionAssert.AreEqual(new[] { "projects/p" }, (await persons.LockOutAsync("users/u", orphans: false, keepMade: false, Now, Cancellation)).Orphans.ToArray());
        var heir = await _catalog.AddUserAsync("heir");
        await projects.SetRoleAsync("projects/p", heir.Name, ProjectRole.Owner, cancellation: Cancellation);
        var erased = await persons.EraseAsync("users/u", revokeMade: null, Cancellation);

        Assert.AreEqual(
            new ErasedRows(Accounts: 1, Sessions: 1, ApiKeys: 0, Memberships: 2, Invitations: 0, Identities: 0, RecoveryCodes: 0,
                Mails: 0, Answers: 2), erased.Rows, "Also answers to others that name them.");
        Assert.IsNull(await accounts.FindByEmailAsync("a@example.org", Cancellation));
        var left = (await _catalog.Get<UserStore>().FindAsync("users/u", Cancellation))!;
        Assert.AreEqual(("", true), (left.DisplayName, left.Disabled));
        Assert.IsFalse((await _catalog.Get<UserStore>().FindAsync(neighbour.Name, Cancellation))!.Disabled);
    }

    [TestMethod]
    public async Task Nothing_is_added_for_a_person_while_or_after_they_are_erased()
    {
        var (accounts, persons, projects, keys) =
            (_catalog.Get<AccountStore>(), _catalog.Get<PersonStore>(), _catalog.Get<ProjectStore>(), _catalog.Get<ApiKeyStore>());
        var (sessions, identities, mails) = (_catalog.Get<SessionStore>(), _catalog.Get<ExternalIdentityStore>(), _catalog.Get<MailTokenStore>());
        await _catalog.AddUserAsync("host");
        await projects.CreateAsync(new ProjectRecord { Name = "projects/p", Creator = "users/host", CreateTime = Now, UpdateTime = Now }, Cancellation);
        for (byte round = 0; round < 4; round++)
        {
            var user = $"users/p{round}";
            await AddMailAsync([round, 1], $"{round}@example.org");
            await accounts.RedeemAsync([round, 1], User($"p{round}"), Account($"p{round}", $"{round}@example.org"), Cancellation);
            var id = round;
            Func<Task<bool>>[] additions =
            [
                () => DoneAsync(keys.CreateAsync(
                    new ApiKeyRecord { Id = $"k{id}", SecretHash = [1], Owner = user, DisplayName = "trace", Scopes = [], CreateTime = Now }, Cancellation)),
                () => sessions.TryCreateAsync(Session($"s{id}", user) with { Agent = "trace" }, password: null, Cancellation),
                () => DoneAsync(identities.CreateAsync(
                    new ExternalIdentityRecord { Issuer = "i", Subject = $"{id}", Owner = user, Provider = "p", Email = "trace", CreateTime = Now }, Cancellation)),
                () => DoneAsync(identities.BeginAsync(new ProviderFlowRecord([id, 2], "p", "trace", user, Now.AddMinutes(1)), Cancellation)),
                () => DoneAsync(mails.CreateAsync(Mail([id, 3], "trace") with { Owner = user }, Cancellation)),
                () => DoneAsync(projects.SetRoleAsync("projects/p", user, ProjectRole.Viewer, cancellation: Cancellation)),
                () => DoneAsync(projects.CreateAsync(new ProjectRecord { Name = $"projects/own{id}", Creator = user, CreateTime = Now, UpdateTime = Now }, Cancellation)),
            ];

            // All but a project of their own, which would keep them.
            var during = additions[..^1].Select(add => Task.Run(() => AddAsync(add), Cancellation)).ToList();
            await Task.WhenAll([.. during, Task.Run(() => persons.EraseAsync(user, revokeMade: null, Cancellation), Cancellation)]);
            Assert.AreEqual(0, await CountAsync(user), "during");
            foreach (var add in additions) Assert.IsFalse(await AddAsync(add), "after");
            Assert.AreEqual(0, await CountAsync(user), "after");
        }

        static async Task<bool> DoneAsync(Task addition)
        {
            await addition;
            return true;
        }

        static async Task<bool> AddAsync(Func<Task<bool>> add)
        {
            try
            {
                return await add();
            }
            catch (UserLockedOutException)
            {
                return false;
            }
        }

        async Task<long> CountAsync(string user)
        {
            var all = 0L;
            foreach (var table in (string[])["api_keys", "sessions", "external_identities", "provider_flows", "mail_tokens"])
                all += (await _catalog.Database.ReadAsync($"SELECT count(*) FROM {table} WHERE owner = @user", row => row.GetInt64(0), Cancellation, ("@user", user))).Single();
            return all + (await persons.ListMembershipsAsync(user, Cancellation)).Count;
        }
    }

    [TestMethod]
    public async Task No_key_that_somebody_makes_while_they_are_locked_out_stays_good()
    {
        var (persons, keys) = (_catalog.Get<PersonStore>(), _catalog.Get<ApiKeyStore>());
        await _catalog.AddUserAsync("host");
        for (var round = 0; round < 4; round++)
        {
            var maker = (await _catalog.AddUserAsync($"maker{round}")).Name;
            var prefix = $"k{round}-";
            await keys.CreateAsync(Key(prefix + "before", "users/host") with { Maker = maker }, Cancellation);
            await keys.CreateAsync(Key(prefix + "own", maker) with { Maker = maker }, Cancellation);
            await keys.CreateAsync(Key(prefix + "ended", "users/host") with { Maker = maker, ExpireTime = Now }, Cancellation);
            var during = Enumerable.Range(0, 6).Select(i => Task.Run(() => TryAddAsync(prefix + i, maker), Cancellation)).ToList();
            var lockOut = Task.Run(() => persons.LockOutAsync(maker, orphans: false, keepMade: false, Now, Cancellation), Cancellation);
            var added = await Task.WhenAll(during);
            var revoked = (await lockOut).RevokedKeys;

            Assert.Contains($"users/host/apiKeys/{prefix}before", revoked);
            Assert.DoesNotContain($"users/host/apiKeys/{prefix}ended", revoked);
            Assert.HasCount(added.Count(a => a) + 1, revoked, "All that were made, and no other.");
            Assert.IsEmpty(await keys.ListMadeAsync(maker, Now, Cancellation));
            Assert.IsNotNull((await keys.FindAsync(prefix + "own", Cancellation))!.Value.Key.RevokeTime);
            Assert.IsFalse(await TryAddAsync(prefix + "after", maker));
        }

        async Task<bool> TryAddAsync(string id, string maker)
        {
            try
            {
                await keys.CreateAsync(Key(id, "users/host") with { Maker = maker }, Cancellation);
                return true;
            }
            catch (UserLockedOutException)
            {
                return false;
            }
        }
    }

    [TestMethod]
    public async Task No_key_that_an_owner_makes_of_a_service_account_while_they_are_removed_stays_good()
    {
        const string project = "projects/p", program = "users/service-a";
        var (projects, keys) = (_catalog.Get<ProjectStore>(), _catalog.Get<ApiKeyStore>());
        await _catalog.AddUserAsync("host");
        await _catalog.Get<UserStore>().CreateAsync(new UserRecord { Name = "users/root", Role = UserRole.Admin, CreateTime = Now }, Cancellation);
        await projects.CreateAsync(new ProjectRecord { Name = project, Creator = "users/host", CreateTime = Now, UpdateTime = Now }, Cancellation);
        var account = new ServiceAccountRecord { Name = $"{project}/serviceAccounts/a", Project = project, Owner = program, Creator = "users/host", CreateTime = Now };
        await _catalog.Get<ServiceAccountStore>().TryCreateAsync(account, ProjectRole.Editor, most: 1, Cancellation);
        for (var round = 0; round < 4; round++)
        {
            var maker = (await _catalog.AddUserAsync($"maker{round}")).Name;
            await projects.SetRoleAsync(project, maker, ProjectRole.Owner, cancellation: Cancellation);
            var prefix = $"k{round}-";
            await keys.CreateAsync(Key(prefix + "before", program) with { Maker = maker }, Cancellation);
            var during = Enumerable.Range(0, 6).Select(i => Task.Run(() => TryAddAsync(prefix + i, maker), Cancellation)).ToList();
            var removal = Task.Run(() => projects.SetRoleAsync(project, maker, role: null, Now, Cancellation), Cancellation);
            var added = await Task.WhenAll(during);

            Assert.HasCount(added.Count(a => a) + 1, await removal, "All that were made.");
            Assert.IsEmpty(await keys.ListMadeAsync(maker, Now, Cancellation));
            Assert.IsFalse(await TryAddAsync(prefix + "after", maker));
            await projects.SetRoleAsync(project, maker, ProjectRole.Editor, cancellation: Cancellation);
            Assert.IsFalse(await TryAddAsync(prefix + "lesser", maker), "An editor makes none.");
        }

        Assert.IsTrue(await TryAddAsync("host", "users/host"));
        Assert.IsTrue(await TryAddAsync("root", "users/root"), "An administrator needs no role.");

        async Task<bool> TryAddAsync(string id, string maker)
        {
            try
            {
                await keys.CreateAsync(Key(id, program) with { Maker = maker }, Cancellation);
                return true;
            }
            catch (NotOwnerException)
            {
                return false;
            }
        }
    }

    [TestMethod]
    public async Task An_invitation_is_taken_up_once_by_an_account_or_by_making_one()
    {
        var (accounts, invitations, projects) = (_catalog.Get<AccountStore>(), _catalog.Get<InvitationStore>(), _catalog.Get<ProjectStore>());
        await _catalog.AddUserAsync("host");
        await projects.CreateAsync(new ProjectRecord { Name = "projects/p", Creator = "users/host", CreateTime = Now, UpdateTime = Now }, Cancellation);
        var invitation = Invitation("a", "a@example.org");
        Assert.IsTrue(await invitations.TryCreateAsync(invitation, most: 1, Cancellation));
        Assert.IsFalse(await invitations.TryCreateAsync(Invitation("b", "b@example.org"), most: 1, Cancellation), "as many as there may be");
        await Assert.ThrowsExactlyAsync<AlreadyExistsException>(() => invitations.TryCreateAsync(Invitation("c", "a@example.org"), most: 9, Cancellation));
        await _catalog.AddUserAsync("guest");

        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => i % 2 == 0
            ? invitations.RedeemAsync(invitation, User($"u{i}"), Account($"u{i}", "a@example.org"), Now, Cancellation)
            : AcceptAsync()));

        Assert.AreEqual(1, made.Count(m => m));
        Assert.HasCount(2, await projects.ListMembersAsync("projects/p", Cancellation));
        Assert.IsNull(await invitations.FindAsync(invitation.Name, Cancellation));
        var users = await Task.WhenAll(new[] { "users/u0", "users/u2" }.Select(user => accounts.FindAsync(user, Cancellation)));
        Assert.IsLessThanOrEqualTo(1, users.Count(account => account is not null), "who came too late has no account by it");

        async Task<bool> AcceptAsync() => await invitations.AcceptAsync(invitation, "users/guest", Now, Cancellation) == ProjectRole.Viewer;

        InvitationRecord Invitation(string id, string email) => new()
        {
            Name = $"projects/p/invitations/{id}", Project = "projects/p", Email = email, EmailKey = email, Role = ProjectRole.Viewer, Inviter = "users/host", TokenHash = [(byte)id[0]],
            CreateTime = Now, SendTime = Now, ExpireTime = Now.AddDays(7),
        };
    }

    private UserRecord User(string id) => new() { Name = $"users/{id}", DisplayName = "Ada", Role = UserRole.User, CreateTime = Now };

    private AccountRecord Account(string id, string email) =>
        new() { Owner = $"users/{id}", Email = email, EmailKey = email, Password = "x", CreateTime = Now, UpdateTime = Now };

    private Task AddMailAsync(byte[] hash, string email) => _catalog.Get<MailTokenStore>().CreateAsync(Mail(hash, email), Cancellation);

    private ApiKeyRecord Key(string id, string owner) => new() { Id = id, SecretHash = [1], Owner = owner, CreateTime = Now };

    private MailTokenRecord Mail(byte[] hash, string email) =>
        new() { Hash = hash, Purpose = MailPurpose.Registration, Email = email, EmailKey = email, CreateTime = Now, ExpireTime = Now.AddHours(1) };

    private SessionRecord Session(string id, string owner) => new()
    {
        Id = id, Owner = owner, Method = "password", FamilyHash = [1], TokenHash = [2], RotateTime = Now, CreateTime = Now, ExpireTime = Now.AddDays(1),
    };

    private async Task<SessionRecord> AddSessionAsync(string id, string? owner = null)
    {
        var session = Session(id, owner ?? (await _catalog.AddUserAsync($"of-{id}")).Name);
        Assert.IsTrue(await _catalog.Get<SessionStore>().TryCreateAsync(session, password: null, Cancellation));
        return session;
    }
}
