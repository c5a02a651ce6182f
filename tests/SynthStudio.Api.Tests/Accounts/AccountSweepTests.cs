using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Accounts;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>What has ended is forgotten, by the clock of the database.</summary>
[TestClass]
public sealed class AccountSweepTests : ApiTest
{
    [TestMethod]
    public async Task A_replica_whose_clock_is_hours_ahead_ends_nothing_that_others_still_take_and_forgets_what_has_ended()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        var (sessions, mails) = (server.Get<SessionStore>(), server.Get<MailTokenStore>());
        var (invitations, identities) = (server.Get<InvitationStore>(), server.Get<ExternalIdentityStore>());
        var now = TimeProvider.System.GetUtcNow();
        var (soon, past) = (now.AddHours(1), now.AddHours(-1));
        var before = now.AddDays(-1); // When all of them were good.
        var (kept, over) = (soon.AddDays(-30), past.AddDays(-30)); // Ends that are remembered for 30 days.
        Assert.IsTrue(await sessions.TryCreateAsync(Session("kept", kept), password: null, Cancellation));
        Assert.IsTrue(await sessions.TryCreateAsync(Session("over", over), password: null, Cancellation));
        Assert.IsTrue(await invitations.TryCreateAsync(Invitation("kept", kept), most: 9, Cancellation));
        Assert.IsTrue(await invitations.TryCreateAsync(Invitation("over", over), most: 9, Cancellation));
        await mails.CreateAsync(Mail([1], soon), Cancellation);
        await mails.CreateAsync(Mail([2], past), Cancellation);
        await identities.BeginAsync(new ProviderFlowRecord([1], "p", "https://r", tenant.User, soon), Cancellation);
        await identities.BeginAsync(new ProviderFlowRecord([2], "p", "https://r", tenant.User, past), Cancellation);
        using var ahead = ActivatorUtilities.CreateInstance<Housekeeping>(server.Services, new FakeTimeProvider(now.AddHours(2)));

        await ahead.RunOnceAsync(Cancellation);

        Assert.IsNotNull(await sessions.FindAsync("kept", Cancellation));
        Assert.IsNotNull(await invitations.FindAsync(Invitation("kept", kept).Name, Cancellation));
        Assert.IsNotNull(await mails.FindAsync([1], now, Cancellation));
        Assert.IsNotNull(await identities.TakeAsync([1], now, Cancellation));
        Assert.IsNull(await sessions.FindAsync("over", Cancellation));
        Assert.IsNull(await invitations.FindAsync(Invitation("over", over).Name, Cancellation));
        Assert.IsNull(await mails.FindAsync([2], before, Cancellation));
        Assert.IsNull(await identities.TakeAsync([2], before, Cancellation));

        SessionRecord Session(string id, DateTimeOffset end) => new()
        {
            Id = id, Owner = tenant.User, Method = "password", FamilyHash = [1], TokenHash = [2], RotateTime = over, CreateTime = over, ExpireTime = end,
        };

        InvitationRecord Invitation(string id, DateTimeOffset end) => new()
        {
            Name = $"{tenant.Project}/invitations/{id}", Project = tenant.Project, Email = $"{id}@example.org", EmailKey = $"{id}@example.org",
            Role = ProjectRole.Viewer, Inviter = tenant.User, TokenHash = [(byte)id[0]], CreateTime = over, SendTime = over, ExpireTime = end,
        };

        MailTokenRecord Mail(byte[] hash, DateTimeOffset end) => new()
        {
            Hash = hash, Purpose = MailPurpose.Registration, Email = "a@example.org", EmailKey = "a@example.org", CreateTime = before, ExpireTime = end,
        };
    }

    [TestMethod]
    public async Task Keys_that_were_revoked_or_expired_are_listed_for_ninety_days_and_then_forgotten_but_in_the_trail()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        var keys = server.Get<ApiKeyStore>();
        var now = TimeProvider.System.GetUtcNow();
        var (kept, over) = (now.AddDays(-90).AddHours(1), now.AddDays(-90).AddHours(-1));
        using var client = server.Client(tenant.Key);
        var made = (await client.Identity.CreateApiKeyAsync(new() { Parent = tenant.User, ApiKey = new() })).ApiKey.Name;
        var revoked = made.Split('/')[^1];
        await keys.RevokeAsync(revoked, over, Cancellation);
        await keys.CreateAsync(Key("kept-expired") with { ExpireTime = kept }, Cancellation);
        await keys.CreateAsync(Key("kept-revoked") with { RevokeTime = kept, ExpireTime = now.AddDays(1) }, Cancellation);
        await keys.CreateAsync(Key("kept-good") with { ExpireTime = now.AddDays(1) }, Cancellation);
        await keys.CreateAsync(Key("over-expired") with { ExpireTime = over }, Cancellation);
        using var ahead = ActivatorUtilities.CreateInstance<Housekeeping>(server.Services, new FakeTimeProvider(now.AddHours(2)));

        await ahead.RunOnceAsync(Cancellation);

        foreach (var id in (string[])["kept-expired", "kept-revoked", "kept-good"])
            Assert.IsNotNull(await keys.FindAsync(id, Cancellation), id);
        foreach (var id in (string[])["over-expired", revoked]) Assert.IsNull(await keys.FindAsync(id, Cancellation), id);
        Assert.AreEqual(tenant.User, (await client.Identity.WhoAmIAsync(new())).User.Name, "A key that never expires is never forgotten.");
        using var admin = server.Client(server.AdminKey);
        var noted = await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Resource = made } });
        Assert.HasCount(1, noted.AuditEntries);

        ApiKeyRecord Key(string id) => new() { Id = id, SecretHash = [1], Owner = tenant.User, CreateTime = now.AddDays(-200) };
    }

    [TestMethod]
    public async Task A_replica_whose_clock_is_hours_ahead_forgets_no_request_that_others_still_answer_repeats_of()
    {
        await using var server = await ApiServer.StartAsync();
        var requests = server.Get<RequestLog>();
        var now = TimeProvider.System.GetUtcNow();
        var week = TimeSpan.FromDays(7); // So long requests are remembered.
        await AnswerAsync(Key("kept"), now - week + TimeSpan.FromHours(1));
        await AnswerAsync(Key("over"), now - week - TimeSpan.FromHours(1));
        using var ahead = ActivatorUtilities.CreateInstance<Housekeeping>(server.Services, new FakeTimeProvider(now.AddHours(2)));

        await ahead.RunOnceAsync(Cancellation);

        Assert.AreEqual(RequestClaimKind.Replay, (await requests.ClaimAsync(Key("kept"), [1], now, Cancellation)).Kind);
        Assert.AreEqual(new RequestClaim(RequestClaimKind.New), await requests.ClaimAsync(Key("over"), [1], now, Cancellation));

        static RequestKey Key(string id) => new("users/a", "/synthstudio.v1.ProjectService/CreateProject", id);

        async Task AnswerAsync(RequestKey key, DateTimeOffset time)
        {
            Assert.AreEqual(RequestClaimKind.New, (await requests.ClaimAsync(key, [1], time, Cancellation)).Kind);
            await requests.CompleteAsync(key, [2], Cancellation);
        }
    }
}
