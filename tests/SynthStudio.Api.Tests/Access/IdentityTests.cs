using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Access;

[TestClass]
public sealed class IdentityTests : ApiTest
{
    [TestMethod]
    public async Task A_key_is_exchanged_for_a_token_that_works()
    {
        var (user, key) = await Server.UserAsync(AccessScope.Write);
        using var anonymous = Server.Client(null);
        var answer = await anonymous.Identity.CreateTokenAsync(new() { ApiKey = key });
        using var client = Server.Client(answer.AccessToken);

        var who = await client.Identity.WhoAmIAsync(new());

        Assert.AreEqual(user, who.User.Name);
        Assert.AreEqual(V1.Scope.Write, who.Scope);
        var life = answer.ExpireTime.ToDateTimeOffset() - TimeProvider.System.GetUtcNow();
        Assert.IsTrue(life > TimeSpan.FromMinutes(9) && life <= TimeSpan.FromMinutes(10), $"It lives for {life}.");
    }

    [TestMethod]
    public async Task Anyone_can_verify_a_token_by_the_published_keys()
    {
        var (user, key) = await Server.UserAsync();
        using var anonymous = Server.Client(null);
        var token = (await anonymous.Identity.CreateTokenAsync(new() { ApiKey = key })).AccessToken;
        using var http = Server.Http(null);

        var json = await http.GetStringAsync("/.well-known/jwks.json", Cancellation);
        var published = new JsonWebKeySet(json);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "https://synthstudio.dev",
            ValidAudience = "synthstudio",
            ValidAlgorithms = ["ES256"],
            ValidTypes = ["at+jwt"],
            IssuerSigningKeys = published.Keys,
        });

        Assert.IsTrue(result.IsValid, result.Exception?.Message);
        Assert.AreEqual(user, ((JsonWebToken)result.SecurityToken).Subject);
        using var document = JsonDocument.Parse(json);
        foreach (var entry in document.RootElement.GetProperty("keys").EnumerateArray())
            Assert.IsFalse(entry.TryGetProperty("d", out _), "The private part is never published.");
    }

    [TestMethod]
    public async Task Forged_tokens_are_refused()
    {
        var (user, key) = await Server.UserAsync();
        using var anonymous = Server.Client(null);
        var good = (await anonymous.Identity.CreateTokenAsync(new() { ApiKey = key })).AccessToken;
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keyId = new JsonWebToken(good).Kid;
        var own = new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256);
        var parts = good.Split('.');
        string[] forged =
        [
            Forge(own, "synthstudio", "at+jwt"),
            $"{Base64UrlEncoder.Encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}")}.{parts[1]}.",
            $"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace(user, "users/admin", StringComparison.Ordinal))}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.",
            "x.y.z",
        ];

        foreach (var token in forged)
        {
            using var client = Server.Client(token);
            await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Identity.WhoAmIAsync(new()).ResponseAsync);
        }

        string Forge(SigningCredentials credentials, string audience, string type) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "https://synthstudio.dev",
            Audience = audience,
            TokenType = type,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
            SigningCredentials = credentials,
            Claims = new Dictionary<string, object> { ["sub"] = user, ["client_id"] = new JsonWebToken(good).GetClaim("client_id").Value, ["scope"] = "admin" },
        });
    }

    [TestMethod]
    public async Task A_token_is_for_our_audience_of_its_type_and_in_time()
    {
        var (user, key) = await Server.UserAsync();
        var ring = await Server.Get<SigningKeyRing>().GetAsync(Cancellation);
        var credentials = new SigningCredentials(ring.Signing.Pair, SecurityAlgorithms.EcdsaSha256);
        var id = ApiKeyText.Parse(key)!.Value.Id;
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;

        Assert.AreEqual(StatusCode.OK, await TryAsync("synthstudio", "at+jwt", now.AddMinutes(1)), "The sample itself is good.");
        Assert.AreEqual(StatusCode.OK, await TryAsync("synthstudio", "at+jwt", now.AddSeconds(-20)), "Clocks may differ by 30 s.");
        Assert.AreEqual(StatusCode.Unauthenticated, await TryAsync("synthstudio", "at+jwt", now.AddSeconds(-40)));
        Assert.AreEqual(StatusCode.Unauthenticated, await TryAsync("other", "at+jwt", now.AddMinutes(1)));
        Assert.AreEqual(StatusCode.Unauthenticated, await TryAsync("synthstudio", "JWT", now.AddMinutes(1)));

        async Task<StatusCode> TryAsync(string audience, string type, DateTime expires)
        {
            var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = "https://synthstudio.dev", Audience = audience, TokenType = type, Expires = expires,
                IssuedAt = expires.AddMinutes(-5), NotBefore = expires.AddMinutes(-5), SigningCredentials = credentials,
                Claims = new Dictionary<string, object> { ["sub"] = user, ["client_id"] = id, ["scope"] = "admin" },
            });
            using var client = Server.Client(token);
            try
            {
                await client.Identity.WhoAmIAsync(new());
                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }
    }

    [TestMethod]
    public async Task A_key_is_shown_once_works_and_stops_at_once_when_revoked_with_its_tokens()
    {
        var (user, first) = await Server.UserAsync();
        using var client = Server.Client(first);
        var made = await client.Identity.CreateApiKeyAsync(new() { Parent = user, ApiKey = new() { DisplayName = "second", Scope = V1.Scope.Read } });
        Assert.StartsWith("ss_local_", made.Secret);
        using var second = Server.Client(made.Secret);
        Assert.AreEqual(V1.Scope.Read, (await second.Identity.WhoAmIAsync(new())).Scope);
        using var byToken = Server.Client((await client.Identity.CreateTokenAsync(new() { ApiKey = made.Secret })).AccessToken);
        await byToken.Identity.WhoAmIAsync(new());

        var revoked = await client.Identity.RevokeApiKeyAsync(new() { Name = made.ApiKey.Name });

        Assert.IsNotNull(revoked.RevokeTime);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => second.Identity.WhoAmIAsync(new()).ResponseAsync);
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => byToken.Identity.WhoAmIAsync(new()).ResponseAsync);
        var listed = (await client.Identity.ListApiKeysAsync(new() { Parent = user })).ApiKeys;
        Assert.HasCount(2, listed);
        Assert.IsNotNull(listed.Single(k => k.Name == made.ApiKey.Name).LastUseTime);
    }

    [TestMethod]
    public async Task A_key_stops_at_its_time()
    {
        var (user, _) = await Server.UserAsync();
        for (var life = TimeSpan.FromSeconds(5); ; life *= 2)
        {
            var expires = TimeProvider.System.GetUtcNow() + life;
            var (_, text) = await Server.Get<ApiKeyIssuer>().IssueAsync(user, "short", AccessScope.Read, expires, cancellation: Cancellation);
            using var client = Server.Client(text);
            try
            {
                await client.Identity.WhoAmIAsync(new());
            }
            catch (RpcException) when (TimeProvider.System.GetUtcNow() > expires)
            {
                continue; // The machine stood still for as long: once more, with more time.
            }

            await EventuallyAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow()), now => now > expires);
            await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Identity.WhoAmIAsync(new()).ResponseAsync);
            return;
        }
    }

    [TestMethod]
    public async Task A_locked_out_user_is_refused()
    {
        var (user, key) = await Server.UserAsync();
        using var client = Server.Client(key);
        using var admin = Server.Client(Server.AdminKey);
        await client.Identity.WhoAmIAsync(new());

        await admin.Identity.DeleteUserAsync(new() { Name = user });

        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Identity.WhoAmIAsync(new()).ResponseAsync);
        Assert.IsTrue((await admin.Identity.GetUserAsync(new() { Name = user })).Disabled);
        await RefusedAsync(StatusCode.FailedPrecondition, null, () => admin.Identity.DeleteUserAsync(new() { Name = EmbeddedAdmin.UserName }).ResponseAsync);
    }

    [TestMethod]
    public async Task Who_is_locked_out_leaves_no_project_without_an_owner_unless_that_is_asked_for()
    {
        var (first, second) = (await Server.UserAsync(), await Server.UserAsync());
        using var client = Server.Client(first.Key);
        using var admin = Server.Client(Server.AdminKey);
        string[] projects = [await client.ProjectAsync(), await client.ProjectAsync()];
        foreach (var project in projects)
        {
            await client.Projects.SetProjectMemberAsync(
                new() { Parent = project, Member = new() { User = second.User, Role = V1.ProjectRole.Owner } });
        }

        await admin.Identity.DeleteUserAsync(new() { Name = second.User }, cancellationToken: Cancellation);
        await RefusedAsync(StatusCode.FailedPrecondition, "LAST_OWNER", () => client.Projects.DeleteProjectMemberAsync(
            new() { Name = $"{projects[0]}/members/{first.User["users/".Length..]}" }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "LAST_OWNER", () => client.Accounts.EraseAccountAsync(new() { Name = $"{first.User}/account" }).ResponseAsync);
        var (error, _) = await RefusedAsync(StatusCode.FailedPrecondition, "LAST_OWNER", () => admin.Identity.DeleteUserAsync(new() { Name = first.User }).ResponseAsync);
        foreach (var project in projects) Assert.Contains(project, error.Status.Detail);
        await client.Identity.WhoAmIAsync(new(), cancellationToken: Cancellation);
        Assert.IsFalse((await admin.Identity.GetUserAsync(new() { Name = first.User })).Disabled);

        await admin.Identity.DeleteUserAsync(new() { Name = first.User, OrphanProjects = true }, cancellationToken: Cancellation);
        Assert.IsTrue((await admin.Identity.GetUserAsync(new() { Name = first.User })).Disabled);
        var (heir, _) = await Server.UserAsync();
        await admin.Projects.SetProjectMemberAsync(new() { Parent = projects[0], Member = new() { User = heir, Role = V1.ProjectRole.Owner } });
    }

    [TestMethod]
    public async Task The_secret_of_a_key_is_not_repeated_to_a_repeated_request()
    {
        var (user, key) = await Server.UserAsync();
        using var client = Server.Client(key);
        var request = new V1.CreateApiKeyRequest { Parent = user, ApiKey = new(), RequestId = Guid.NewGuid().ToString() };

        var first = await client.Identity.CreateApiKeyAsync(request);
        var second = await client.Identity.CreateApiKeyAsync(request);

        Assert.AreEqual(first.ApiKey, second.ApiKey);
        Assert.AreEqual("", second.Secret);
    }

    [TestMethod]
    public async Task The_key_is_also_taken_from_its_own_header()
    {
        var (user, key) = await Server.UserAsync();
        using var client = Server.Client(null);

        var who = await client.Identity.WhoAmIAsync(new(), new Metadata { { "x-api-key", key } });

        Assert.AreEqual(user, who.User.Name);
    }

    [TestMethod]
    public async Task The_embedded_administrators_key_is_private_and_stays()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-admin-");
        var file = Path.Combine(folder.FullName, "admin.key");
        try
        {
            var first = await Server.Get<EmbeddedAdmin>().EnsureAsync(file, Cancellation);
            var second = await Server.Get<EmbeddedAdmin>().EnsureAsync(file, Cancellation);

            Assert.AreEqual(first, second);
            if (!OperatingSystem.IsWindows()) Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            using var client = Server.Client(first);
            Assert.AreEqual(V1.UserRole.Admin, (await client.Identity.WhoAmIAsync(new())).User.Role);

            await File.WriteAllTextAsync(file, "ss_local_broken", Cancellation);
            Assert.AreNotEqual("ss_local_broken", await Server.Get<EmbeddedAdmin>().EnsureAsync(file, Cancellation));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task That_the_server_makes_its_first_administrator_and_keys_of_theirs_is_in_its_trail()
    {
        await using var server = await ApiServer.StartAsync();
        var file = Path.Combine(server.Folder, "admin.key");
        await server.Get<EmbeddedAdmin>().EnsureAsync(file, Cancellation); // It has one that works.
        File.Delete(file);
        using var admin = server.Client(await server.Get<EmbeddedAdmin>().EnsureAsync(file, Cancellation));

        var noted = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Actor = "system" } })).AuditEntries;

        CollectionAssert.AreEqual(
            new[] { "IdentityService/CreateUser role=admin OK", "IdentityService/CreateApiKey scope=admin OK", "IdentityService/CreateApiKey scope=admin OK" },
            noted.Reverse().Select(entry => $"{entry.Method} {entry.Detail} {entry.Outcome}").ToArray());
        Assert.IsTrue(noted.All(entry => entry.Resource == EmbeddedAdmin.UserName));
        Assert.IsTrue((await admin.Audit.VerifyServerAuditTrailAsync(new())).Sound);
    }

    [TestMethod]
    public async Task A_first_administrator_who_is_locked_out_gets_no_key_and_keeps_nobody_from_starting()
    {
        await using var server = await ApiServer.StartAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("synthstudio-admin-").FullName, "admin.key");
        Assert.AreNotEqual("", await server.Get<EmbeddedAdmin>().EnsureAsync(file, Cancellation));
        using var other = server.Client((await server.UserAsync(role: UserRole.Admin)).Key);
        await other.Identity.DeleteUserAsync(new() { Name = EmbeddedAdmin.UserName, OrphanProjects = true });

        for (var start = 0; start < 2; start++) Assert.AreEqual("", await server.Get<EmbeddedAdmin>().EnsureAsync(file, Cancellation));

        Assert.IsFalse(File.Exists(file));
        Assert.IsEmpty((await other.Identity.ListApiKeysAsync(new() { Parent = EmbeddedAdmin.UserName })).ApiKeys.Where(key => key.RevokeTime is null));
        Directory.Delete(Path.GetDirectoryName(file)!);
    }

    [TestMethod]
    public async Task Only_administrators_make_users_and_new_users_are_no_administrators()
    {
        using var admin = Server.Client(Server.AdminKey);
        var user = await admin.Identity.CreateUserAsync(new() { User = new() { DisplayName = "Ada" } });

        Assert.AreEqual(V1.UserRole.User, user.Role);
        Assert.AreEqual("Ada", (await admin.Identity.GetUserAsync(new() { Name = user.Name })).DisplayName);
        Assert.IsNotEmpty((await admin.Identity.ListUsersAsync(new() { PageSize = 1 })).NextPageToken);
        Assert.IsNull(await Server.Get<UserStore>().FindAsync("users/nobody", Cancellation));
        var past = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow().AddDays(-1));
        await RefusedAsync(StatusCode.InvalidArgument, null, () => admin.Identity.CreateApiKeyAsync(
            new() { Parent = user.Name, ApiKey = new() { ExpireTime = past } }).ResponseAsync);
    }

    [TestMethod]
    public void A_page_of_keys_goes_on_after_a_key_that_is_gone()
    {
        var newest = new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);
        ApiKeyRecord[] keys = [Key("b", newest), Key("d", newest), Key("a", newest.AddDays(-1))];

        Assert.AreEqual("b d", After(null, 2));
        Assert.AreEqual("d a", After(new PageCursor(newest, "c"), 2));
        Assert.AreEqual("a", After(new PageCursor(newest, "e"), 2));
        Assert.AreEqual("a", After(new PageCursor(newest.AddHours(-1), "z"), 2));
        Assert.AreEqual("", After(new PageCursor(newest.AddDays(-1), "a"), 2));

        string After(PageCursor? place, int size) =>
            string.Join(' ', SynthStudio.Api.Services.IdentityService.PageOf(keys, new PageRequest(size, place)).Items.Select(k => k.Id));

        static ApiKeyRecord Key(string id, DateTimeOffset created) => new() { Id = id, SecretHash = [], Owner = "users/u", CreateTime = created };
    }
}
