using System.Security.Cryptography;
using System.Text;
using OtpNet;
using SynthStudio.Api.Tests.Accounts;
using SynthStudio.Api.Tests.Webhooks;
using SynthStudio.Catalog.Accounts;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Access;

/// <summary>The master key of a server that people and receivers know is turned, and they notice nothing.</summary>
[TestClass]
public sealed class MasterKeyTests : PeopleTest
{
    [TestMethod]
    public async Task After_a_turn_of_the_master_key_codes_tokens_objects_and_signatures_are_good_without_the_earlier_one()
    {
        byte[] old = RandomNumberGenerator.GetBytes(MasterKey.Bytes), fresh = RandomNumberGenerator.GetBytes(MasterKey.Bytes);
        await using var receiver = await Receiver.StartAsync();
        var first = await StartAsync(new MasterKey(old));
        var person = await RegisterAtAsync(first);
        using var client = first.Client(person.Tokens.AccessToken);
        var started = await client.Accounts.StartSecondFactorAsync(new() { Name = person.Account, Password = Password });
        var app = new Totp(Base32Encoding.ToBytes(started.Secret));
        // The code of the step before ends with this one.
        while (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 30 > 20) await Task.Delay(100, Cancellation);
        await client.Accounts.ConfirmSecondFactorAsync(new() { Name = person.Account, Code = Code(-30) });
        var project = await client.ProjectAsync();
        var hook = await client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = receiver.Url } });
        var key = await first.Get<Catalog.ProjectKeyStore>().CurrentAsync(project, Cancellation);
        var kept = await first.LeaveAsync();

        var second = await StartAsync(new MasterKey(fresh, old), kept);
        await SignInAtAsync(second, Code(0)); // Both keys are named: what the earlier one sealed is good.
        using var admin = second.Client(second.AdminKey);
        using var another = second.Client((await second.UserAsync()).Key);
        await RefusedAsync(StatusCode.PermissionDenied, null, () => another.Cluster.ResealSecretsAsync(new()).ResponseAsync);
        var request = new V1.ResealSecretsRequest { RequestId = Guid.NewGuid().ToString() };
        var done = await admin.Cluster.ResealSecretsAsync(request);
        Assert.AreEqual(done, await admin.Cluster.ResealSecretsAsync(request), "The repeat of a request is answered as it was.");
        var again = await admin.Cluster.ResealSecretsAsync(new());
        Assert.AreEqual(new V1.SealedSecrets { Kind = "second_factor", Count = 1, Resealed = 1 }, done.Secrets.Single(kind => kind.Kind == "second_factor"));
        Assert.AreEqual(new V1.SealedSecrets { Kind = "project_key", Count = 1, Resealed = 1 }, done.Secrets.Single(kind => kind.Kind == "project_key"));
        Assert.AreEqual((0, 0), (done.Secrets.Sum(kind => kind.Unreadable), again.Secrets.Sum(kind => kind.Resealed)));
        var noted = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Method = "ClusterService/ResealSecrets" } })).AuditEntries;
        CollectionAssert.AreEquivalent(new[] { "PERMISSION_DENIED", "BEGUN", "OK", "BEGUN", "OK", "BEGUN", "OK" }, noted.Select(entry => entry.Outcome).ToArray());
        kept = await second.LeaveAsync();

        await using var third = await StartAsync(new MasterKey(fresh), kept);
        var tokens = await SignInAtAsync(third, Code(30));
        using var back = third.Client(tokens.AccessToken);
        using var earlier = third.Client(person.Tokens.AccessToken);
        Assert.IsTrue((await earlier.Accounts.GetAccountAsync(new() { Name = person.Account })).HasSecondFactor, "A token from before.");
        CollectionAssert.AreEqual(key.Key, (await third.Get<Catalog.ProjectKeyStore>().FindAsync(key.Id, Cancellation))!.Key);
        await back.Webhooks.PingWebhookAsync(new() { Name = hook.Webhook.Name });
        var got = (await EventuallyAsync(() => Task.FromResult(receiver.All), all => all.Count > 0)).Single();
        var signed = HMACSHA256.HashData(Convert.FromBase64String(hook.Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{got.Headers["webhook-id"]}.{got.Headers["webhook-timestamp"]}.{got.Body}"));
        Assert.AreEqual("v1," + Convert.ToBase64String(signed), got.Headers["webhook-signature"]);
        Assert.IsEmpty(third.Logs.TakeUnexpected());

        string Code(int seconds) => app.ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds));

        async Task<V1.SessionTokens> SignInAtAsync(ApiServer server, string code)
        {
            using var stranger = server.Client(null);
            return await stranger.Accounts.SignInAsync(new() { Email = person.Email, Password = Password, SecondFactor = code });
        }
    }

    [TestMethod]
    public async Task Housekeeping_seals_anew_by_itself()
    {
        byte[] old = RandomNumberGenerator.GetBytes(MasterKey.Bytes), fresh = RandomNumberGenerator.GetBytes(MasterKey.Bytes);
        var first = await StartAsync(new MasterKey(old));
        var person = await RegisterAtAsync(first);
        using (var client = first.Client(person.Tokens.AccessToken))
            await client.Accounts.StartSecondFactorAsync(new() { Name = person.Account, Password = Password });
        await using var second = await StartAsync(new MasterKey(fresh, old), await first.LeaveAsync());

        await second.Get<Housekeeping>().RunOnceAsync(Cancellation);

        var stored = (await second.Get<AccountStore>().FindAsync(person.User, Cancellation))!.SecondFactor!;
        Assert.IsTrue(new MasterKey(fresh).IsCurrent(stored));
    }

    private static Task<ApiServer> StartAsync(MasterKey master, string? folder = null) => ApiServer.StartAsync(
        options =>
        {
            options.Webhooks.AllowHttp = true;
            options.Webhooks.AllowedNetworks.Add("127.0.0.0/8");
            options.Webhooks.FirstRetry = options.Webhooks.PollInterval = TimeSpan.FromMilliseconds(20);
        }, encrypt: true, master, folder);

    /// <summary>Somebody who registered at a server, not at the one that tests share.</summary>
    private async Task<Person> RegisterAtAsync(ApiServer server)
    {
        using var anonymous = server.Client(null);
        var email = NewEmail();
        await anonymous.Accounts.StartRegistrationAsync(new() { Email = email });
        var mail = await EventuallyAsync(
            () => Task.FromResult(Directory.Exists(server.Mails) ? Directory.GetFiles(server.Mails, "*.eml") : []),
            mails => mails.Length > 0);
        var token = TokenIn(await File.ReadAllTextAsync(mail.Single(), Cancellation));
        return new Person(email, Password, await anonymous.Accounts.CompleteRegistrationAsync(new() { Token = token, DisplayName = "Ada", Password = Password }));
    }
}
