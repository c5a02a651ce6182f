using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace SynthStudio.Hosting.Tests;

/// <summary>Orleans' dashboard is for administrators, where it was switched on, and shows no states of grains.</summary>
[TestClass]
public sealed class DashboardTests
{
    private const string Page = "dashboard/", Counters = "dashboard/DashboardCounters";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synthstudio-dashboard-");

    public TestContext TestContext { get; set; } = null!;

    [TestCleanup]
    public void Remove() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task Anonymous_callers_and_users_are_refused_and_administrators_are_served()
    {
        await using var server = await StartAsync(dashboard: true);
        var user = await CreateUserAsync(server);
        foreach (var page in new[] { Page, Counters, "Dashboard/index.min.js" })
        {
            var anonymous = await GetAsync(server, page, null);
            Assert.AreEqual(HttpStatusCode.Unauthorized, anonymous.StatusCode, page);
            Assert.StartsWith("Basic", anonymous.Headers.WwwAuthenticate.ToString(), "A browser asks its user.");
            Assert.AreEqual(HttpStatusCode.Unauthorized, (await GetAsync(server, page, Bearer("no key"))).StatusCode, page);
            Assert.AreEqual(HttpStatusCode.Unauthorized, (await GetAsync(server, page, new("Basic", "%"))).StatusCode, page);
            Assert.AreEqual(HttpStatusCode.Forbidden, (await GetAsync(server, page, Bearer(user))).StatusCode, page);
            Assert.AreEqual(HttpStatusCode.Forbidden, (await GetAsync(server, page, Basic(user))).StatusCode, page);
            Assert.AreEqual(HttpStatusCode.OK, (await GetAsync(server, page, Bearer(server.AdminKey))).StatusCode, page);
            Assert.AreEqual(HttpStatusCode.OK, (await GetAsync(server, page, Basic(server.AdminKey))).StatusCode, page);
        }

        var html = await (await GetAsync(server, Page, Basic(server.AdminKey))).Content.ReadAsStringAsync(TestContext.CancellationToken);
        Assert.Contains("<html", html);
        for (var i = 0; await CountHostsAsync(server) != 1; i++)
        {
            Assert.IsLessThan(2400, i, "The one silo is not shown.");
            await Task.Delay(50, TestContext.CancellationToken); // The first figures are gathered some time after the start.
        }
    }

    private async Task<int> CountHostsAsync(EmbeddedServer server)
    {
        using var figures = JsonDocument.Parse(
            await (await GetAsync(server, Counters, Bearer(server.AdminKey))).Content.ReadAsStringAsync(TestContext.CancellationToken));
        return figures.RootElement.GetProperty("hosts").GetArrayLength();
    }

    [TestMethod]
    public async Task States_of_grains_and_logs_are_shown_to_nobody()
    {
        await using var server = await StartAsync(dashboard: true);
        foreach (var page in new[] { "dashboard/GrainState?grainType=synthstudio.scheduler&grainId=0", "dashboard/grainstate", "dashboard/Trace" })
            Assert.AreEqual(HttpStatusCode.NotFound, (await GetAsync(server, page, Bearer(server.AdminKey))).StatusCode, page);
    }

    [TestMethod]
    public async Task Without_being_switched_on_there_is_none()
    {
        await using var server = await StartAsync(dashboard: false);
        foreach (var page in new[] { Page, Counters })
            Assert.AreEqual(HttpStatusCode.NotFound, (await GetAsync(server, page, Bearer(server.AdminKey))).StatusCode, page);
    }

    [TestMethod]
    public async Task Who_tries_keys_is_limited_by_address()
    {
        await using var server = await StartAsync(dashboard: true, burst: 3);
        for (var i = 0; i < 3; i++) Assert.AreNotEqual(HttpStatusCode.OK, (await GetAsync(server, Page, Bearer($"no key {i}"))).StatusCode);

        Assert.AreEqual(HttpStatusCode.TooManyRequests, (await GetAsync(server, Page, Bearer("one more"))).StatusCode);
        Assert.AreEqual(HttpStatusCode.TooManyRequests, (await GetAsync(server, Page, Basic("one more"))).StatusCode);
    }

    private Task<EmbeddedServer> StartAsync(bool dashboard, int? burst = null) => EmbeddedServer.StartAsync(
        new ServerOptions
        {
            DataFolder = _folder.FullName, GrpcPort = 0, HttpPort = 0, Compute = false, LogToConsole = false, Telemetry = { Dashboard = dashboard },
            Api = { AddressRequestsPerSecond = burst is null ? null : 0.001, AddressRequestBurst = burst ?? 500 },
        },
        TestContext.CancellationToken);

    private async Task<string> CreateUserAsync(EmbeddedServer server)
    {
        using var client = new HttpClient { BaseAddress = server.HttpAddress };
        client.DefaultRequestHeaders.Authorization = Bearer(server.AdminKey);
        await PostAsync("v1/users?userId=ann", new { displayName = "Ann", role = "USER_ROLE_USER" });
        return (await PostAsync("v1/users/ann/apiKeys", new { displayName = "k", scope = "SCOPE_ADMIN" })).GetProperty("secret").GetString()!;

        async Task<JsonElement> PostAsync(string path, object body)
        {
            var answer = await client.PostAsJsonAsync(path, body, TestContext.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.CancellationToken);
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
            return JsonDocument.Parse(text).RootElement;
        }
    }

    private async Task<HttpResponseMessage> GetAsync(EmbeddedServer server, string page, AuthenticationHeaderValue? credential)
    {
        using var client = new HttpClient { BaseAddress = server.HttpAddress };
        client.DefaultRequestHeaders.Authorization = credential;
        return await client.GetAsync(new Uri(page, UriKind.Relative), TestContext.CancellationToken);
    }

    private static AuthenticationHeaderValue Bearer(string key) => new("Bearer", key);

    private static AuthenticationHeaderValue Basic(string key) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{key}")));
}
