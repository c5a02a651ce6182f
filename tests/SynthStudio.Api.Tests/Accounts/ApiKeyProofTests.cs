namespace SynthStudio.Api.Tests.Accounts;

/// <summary>A key outlives the token that it was made with: it asks for all that its maker's account has, and ends with the password.</summary>
[TestClass]
public sealed class ApiKeyProofTests : PeopleTest
{
    private const string NewPassword = "quite another sentence";

    [TestMethod]
    public async Task Who_has_a_token_for_a_moment_makes_no_key()
    {
        var person = await RegisterAsync();
        using var thief = Server.Client(person.Tokens.AccessToken);

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => KeyAsync(thief, person.User));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => KeyAsync(thief, person.User, "not the password"));
        Assert.IsEmpty((await thief.Identity.ListApiKeysAsync(new() { Parent = person.User })).ApiKeys);

        var key = await KeyAsync(thief, person.User, Password);
        using var byKey = Server.Client(key.Secret);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => KeyAsync(byKey, person.User));
        using var byToken = Server.Client((await byKey.Identity.CreateTokenAsync(new() { ApiKey = key.Secret })).AccessToken);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => KeyAsync(byToken, person.User));
    }

    [TestMethod]
    public async Task A_second_factor_is_asked_for_too_and_an_administrator_for_their_own()
    {
        var (person, other) = (await RegisterAsync(), await RegisterAsync());
        using var client = Server.Client(person.Tokens.AccessToken);
        var codes = await SecondFactorAsync(client, person);

        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => KeyAsync(client, person.User, Password));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => KeyAsync(client, person.User, "not the password", codes[0]));
        Assert.AreNotEqual("", (await KeyAsync(client, person.User, Password, codes[0])).Secret);

        await ExecuteAsync($"UPDATE users SET role = 'Admin' WHERE name = '{person.User}'");
        using var admin = Server.Client((await SignInAsync(person.Email, Password, codes[1])).AccessToken);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => KeyAsync(admin, other.User));
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => KeyAsync(admin, other.User, Password));
        Assert.StartsWith(other.User, (await KeyAsync(admin, other.User, Password, codes[2])).ApiKey.Name);
        using var embedded = Server.Client(Server.AdminKey);
        Assert.AreNotEqual("", (await KeyAsync(embedded, other.User)).Secret, "Who comes by a key alone has nothing else to be asked for.");
    }

    [TestMethod]
    [DataRow(false, "were revoked")]
    [DataRow(true, "stayed good")]
    public async Task A_reset_password_revokes_keys_unless_they_are_to_stay_and_says_so(bool keeps, string told)
    {
        var person = await RegisterAsync();
        using var client = Server.Client(person.Tokens.AccessToken);
        using var byKey = Server.Client((await KeyAsync(client, person.User, Password)).Secret);
        await byKey.Identity.WhoAmIAsync(new());
        using var anonymous = Server.Client(null);
        await anonymous.Accounts.RequestPasswordResetAsync(new() { Email = person.Email });

        await anonymous.Accounts.ResetPasswordAsync(
            new() { Token = TokenIn(await MailToAsync(person.Email, count: 2)), Password = NewPassword, KeepApiKeys = keeps });

        await StandsAsync(byKey, keeps);
        Assert.Contains($"API keys {told}", Unfolded(await MailToAsync(person.Email, count: 3)));
    }

    [TestMethod]
    [DataRow(false, "were revoked")]
    [DataRow(true, "stayed good")]
    public async Task A_changed_password_revokes_keys_but_the_one_that_changed_it(bool keeps, string told)
    {
        var person = await RegisterAsync();
        using var client = Server.Client(person.Tokens.AccessToken);
        using var other = Server.Client((await KeyAsync(client, person.User, Password)).Secret);
        using var mine = Server.Client((await KeyAsync(client, person.User, Password)).Secret);
        await other.Identity.WhoAmIAsync(new());

        await mine.Accounts.ChangePasswordAsync(new() { Name = person.Account, Password = Password, NewPassword = NewPassword, KeepApiKeys = keeps });

        await StandsAsync(other, keeps);
        await StandsAsync(mine, good: true);
        Assert.Contains($"API keys {told}", Unfolded(await MailToAsync(person.Email, count: 2)));
    }

    private static async Task StandsAsync(ApiClient client, bool good)
    {
        if (good) await client.Identity.WhoAmIAsync(new());
        else await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Identity.WhoAmIAsync(new()).ResponseAsync);
    }

    private static string Unfolded(string mail) => mail.Replace("=\r\n", "", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static async Task<V1.CreateApiKeyResponse> KeyAsync(ApiClient client, string user, string password = "", string code = "") =>
        await client.Identity.CreateApiKeyAsync(new() { Parent = user, ApiKey = new() { Scope = V1.Scope.Admin }, Password = password, SecondFactor = code });
}
