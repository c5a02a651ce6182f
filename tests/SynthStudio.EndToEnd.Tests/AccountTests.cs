using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SynthStudio.EndToEnd.Tests;

/// <summary>A person's whole life at a server, by the command line and by JSON.</summary>
[TestClass]
public sealed partial class AccountTests
{
    private const string Password = "four words of no sense";

    [TestMethod]
    public async Task A_person_registers_works_signs_out_and_in_and_goes()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"], options: ["--registration", "open", "--mail-folder", folder["mails"]]);

        (await RunAsync("account register ada@example.org")).Succeeded();
        var token = await TokenAsync(folder["mails"], count: 1);
        var made = await RunAsync("account complete --display-name Ada", $"{token}\n{Password}\n");
        made.Succeeded();
        Assert.MatchesRegex(new Regex("Signed in as users/[0-9a-f]{32}\\."), made.Output);
        Assert.DoesNotContain(Password, made.Output + made.Errors);
        var kept = Path.Combine(folder["home"], "sessions.json");
        if (!OperatingSystem.IsWindows()) Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));

        Refused("projects/ada", await RunAsync("datasets list --project ada"));
        Assert.Contains("ada@example.org", (await RunAsync("account show")).Output);
        Assert.Contains("(this)", (await RunAsync("account sessions")).Output);
        (await RunAsync($"account export --out {folder["ada.json"]}")).Succeeded();
        using (var exported = JsonDocument.Parse(await File.ReadAllTextAsync(folder["ada.json"])))
            Assert.AreEqual("Ada", exported.RootElement.GetProperty("user").GetProperty("displayName").GetString());

        // The access token is worth nothing any more: commands at the same moment refresh it once, and all go on.
        await File.WriteAllTextAsync(kept, Expires().Replace(await File.ReadAllTextAsync(kept), "\"AccessTokenExpires\": \"2026-01-01T00:00:00+00:00\""));
        foreach (var shown in await Task.WhenAll(RunAsync("account show"), RunAsync("account show"), RunAsync("account show"))) shown.Succeeded();

        (await RunAsync("logout")).Succeeded();
        Refused("synth login", await RunAsync("account show"));
        Refused("Address or password is wrong", await RunAsync("login --email ada@example.org", "not the password\n"));
        (await RunAsync("login --email ada@example.org", Password + "\n")).Succeeded();

        using var http = new HttpClient { BaseAddress = server.Http };
        var signedIn = await http.PostAsJsonAsync("/v1/sessions:signIn", new { email = "ada@example.org", password = Password });
        using var tokens = JsonDocument.Parse(await signedIn.Content.ReadAsStringAsync());
        var refreshed = await http.PostAsJsonAsync("/v1/sessions:refresh", new { refreshToken = tokens.RootElement.GetProperty("refreshToken").GetString() });
        Assert.IsTrue(refreshed.IsSuccessStatusCode, await refreshed.Content.ReadAsStringAsync());

        Refused("--yes", await RunAsync("account erase"));
        var erased = await RunAsync("account erase --yes", Password + "\n");
        erased.Succeeded();
        Assert.Contains("accounts 1", erased.Output);
        Assert.Contains("Stays: entries of audit trails", erased.Output);
        Refused("Address or password is wrong", await RunAsync("login --email ada@example.org", Password + "\n"));
        var logs = string.Concat(Directory.EnumerateFiles(Path.Combine(server.DataFolder, "logs")).Select(Shared));
        foreach (var secret in (string[])[token, Password, "ada@example.org", tokens.RootElement.GetProperty("refreshToken").GetString()!]) Assert.DoesNotContain(secret, logs);

        Task<CommandResult> RunAsync(string arguments, string answers = "") => AccountTests.RunAsync(folder["home"], server, arguments, answers);
    }

    [TestMethod]
    public async Task People_come_into_projects_by_their_address()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProcess.StartAsync(folder["data"], options: ["--registration", "invited", "--mail-folder", folder["mails"]]);
        string[] asOwner = ["--server", $"{server.Grpc}", "--key-file", server.KeyFile];
        using var http = new HttpClient { BaseAddress = server.Http };
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(server.KeyFile)).Trim());
        (await http.PostAsJsonAsync("/v1/projects?projectId=two", new { displayName = "Two" })).EnsureSuccessStatusCode();

        var sent = (await Command.SynthAsync(["invitations", "send", "grace@example.org", "--role", "editor", .. asOwner])).Succeeded().Output.Split(':')[0];
        Assert.Contains("PROJECT_ROLE_EDITOR", (await Command.SynthAsync(["invitations", "show", sent, .. asOwner])).Succeeded().Output);
        (await RunAsync(folder["home"], server, "account complete --display-name Grace", $"{await TokenAsync(folder["mails"], count: 1)}\n{Password}\n")).Succeeded();
        (await RunAsync(folder["home"], server, "datasets list --project projects/default")).Succeeded();
        Refused("projects/two", await RunAsync(folder["home"], server, "datasets list --project projects/two"));

        (await Command.SynthAsync(["invitations", "send", "grace@example.org", "--project", "projects/two", .. asOwner])).Succeeded();
        Assert.Contains("viewer of projects/two", (await RunAsync(folder["home"], server, "invitations accept", $"{await TokenAsync(folder["mails"], count: 2)}\n")).Output);
        (await RunAsync(folder["home"], server, "datasets list --project projects/two")).Succeeded();

        var members = (await Command.SynthAsync(["members", "list", "--project", "projects/two", .. asOwner])).Output;
        var grace = members.Split('\n').Single(line => line.EndsWith("viewer", StringComparison.Ordinal)).Split(' ')[0];
        Assert.Contains("editor of projects/two", (await Command.SynthAsync(["members", "set", grace, "--role", "editor", "--project", "projects/two", .. asOwner])).Output);
        Refused("--role must be", await Command.SynthAsync(["members", "set", grace, "--role", "king", "--project", "projects/two", .. asOwner]));
        Assert.Contains("auditor of projects/two", (await Command.SynthAsync(["members", "set", grace, "--role", "auditor", "--project", "projects/two", .. asOwner])).Output);
        Assert.Contains("ProjectService/SetProjectMember", (await RunAsync(folder["home"], server, "audit list --project projects/two")).Succeeded().Output);
        Refused("You are auditor of projects/two", await RunAsync(folder["home"], server, "datasets list --project projects/two"));
        (await Command.SynthAsync(["members", "remove", grace, "--project", "projects/two", .. asOwner])).Succeeded();
        Refused("projects/two", await RunAsync(folder["home"], server, "datasets list --project projects/two"));

        (await http.PostAsJsonAsync("/v1/projects/two/invitations", new { email = "henry@example.org", role = "PROJECT_ROLE_VIEWER" })).EnsureSuccessStatusCode();
        (await RunAsync(folder["home"], server, "invitations decline", $"{await TokenAsync(folder["mails"], count: 3)}\n")).Succeeded();
        Assert.Contains("declined", (await Command.SynthAsync(["invitations", "list", "--project", "projects/two", .. asOwner])).Output);

        using var ivy = await http.PostAsJsonAsync("/v1/projects/two/invitations", new { email = "ivy@example.org", role = "PROJECT_ROLE_VIEWER" });
        var invitation = (await ivy.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("name").GetString()!;
        var first = await TokenAsync(folder["mails"], count: 4);
        (await Command.SynthAsync(["invitations", "resend", invitation, .. asOwner])).Succeeded();
        var second = await TokenAsync(folder["mails"], count: 5);
        Assert.AreNotEqual(first, second);
        Assert.IsFalse(await DeclinesAsync(first), "The mail before is good for nothing any more.");
        (await Command.SynthAsync(["invitations", "revoke", invitation, .. asOwner])).Succeeded();
        Assert.IsFalse(await DeclinesAsync(second), "Nor is that of an invitation that was taken back.");

        (await Command.SynthAsync(["projects", "transfer", "projects/two", grace, .. asOwner])).Succeeded();
        var owner = (await Command.SynthAsync(["members", "list", "--project", "projects/two", .. asOwner])).Succeeded().Output
            .Split('\n').Single(line => line.TrimEnd().EndsWith("owner", StringComparison.Ordinal));
        Assert.StartsWith(grace, owner);

        async Task<bool> DeclinesAsync(string token)
        {
            using var answer = await http.PostAsJsonAsync("/v1/invitations:decline", new { token });
            return answer.IsSuccessStatusCode;
        }
    }

    [TestMethod]
    public async Task Users_come_by_keys_and_leave_with_them()
    {
        using var folder = new TemporaryFolder();
        var server = await ServedProcess.SharedAsync();
        string[] at = ["--server", $"{server.Grpc}"], asOwner = [.. at, "--key-file", server.KeyFile];

        Assert.AreEqual("users/ada", (await OwnerAsync("users", "create", "ada", "--display-name", "Ada")).Trim());
        Assert.Contains("Ada", (await OwnerAsync("users", "list")).Split('\n').Single(line => line.StartsWith("users/ada ", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(folder["ada.key"], await OwnerAsync("keys", "create", "--user", "users/ada", "--scope", "admin", "--display-name", "first"));
        Refused("--scope must be", await Command.SynthAsync(["keys", "create", "--scope", "all", .. asOwner]));

        await File.WriteAllTextAsync(folder["read.key"], await AdaAsync("keys", "create", "--display-name", "reads", "--expires", "2100-01-01T00:00:00Z"));
        Assert.Contains("\"users/ada\"", await AdaAsync("users", "show", "ada"));
        Refused("Only administrators", await Command.SynthAsync(["users", "list", .. at, "--key-file", folder["ada.key"]]));
        Refused("good for read", await Command.SynthAsync(["keys", "create", .. at, "--key-file", folder["read.key"]]));

        var line = (await AdaAsync("keys", "list")).Split('\n').Single(line => line.Contains("reads", StringComparison.Ordinal));
        Assert.Contains("until 2100-01-01", line);
        await AdaAsync("keys", "revoke", line.Split(' ')[0]);
        Assert.Contains("revoked", (await AdaAsync("keys", "list")).Split('\n').Single(line => line.Contains("reads", StringComparison.Ordinal)));

        await OwnerAsync("users", "disable", "ada");
        Assert.Contains("locked out", await OwnerAsync("users", "list"));
        Assert.AreNotEqual(0, (await Command.SynthAsync(["keys", "list", .. at, "--key-file", folder["ada.key"]])).ExitCode);

        async Task<string> OwnerAsync(params string[] arguments) => (await Command.SynthAsync([.. arguments, .. asOwner])).Succeeded().Output;
        async Task<string> AdaAsync(params string[] arguments) => (await Command.SynthAsync([.. arguments, .. at, "--key-file", folder["ada.key"]])).Succeeded().Output;
    }

    private static Task<CommandResult> RunAsync(string home, ServedProcess server, string arguments, string answers = "") => Command.RunAsync("bash",
    [
        "-c", "export SYNTHSTUDIO_DATA=$1 SYNTHSTUDIO_SERVER=$2; printf %s \"$3\" | \"$4\" $5", "bash", home, server.Grpc.ToString(), answers, Repository.Synth, arguments,
    ]);

    private static void Refused(string why, CommandResult result)
    {
        Assert.AreEqual(2, result.ExitCode, result.Output + result.Errors);
        Assert.Contains(why, result.Errors);
    }

    private static string Shared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static async Task<string> TokenAsync(string mails, int count)
    {
        for (var i = 0; i < 6000; i++)
        {
            if (Directory.Exists(mails) && Directory.GetFiles(mails, "*.eml") is var found && found.Length >= count)
                return Token().Match(await File.ReadAllTextAsync(found.Order(StringComparer.Ordinal).Last())).Value;
            await Task.Delay(20);
        }

        throw new AssertFailedException("There came no mail.");
    }

    [GeneratedRegex("sm_[A-Za-z0-9_-]{43}")]
    private static partial Regex Token();

    [GeneratedRegex("\"AccessTokenExpires\": \"[^\"]*\"")]
    private static partial Regex Expires();
}
