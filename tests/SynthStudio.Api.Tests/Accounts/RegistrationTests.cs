using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>How accounts come to be, and what strangers learn of it.</summary>
[TestClass]
public sealed class RegistrationTests : PeopleTest
{
    [TestMethod]
    public async Task Who_has_the_mail_registers_and_signs_in()
    {
        var person = await RegisterAsync("Ada Lovelace");
        using var client = Server.Client(person.Tokens.AccessToken);
        var who = (await client.Identity.WhoAmIAsync(new())).User;
        var account = await client.Accounts.GetAccountAsync(new() { Name = person.Account });

        Assert.AreEqual(("Ada Lovelace", V1.UserRole.User), (who.DisplayName, who.Role));
        Assert.AreEqual((person.Email, true, false), (account.Email, account.HasPassword, account.HasSecondFactor));
        Assert.AreEqual(person.User, (await SignInAsync(person.Email.ToUpperInvariant(), Password)).User);
        Assert.IsNotEmpty(await client.ProjectAsync(), "They work like anybody.");
    }

    [TestMethod]
    public async Task An_address_with_an_account_gets_the_same_answer_and_a_mail_that_says_so()
    {
        var person = await RegisterAsync();
        using var anonymous = Server.Client(null);

        var answer = await anonymous.Accounts.StartRegistrationAsync(new() { Email = person.Email });

        Assert.AreEqual(new V1.StartRegistrationResponse(), answer);
        var mail = await MailToAsync(person.Email, count: 2);
        Assert.Contains("has one already", mail.ReplaceLineEndings(" "));
        Assert.AreEqual("", TokenIn(mail));
    }

    [TestMethod]
    public async Task A_token_is_good_once_in_time_and_for_what_it_was_sent()
    {
        using var anonymous = Server.Client(null);
        var email = NewEmail();
        await anonymous.Accounts.StartRegistrationAsync(new() { Email = email });
        var token = TokenIn(await MailToAsync(email));

        await RefusedAsync(StatusCode.InvalidArgument, "WEAK_PASSWORD", () => CompleteAsync(token, "password1234"));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.ResetPasswordAsync(
            new() { Token = token, Password = Password }).ResponseAsync);
        await CompleteAsync(token, Password);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => CompleteAsync(token, Password));

        var late = NewEmail();
        await anonymous.Accounts.StartRegistrationAsync(new() { Email = late });
        var old = TokenIn(await MailToAsync(late));
        Assert.AreEqual(1, await ExecuteAsync($"UPDATE mail_tokens SET expire_time = expire_time - 3600000000 WHERE email_key = '{late}'"));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => CompleteAsync(old, Password));

        Task CompleteAsync(string text, string password) =>
            anonymous.Accounts.CompleteRegistrationAsync(new() { Token = text, Password = password }).ResponseAsync;
    }

    [TestMethod]
    public async Task An_invited_user_gets_the_role_and_one_with_keys_an_account()
    {
        using var admin = Server.Client(Server.AdminKey);
        using var anonymous = Server.Client(null);
        var (email, second) = (NewEmail(), NewEmail());
        await admin.Accounts.InviteUserAsync(new() { Email = email, Role = V1.UserRole.Admin });
        var invited = await anonymous.Accounts.CompleteRegistrationAsync(new() { Token = TokenIn(await MailToAsync(email)), Password = Password });
        Assert.AreEqual(V1.UserRole.Admin, (await admin.Identity.GetUserAsync(new() { Name = invited.User })).Role);

        var (user, key) = await Server.UserAsync();
        await admin.Accounts.InviteUserAsync(new() { Email = second, User = user });
        var attached = await anonymous.Accounts.CompleteRegistrationAsync(new() { Token = TokenIn(await MailToAsync(second)), Password = Password });
        Assert.AreEqual(user, attached.User);
        using var byKey = Server.Client(key);
        Assert.AreEqual(second, (await byKey.Accounts.GetAccountAsync(new() { Name = $"{user}/account" })).Email, "The key works on.");
        await RefusedAsync(StatusCode.AlreadyExists, null, () => admin.Accounts.InviteUserAsync(new() { Email = NewEmail(), User = user }).ResponseAsync);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Nobody_comes_by_an_invitation_of_an_administrator_who_is_gone(bool isErased)
    {
        using var admin = Server.Client(Server.AdminKey);
        using var anonymous = Server.Client(null);
        var (leaver, key) = await Server.UserAsync(role: Catalog.UserRole.Admin);
        using var leaving = Server.Client(key);
        var (email, others) = (NewEmail(), NewEmail());
        await leaving.Accounts.InviteUserAsync(new() { Email = email, Role = V1.UserRole.Admin });
        await admin.Accounts.InviteUserAsync(new() { Email = others });
        var (token, good) = (TokenIn(await MailToAsync(email)), TokenIn(await MailToAsync(others)));

        if (isErased) await admin.Accounts.EraseAccountAsync(new() { Name = $"{leaver}/account" });
        else await admin.Identity.DeleteUserAsync(new() { Name = leaver });

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.CompleteRegistrationAsync(
            new() { Token = token, Password = Password }).ResponseAsync);
        await anonymous.Accounts.CompleteRegistrationAsync(new() { Token = good, Password = Password });
    }

    [TestMethod]
    public async Task An_account_gets_another_address_once_its_reader_says_so()
    {
        var (person, other) = (await RegisterAsync(), await RegisterAsync());
        var email = NewEmail();
        using var client = Server.Client(person.Tokens.AccessToken);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => ChangeAsync(email, "not the password"));
        await ChangeAsync(other.Email, Password);
        Assert.AreEqual("", TokenIn(await MailToAsync(other.Email, count: 2)), "It has an account.");
        await ChangeAsync(email, Password);
        var token = TokenIn(await MailToAsync(email));
        await SignInAsync(person.Email, Password);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => SignInAsync(email, Password));

        await client.Accounts.ConfirmEmailChangeAsync(new() { Token = token });

        Assert.AreEqual(person.User, (await SignInAsync(email, Password)).User);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => SignInAsync(person.Email, Password));
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Accounts.ConfirmEmailChangeAsync(new() { Token = token }).ResponseAsync);
        Assert.Contains("is used no more", (await MailToAsync(person.Email, count: 2)).ReplaceLineEndings(" "));

        Task ChangeAsync(string address, string password) =>
            client.Accounts.RequestEmailChangeAsync(new() { Name = person.Account, Email = address, Password = password }).ResponseAsync;
    }

    [TestMethod]
    public async Task What_a_mail_is_good_for_is_noted_before_it_is_done()
    {
        var person = await RegisterAsync();
        using var anonymous = Server.Client(null);
        using var admin = Server.Client(Server.AdminKey);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => anonymous.Accounts.ResetPasswordAsync(
            new() { Token = "sm_" + new string('A', 43), Password = Password }).ResponseAsync);
        await anonymous.Accounts.RequestPasswordResetAsync(new() { Email = person.Email });
        var reset = new V1.ResetPasswordRequest { Token = TokenIn(await MailToAsync(person.Email, count: 2)), Password = "password1234" };
        await RefusedAsync(StatusCode.InvalidArgument, "WEAK_PASSWORD", () => anonymous.Accounts.ResetPasswordAsync(reset).ResponseAsync);
        reset.Password = "other " + Password;
        await anonymous.Accounts.ResetPasswordAsync(reset);
        using (var client = Server.Client((await SignInAsync(person.Email, reset.Password)).AccessToken))
        {
            var email = NewEmail();
            await client.Accounts.RequestEmailChangeAsync(new() { Name = person.Account, Email = email, Password = reset.Password });
            await anonymous.Accounts.ConfirmEmailChangeAsync(new() { Token = TokenIn(await MailToAsync(email)) });
        }

        foreach (var method in (string[])["CompleteRegistration", "ResetPassword", "ConfirmEmailChange"])
        {
            var entries = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Actor = person.User, Method = $"AccountService/{method}" } })).AuditEntries;
            CollectionAssert.AreEqual(new[] { "OK", "BEGUN" }, entries.Select(e => e.Outcome).ToArray(), "None of what was refused before its mail proved who calls, or by its form.");
            Assert.AreEqual((entries[1].Sequence, "mail"), (entries[0].Begun, entries[1].Credential), method);
        }
    }

    [TestMethod]
    public async Task Where_registration_is_closed_nobody_new_comes_and_without_mail_nobody_is_told_lies()
    {
        await using var server = await ApiServer.StartAsync(options =>
        {
            options.Accounts.Registration = Identity.Accounts.Registration.Closed;
            options.Mail.Delivery = Identity.Mail.MailDelivery.None;
        });
        using var admin = server.Client(server.AdminKey);

        await RefusedAsync(StatusCode.FailedPrecondition, "REGISTRATION_CLOSED", () => admin.Accounts.StartRegistrationAsync(new() { Email = NewEmail() }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "REGISTRATION_CLOSED", () => admin.Accounts.InviteUserAsync(new() { Email = NewEmail() }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "NO_MAIL", () => admin.Accounts.RequestPasswordResetAsync(new() { Email = NewEmail() }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_mail_box_is_not_flooded()
    {
        using var anonymous = Server.Client(null);
        var email = NewEmail();
        for (var i = 0; i < 6; i++) await anonymous.Accounts.StartRegistrationAsync(new() { Email = email });
        await MailToAsync(email, count: 3);
        await RegisterAsync(); // Errands are done in order, more or less: what was to come would be here by now.

        Assert.HasCount(3, MailsTo(email));
    }

    [TestMethod]
    public async Task Nothing_secret_is_stored_or_mailed_to_others()
    {
        var person = await RegisterAsync();
        var mail = MailsTo(person.Email).Single();
        var everything = await Everything.ReadAsync(Server.Get<SqliteDataSource>(), Cancellation);

        Assert.DoesNotContain(TokenIn(mail), everything);
        Assert.DoesNotContain(Password, everything);
        Assert.DoesNotContain(person.Tokens.RefreshToken.Split('_', 3)[2], everything);
        Assert.DoesNotContain(Password, mail);
        Assert.IsFalse(Server.Logs.Contains(TokenIn(mail)));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.EnumerateFiles(Server.Mails))
                Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }
}
