using System.Net.Http.Json;
using Grpc.Core;
using Grpc.Net.Client;
using OtpNet;

namespace SynthStudio.EndToEnd.Tests;

public sealed partial class AccountTests
{
    [TestMethod]
    public async Task A_person_takes_another_address_forgets_the_password_and_makes_new_recovery_codes()
    {
        const string Old = "ada@example.org", New = "ada@example.net";
        const string Second = "five other words without sense", Third = "six words that nobody will guess";
        using var folder = new TemporaryFolder();
        string[] options = ["--registration", "open", "--mail-folder", folder["mails"]];
        await using var server = await ServedProcess.StartAsync(folder["data"], options: options);
        using var http = new HttpClient { BaseAddress = server.Http };
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var anonymous = new AccountService.AccountServiceClient(channel);
        (await http.PostAsJsonAsync("/v1/accounts:startRegistration", new { email = Old })).EnsureSuccessStatusCode();
        await RunAsync("account complete --display-name Ada", await MailedAsync(Old, "Complete your registration"), Password);

        await RunAsync($"account change-email {New}", Password);
        Assert.IsNotNull(await SignInAsync(Old, Password), "Nobody has read the mail to the other address yet.");
        await RunAsync("account confirm-email", await MailedAsync(New, "Confirm your address"));
        Assert.IsNull(await SignInAsync(Old, Password));
        Assert.IsNotNull(await SignInAsync(New, Password));

        await RunAsync("account change-password", Password, Second);
        Assert.IsNull(await SignInAsync(New, Password));
        var before = await SignInAsync(New, Second);
        Assert.IsNotNull(before);

        await RunAsync($"account forgot-password {New}");
        await RunAsync("account reset-password", await MailedAsync(New, "Set a new password"), Third);
        Assert.IsNull(await SignInAsync(New, Second));
        var refresh = new RefreshSessionRequest { RefreshToken = before.RefreshToken };
        await Assert.ThrowsExactlyAsync<RpcException>(() => anonymous.RefreshSessionAsync(refresh).ResponseAsync, "It ends all sessions.");

        var first = await SetUpSecondFactorAsync();
        Assert.IsNull(await SignInAsync(New, Third), "The second factor is asked for.");
        await RunAsync($"login --email {New}", Third, first[0]);
        var codes = (await RunAsync("account recovery-codes", first[1])).Trim().Split('\n')[1..];
        Assert.HasCount(10, codes);
        Assert.IsNull(await SignInAsync(New, Third, first[2]), "The new codes take the place of the old.");
        Assert.IsNotNull(await SignInAsync(New, Third, codes[0]));
        await RunAsync("account remove-second-factor", codes[1]);
        Assert.IsNotNull(await SignInAsync(New, Third));

        async Task<string> RunAsync(string arguments, params string[] answers)
        {
            var lines = string.Concat(answers.Select(answer => answer + "\n"));
            return (await AccountTests.RunAsync(folder["home"], server, arguments, lines)).Succeeded().Output;
        }

        async Task<string> MailedAsync(string to, string subject)
        {
            for (var i = 0; i < 6000; i++)
            {
                string[] files = Directory.Exists(folder["mails"]) ? Directory.GetFiles(folder["mails"], "*.eml") : [];
                var found = files.Select(File.ReadAllText).Where(mail => mail.Contains($"To: {to}", StringComparison.Ordinal))
                    .FirstOrDefault(mail => mail.Contains($": {subject}", StringComparison.Ordinal));
                if (found is not null) return Token().Match(found.Replace("=\r\n", "", StringComparison.Ordinal)).Value;
                await Task.Delay(20);
            }

            throw new AssertFailedException($"There came no mail to {to}: {subject}.");
        }

        async Task<SessionTokens?> SignInAsync(string email, string password, string code = "")
        {
            try
            {
                return await anonymous.SignInAsync(new SignInRequest { Email = email, Password = password, SecondFactor = code });
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unauthenticated)
            {
                return null;
            }
        }

        async Task<IReadOnlyList<string>> SetUpSecondFactorAsync()
        {
            var tokens = await SignInAsync(New, Third);
            Assert.IsNotNull(tokens);
            using var own = ServedProcess.Connect(server.Grpc, tokens.AccessToken);
            var accounts = new AccountService.AccountServiceClient(own);
            var account = $"{tokens.User}/account";
            var started = await accounts.StartSecondFactorAsync(new StartSecondFactorRequest { Name = account, Password = Third });
            var code = new Totp(Base32Encoding.ToBytes(started.Secret)).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime);
            return (await accounts.ConfirmSecondFactorAsync(new ConfirmSecondFactorRequest { Name = account, Code = code })).Codes;
        }
    }
}
