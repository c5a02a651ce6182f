namespace SynthStudio.Api.Tests.Accounts;

/// <summary>Who has a token for a moment does nothing with it that lasts: that asks for all that the caller's account has.</summary>
[TestClass]
public sealed class ProofTests : PeopleTest
{
    private const string NewPassword = "quite another sentence";

    [TestMethod]
    public async Task Password_and_address_are_changed_by_who_has_the_second_factor_too()
    {
        var person = await RegisterAsync();
        using var client = Server.Client(person.Tokens.AccessToken);
        var codes = await SecondFactorAsync(client, person);
        var email = NewEmail();

        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => MoveAsync(code: ""));
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => ChangeAsync(code: ""));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => SignInAsync(person.Email, NewPassword));
        await MoveAsync(codes[0]);
        await client.Accounts.ConfirmEmailChangeAsync(new() { Token = TokenIn(await MailToAsync(email)) });
        await ChangeAsync(codes[1]);

        Assert.AreEqual(person.User, (await SignInAsync(email, NewPassword, codes[2])).User);

        Task MoveAsync(string code) =>
            client.Accounts.RequestEmailChangeAsync(new() { Name = person.Account, Email = email, Password = Password, SecondFactor = code }).ResponseAsync;

        Task ChangeAsync(string code) =>
            client.Accounts.ChangePasswordAsync(
                new() { Name = person.Account, Password = Password, NewPassword = NewPassword, SecondFactor = code }).ResponseAsync;
    }

    [TestMethod]
    public async Task An_administrator_invites_nobody_without_all_that_their_account_has()
    {
        var person = await RegisterAsync();
        IReadOnlyList<string> codes;
        using (var client = Server.Client(person.Tokens.AccessToken)) codes = await SecondFactorAsync(client, person);
        await ExecuteAsync($"UPDATE users SET role = 'Admin' WHERE name = '{person.User}'");
        using var admin = Server.Client((await SignInAsync(person.Email, Password, codes[0])).AccessToken);
        var (user, _) = await Server.UserAsync();
        var (email, others) = (NewEmail(), NewEmail());

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => InviteAsync());
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => InviteAsync("not the password", codes[1]));
        await RefusedAsync(StatusCode.Unauthenticated, "SECOND_FACTOR_WRONG", () => InviteAsync(Password));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => admin.Accounts.InviteUserAsync(new() { Email = others, User = user }).ResponseAsync);

        await InviteAsync(Password, codes[1]);
        await MailToAsync(email);
        Assert.IsEmpty(MailsTo(others));

        Task InviteAsync(string password = "", string code = "") =>
            admin.Accounts.InviteUserAsync(new() { Email = email, Role = V1.UserRole.Admin, Password = password, SecondFactor = code }).ResponseAsync;
    }
}
