using System.Text.Json;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Assistant;

namespace SynthStudio.Api.Tests.Accounts;

/// <summary>What is kept of a person, told and deleted.</summary>
[TestClass]
public sealed class PersonTests : PeopleTest
{
    [TestMethod]
    public async Task An_export_tells_all_of_a_person_and_no_secret()
    {
        var person = await RegisterAsync("Ada Lovelace");
        using var client = Server.Client(person.Tokens.AccessToken);
        var project = await client.ProjectAsync();
        var key = await client.Identity.CreateApiKeyAsync(new() { Parent = person.User, ApiKey = new() { DisplayName = "laptop" }, Password = Password });
        using var http = Server.Http(person.Tokens.AccessToken);

        var json = await http.GetStringAsync($"/v1/{person.Account}:export", Cancellation);

        var root = JsonDocument.Parse(json).RootElement;
        Assert.AreEqual("Ada Lovelace", root.GetProperty("user").GetProperty("displayName").GetString());
        Assert.AreEqual(person.Email, root.GetProperty("account").GetProperty("email").GetString());
        Assert.AreEqual("127.0.0.1", root.GetProperty("sessions")[0].GetProperty("address").GetString());
        Assert.AreEqual("laptop", root.GetProperty("apiKeys")[0].GetProperty("displayName").GetString());
        Assert.AreEqual(project, root.GetProperty("projects")[0].GetProperty("project").GetString());
        var activity = root.GetProperty("activity").EnumerateArray().Select(e => e.GetProperty("method").GetString()).ToArray();
        CollectionAssert.IsSubsetOf(new[] { "AccountService/CompleteRegistration", "IdentityService/CreateApiKey", "ProjectService/CreateProject" }, activity);
        foreach (var secret in (string[])[key.Secret, key.Secret[^20..], "argon2", person.Tokens.RefreshToken]) Assert.DoesNotContain(secret, json);
    }

    [TestMethod]
    public async Task An_export_tells_what_they_made_and_were_answered_also_in_projects_that_they_left_and_what_it_leaves_out()
    {
        var (person, owner) = (await RegisterAsync(), await RegisterAsync());
        using var client = Server.Client(person.Tokens.AccessToken);
        using var friend = Server.Client(owner.Tokens.AccessToken);
        var shared = await friend.ProjectAsync();
        await friend.Projects.SetProjectMemberAsync(new() { Parent = shared, Member = new() { User = person.User, Role = V1.ProjectRole.Editor } });
        var asked = new V1.CreateUploadRequest { Parent = shared, Upload = new() { FileName = "t.csv" }, RequestId = Guid.NewGuid().ToString() };
        var upload = await client.Uploads.CreateUploadAsync(asked);
        var theirs = await friend.Uploads.CreateUploadAsync(new() { Parent = shared, Upload = new() { FileName = "t.csv" } });
        var datasets = Server.Get<DatasetStore>();
        var dataset = new DatasetRecord
        {
            Name = $"{shared}/datasets/d", Project = shared, State = DatasetState.Ready, Object = await Server.Worker.PutAsync("a,b\n1,2\n"), FileName = "t.csv", Creator = owner.User,
            CreateTime = upload.CreateTime.ToDateTimeOffset(), UpdateTime = upload.CreateTime.ToDateTimeOffset(),
        };
        await datasets.CreateAsync(dataset);
        var generator = await client.Generators.CreateGeneratorAsync(new() { Parent = shared, Generator = new() { Dataset = dataset.Name } });
        await EventuallyAsync(() => Server.Get<GeneratorIndex>().FindAsync(generator.Name, Cancellation), found => found is not null);
        var own = await client.ProjectAsync(); // Of the project that they leave a consent would end with that.
        var consent = new AssistantConsent($"{own}/datasets/d", own, person.User, ["models.example.org"], dataset.CreateTime);
        await Server.Get<AssistantConsentStore>().SetAsync(consent, Cancellation);
        var (program, _) = await Server.UserAsync();
        var (known, _) = await Server.Get<ApiKeyIssuer>().IssueAsync(
            program, "ci", AccessScope.Read, expires: null, maker: person.User, cancellation: Cancellation);
        await friend.Projects.DeleteProjectMemberAsync(new() { Name = $"{shared}/members/{person.User["users/".Length..]}" });

        using var http = Server.Http(person.Tokens.AccessToken);
        var root = JsonDocument.Parse(await http.GetStringAsync($"/v1/{person.Account}:export", Cancellation)).RootElement;

        var made = root.GetProperty("made").EnumerateArray().Select(m => m.GetProperty("name").GetString()!).ToArray();
        CollectionAssert.IsSubsetOf(new[] { upload.Name, generator.Name, consent.Name, $"{program}/apiKeys/{known.Id}" }, made);
        Assert.DoesNotContain(theirs.Name, made);
        Assert.DoesNotContain(dataset.Name, made);
        var answer = root.GetProperty("answers").EnumerateArray().Single(a => a.GetProperty("requestId").GetString() == asked.RequestId);
        Assert.AreEqual(upload.Name, V1.Upload.Parser.ParseFrom(Convert.FromBase64String(answer.GetProperty("message").GetString()!)).Name);
        Assert.Contains("GeneratorService/CreateGenerator", root.GetProperty("activity").EnumerateArray().Select(e => e.GetProperty("method").GetString()!).ToArray());
        Assert.IsFalse(root.GetProperty("activityIsWhole").GetBoolean());
        Assert.Contains("not in any more", root.GetProperty("leftOut")[0].GetString()!);
    }

    [TestMethod]
    public async Task An_erased_person_is_in_no_table_any_more_and_the_answer_says_what_stays()
    {
        var person = await RegisterAsync("Quintilian Zweig");
        using var client = Server.Client(person.Tokens.AccessToken);
        var key = await client.Identity.CreateApiKeyAsync(new()
        {
            Parent = person.User, ApiKey = new() { DisplayName = "zweigs laptop" }, Password = Password,
            RequestId = Guid.NewGuid().ToString(),
        });
        var owner = await RegisterAsync();
        using var friend = Server.Client(owner.Tokens.AccessToken);
        var shared = await friend.ProjectAsync();
        await friend.Projects.SetProjectMemberAsync(new() { Parent = shared, Member = new() { User = person.User, Role = V1.ProjectRole.Editor } });
        await client.Generators.ListGeneratorsAsync(new() { Parent = shared });
        Assert.Contains("Quintilian", await EverythingAsync(), "The test looks where it is.");
        await RefusedAsync(StatusCode.Unauthenticated, "CREDENTIALS_INVALID", () => client.Accounts.EraseAccountAsync(
            new() { Name = person.Account, Password = "not the password" }).ResponseAsync);

        var answer = await client.Accounts.EraseAccountAsync(new() { Name = person.Account, Password = Password });

        Assert.AreEqual((1, 1, 1, 1, 1), (answer.Deleted["accounts"], answer.Deleted["sessions"], answer.Deleted["api_keys"], answer.Deleted["memberships"], answer.Deleted["answers"]));
        Assert.IsTrue(answer.Kept.Any(k => k.What.Contains("audit", StringComparison.Ordinal) && k.Why.Contains("hash", StringComparison.Ordinal)));
        Assert.IsTrue(answer.Kept.Any(k => k.What.Contains("ledger", StringComparison.Ordinal)));
        Assert.IsTrue(answer.Kept.Any(k => k.What.Contains("connections", StringComparison.Ordinal)));
        Assert.IsFalse(answer.Kept.Any(k => k.What.Contains("consents", StringComparison.Ordinal)), "They end with who gave them.");
        var everything = await EverythingAsync();
        foreach (var trace in (string[])["Quintilian", person.Email, "zweigs laptop", key.ApiKey.Name.Split('/')[^1] + "_"]) Assert.DoesNotContain(trace, everything);
        foreach (var table in (string[])["accounts", "sessions", "api_keys", "recovery_codes", "external_identities", "mail_tokens", "project_members", "request_ids"])
        {
            Assert.IsFalse(
                everything.Split('\n').Any(line => line.StartsWith(table + ".", StringComparison.Ordinal)
                    && line.Contains(person.User, StringComparison.Ordinal)),
                table);
        }

        await RefusedAsync(StatusCode.Unauthenticated, null, () => client.Identity.WhoAmIAsync(new()).ResponseAsync);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => SignInAsync(person.Email, Password));
        using var byKey = Server.Client(key.Secret);
        await RefusedAsync(StatusCode.Unauthenticated, null, () => byKey.Identity.WhoAmIAsync(new()).ResponseAsync);
        using var admin = Server.Client(Server.AdminKey);
        var left = await admin.Identity.GetUserAsync(new() { Name = person.User });
        Assert.AreEqual(("", true), (left.DisplayName, left.Disabled));
        Assert.IsTrue((await admin.Audit.VerifyServerAuditTrailAsync(new())).Sound, "Nothing was taken out of the trail.");

        using var anonymous = Server.Client(null);
        await anonymous.Accounts.StartRegistrationAsync(new() { Email = person.Email });
        Assert.AreNotEqual("", TokenIn(await MailToAsync(person.Email, count: 2)), "The address is free again.");
    }

    [TestMethod]
    public async Task Who_is_a_projects_only_owner_hands_it_over_first()
    {
        var (person, heir) = (await RegisterAsync(), await RegisterAsync());
        using var client = Server.Client(person.Tokens.AccessToken);
        var project = await client.ProjectAsync();

        var (error, _) = await RefusedAsync(
            StatusCode.FailedPrecondition, "LAST_OWNER", () => client.Accounts.EraseAccountAsync(new() { Name = person.Account, Password = Password }).ResponseAsync);
        Assert.Contains(project, error.Status.Detail);
        Assert.Contains(person.Email, await EverythingAsync(), "Nothing happened.");

        await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = heir.User, Role = V1.ProjectRole.Owner } });
        await client.Accounts.EraseAccountAsync(new() { Name = person.Account, Password = Password });
        using var next = Server.Client(heir.Tokens.AccessToken);
        Assert.AreEqual(project, (await next.Projects.GetProjectAsync(new() { Name = project })).Name);
    }

    [TestMethod]
    public async Task Who_has_a_second_factor_gives_it_to_be_erased()
    {
        var person = await RegisterAsync();
        using var client = Server.Client(person.Tokens.AccessToken);
        var codes = await SecondFactorAsync(client, person);

        await RefusedAsync(StatusCode.Unauthenticated, null, () => client.Accounts.EraseAccountAsync(
            new() { Name = person.Account, Password = Password }).ResponseAsync);
        await client.Accounts.GetAccountAsync(new() { Name = person.Account });

        await client.Accounts.EraseAccountAsync(new() { Name = person.Account, Password = Password, SecondFactor = codes[0] });
    }

    [TestMethod]
    public async Task An_administrator_erases_others_without_their_password_but_not_themselves()
    {
        var person = await RegisterAsync();
        using var admin = Server.Client(Server.AdminKey);
        var named = await admin.Identity.CreateUserAsync(new() { User = new() { DisplayName = "Zacharias Zander" }, RequestId = Guid.NewGuid().ToString() });

        await RefusedAsync(StatusCode.FailedPrecondition, null, () => admin.Accounts.EraseAccountAsync(new() { Name = "users/admin/account" }).ResponseAsync);
        await admin.Accounts.EraseAccountAsync(new() { Name = person.Account });
        await admin.Accounts.EraseAccountAsync(new() { Name = $"{named.Name}/account" });

        var everything = await EverythingAsync();
        Assert.DoesNotContain(person.Email, everything);
        Assert.DoesNotContain("Zacharias", everything, "Not in the answer that was kept for a repeat either.");
    }

    private Task<string> EverythingAsync() => Everything.ReadAsync(Server.Get<SqliteDataSource>(), Cancellation);
}
