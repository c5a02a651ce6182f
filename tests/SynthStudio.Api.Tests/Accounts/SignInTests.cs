using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OtpNet;
using SynthStudio.Api.Identity.Accounts;
using SynthStudio.Api.Identity.Passwords;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>Passwords and second factors: what is right, and what those learn who guess.</summary>
[TestClass]
public sealed class SignInTests : PeopleTest
{
    [TestMethod]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        var person = await RegisterAsync();

        var (wrong, first) = await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => SignInAsync(person.Email, "not the password"));
        var (unknown, second) = await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => SignInAsync(NewEmail(), "not the password"));

        Assert.AreEqual(wrong.Status.Detail, unknown.Status.Detail);
        Assert.AreEqual(first, second);
    }

    [TestMethod]
    public async Task Guessing_is_slow_for_known_and_unknown_addresses_alike_and_the_owner_comes_from_elsewhere()
    {
        var person = await RegisterAsync();
        foreach (var email in (string[])[person.Email, NewEmail()])
        {
            for (var i = 0; i < SignInGuard.Pair.Burst; i++)
                await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => SignInAsync(email, "not the password"));
            var (error, _) = await RefusedAsync(StatusCode.ResourceExhausted, "TOO_MANY_ATTEMPTS", () => SignInAsync(email, Password));
            var delay = error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan();
            Assert.IsTrue(delay > TimeSpan.FromMinutes(2) && delay <= SignInGuard.Pair.Interval, $"{delay}");
        }

        using var elsewhere = From("127.0.0.2");
        Assert.AreEqual(person.User, (await elsewhere.Accounts.SignInAsync(new() { Email = person.Email, Password = Password })).User);
    }

    [TestMethod]
    public async Task Who_floods_an_account_from_everywhere_does_not_keep_its_owner_out()
    {
        var person = await RegisterAsync(); // From 127.0.0.1: known by that.
        var guard = Server.Get<SignInGuard>();
        for (var i = 0; i < SignInGuard.Account.Burst; i++) await guard.BeginAsync(person.Email, person.User, $"10.0.0.{i}", $"10.0.0.{i}", Cancellation);

        using var stranger = From("127.0.0.3");
        await RefusedAsync(StatusCode.ResourceExhausted, "TOO_MANY_ATTEMPTS", () => stranger.Accounts.SignInAsync(
            new() { Email = person.Email, Password = Password }).ResponseAsync);
        Assert.AreEqual(person.User, (await SignInAsync(person.Email, Password)).User);
    }

    [TestMethod]
    public async Task A_right_password_gives_its_attempt_back()
    {
        var person = await RegisterAsync();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < SignInGuard.Pair.Burst - 1; i++)
                await RefusedAsync(StatusCode.Unauthenticated, null, () => SignInAsync(person.Email, "not the password"));
            await SignInAsync(person.Email, Password);
        }
    }

    [TestMethod]
    public async Task A_weaker_hash_is_replaced_when_its_owner_signs_in()
    {
        var person = await RegisterAsync();
        using var weaker = new PasswordHasher(new AccountOptions { PasswordMemoryKiB = 8192 });
        var old = await weaker.HashAsync(Password, Cancellation);
        await ExecuteAsync($"UPDATE accounts SET password = '{old}' WHERE owner = '{person.User}'");
        await RefusedAsync(StatusCode.Unauthenticated, null, () => SignInAsync(person.Email, "not the password"));
        Assert.AreEqual(old, await StoredAsync(), "Only who proves to have it.");

        await SignInAsync(person.Email, Password);

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", await StoredAsync());
        await SignInAsync(person.Email, Password);

        async Task<string> StoredAsync() => (await Server.Get<AccountStore>().FindAsync(person.User, Cancellation))!.Password;
    }

    [TestMethod]
    public async Task The_second_factor_is_asked_for_and_each_code_is_good_once()
    {
        var person = await RegisterAsync();
        using var client = Server.Client(person.Tokens.AccessToken);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Accounts.StartSecondFactorAsync(
            new() { Name = person.Account, Password = "not the password" }).ResponseAsync);
        var started = await client.Accounts.StartSecondFactorAsync(new() { Name = person.Account, Password = Password });
        var app = new Totp(Base32Encoding.ToBytes(started.Secret));
        await SignInAsync(person.Email, Password); // It counts from the first code on.
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => client.Accounts.ConfirmSecondFactorAsync(
            new() { Name = person.Account, Code = "000000" }).ResponseAsync);
        var used = Code(0); // Good for half a minute at least, as one of the step before would not be.
        var codes = (await client.Accounts.ConfirmSecondFactorAsync(new() { Name = person.Account, Code = used })).Codes;

        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_REQUIRED", () => SignInAsync(person.Email, Password));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => SignInAsync(person.Email, "not the password", Code(0)));
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => SignInAsync(person.Email, Password, used));
        var next = Code(30);
        await SignInAsync(person.Email, Password, next);
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => SignInAsync(person.Email, Password, next));
        Assert.HasCount(10, codes);
        await SignInAsync(person.Email, Password, codes[3]);
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => SignInAsync(person.Email, Password, codes[3]));
        Assert.AreEqual(9, (await client.Accounts.GetAccountAsync(new() { Name = person.Account })).RecoveryCodesLeft);
        await RefusedAsync(StatusCode.FailedPrecondition, null, () => client.Accounts.StartSecondFactorAsync(
            new() { Name = person.Account, Password = Password }).ResponseAsync);

        string Code(int seconds) => app.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds));
    }

    [TestMethod]
    public async Task Who_knows_the_password_guesses_few_codes_a_day_and_keeps_nobody_out()
    {
        var (person, codes, client) = await WithSecondFactorAsync(); // From 127.0.0.1: known by that.
        using var _ = client;
        using var stranger = From("127.0.0.4");
        var guard = Server.Get<SignInGuard>();
        for (var i = 0; i < SignInGuard.Code.Burst - 1; i++) await guard.BeginCodeAsync(person.User, $"10.1.0.{i}", $"10.1.0.{i}", Cancellation);
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => FromElsewhereAsync("000000"));
        var (error, _) = await RefusedAsync(StatusCode.ResourceExhausted, "TOO_MANY_ATTEMPTS", () => FromElsewhereAsync("000000"));
        Assert.IsGreaterThan(TimeSpan.FromHours(2), error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan());

        Assert.AreEqual(person.User, (await FromElsewhereAsync(codes[0])).User, "A recovery code cannot be guessed.");
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => SignInAsync(person.Email, Password, "000000"));

        async Task<V1.SessionTokens> FromElsewhereAsync(string code) =>
            await stranger.Accounts.SignInAsync(new() { Email = person.Email, Password = Password, SecondFactor = code });
    }

    [TestMethod]
    public async Task A_replica_whose_clock_is_hours_ahead_keeps_nobody_out_at_the_others()
    {
        var email = NewEmail();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(2));
        var ahead = new SignInGuard(Server.Get<AttemptStore>(), Server.Get<SessionStore>(), clock);
        await ahead.BeginAsync(email, null, "10.2.0.1", "10.2.0.1", Cancellation);

        var attempt = await Server.Get<SignInGuard>().BeginAsync(email, null, "10.2.0.1", "10.2.0.1", Cancellation);

        Assert.AreEqual(SignInGuard.Pair, attempt.Pair.Rate);
    }

    [TestMethod]
    public async Task Recovery_codes_are_renewed_and_the_second_factor_is_taken_away_by_its_user_or_an_administrator()
    {
        var (person, codes, client) = await WithSecondFactorAsync();
        var renewed = (await client.Accounts.CreateRecoveryCodesAsync(new() { Name = person.Account, Code = codes[0] })).Codes;
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => SignInAsync(person.Email, Password, codes[1]));
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => client.Accounts.RemoveSecondFactorAsync(new() { Name = person.Account }).ResponseAsync);
        Assert.IsFalse((await client.Accounts.RemoveSecondFactorAsync(new() { Name = person.Account, Code = renewed[0] })).HasSecondFactor);
        await SignInAsync(person.Email, Password);

        var (lost, _, _) = await WithSecondFactorAsync();
        using var admin = Server.Client(Server.AdminKey);
        await admin.Accounts.RemoveSecondFactorAsync(new() { Name = lost.Account });
        await SignInAsync(lost.Email, Password);
        await RefusedAsync(StatusCode.PermissionDenied, null, () => admin.Accounts.StartSecondFactorAsync(
            new() { Name = lost.Account, Password = Password }).ResponseAsync);
    }

    [TestMethod]
    public async Task Sign_ins_and_refused_ones_of_accounts_that_exist_are_in_the_audit_trail()
    {
        var person = await RegisterAsync();
        await SignInAsync(person.Email, Password);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => SignInAsync(person.Email, "not the password"));
        using var admin = Server.Client(Server.AdminKey);

        var refused = await EventuallyAsync(
            async () => (await admin.Audit.ListServerAuditEntriesAsync(
                new() { Filter = new() { Resource = person.User, Method = "AccountService/SignIn" } })).AuditEntries,
            e => e.Count == 1);
        var done = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Actor = person.User, Outcome = "OK" } })).AuditEntries;

        Assert.AreEqual(("", "UNAUTHENTICATED", "CREDENTIALS_INVALID"), (refused[0].Actor, refused[0].Outcome, refused[0].Reason));
        CollectionAssert.AreEquivalent(new[] { "AccountService/CompleteRegistration", "AccountService/SignIn" }, done.Select(e => e.Method).ToArray());
        Assert.DoesNotContain(person.Email, done.ToString() + refused, "No addresses of mail boxes.");
    }

    [TestMethod]
    public async Task A_user_who_is_locked_out_is_refused_as_a_wrong_password_is()
    {
        var person = await RegisterAsync();
        using var admin = Server.Client(Server.AdminKey);
        using var client = Server.Client(person.Tokens.AccessToken);
        await client.Identity.WhoAmIAsync(new());

        await admin.Identity.DeleteUserAsync(new() { Name = person.User });

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => SignInAsync(person.Email, Password));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Identity.WhoAmIAsync(new()).ResponseAsync);
        using var anonymous = Server.Client(null);
        await RefusedAsync(
            StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.RefreshSessionAsync(new() { RefreshToken = person.Tokens.RefreshToken }).ResponseAsync);
    }

    private async Task<(Person Person, IList<string> Codes, ApiClient Client)> WithSecondFactorAsync()
    {
        var person = await RegisterAsync();
        var client = Server.Client(person.Tokens.AccessToken);
        var started = await client.Accounts.StartSecondFactorAsync(new() { Name = person.Account, Password = Password });
        var code = new Totp(Base32Encoding.ToBytes(started.Secret)).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime);
        return (person, (await client.Accounts.ConfirmSecondFactorAsync(new() { Name = person.Account, Code = code })).Codes, client);
    }

    /// <summary>A client that connects from another address of this machine.</summary>
    private ApiClient From(string address) => new(Server.GrpcAddress, null, new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }, HttpVersion.Version20);
}
