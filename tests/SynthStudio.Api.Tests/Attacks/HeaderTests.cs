using System.Net;

namespace SynthStudio.Api.Tests.Attacks;

/// <summary>What browsers are told, and that other sites' pages are told nothing.</summary>
[TestClass]
public sealed class HeaderTests : ApiTest
{
    [TestMethod]
    [DataRow("/v1/serverInfo")]
    [DataRow("/v1/projects")]
    [DataRow("/healthz/ready")]
    [DataRow("/nothing")]
    public async Task Every_answer_over_http_has_its_security_headers(string path)
    {
        using var http = Server.Http(null);
        using var answer = await http.GetAsync(path, Cancellation);

        Assert.AreEqual("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.AreEqual("DENY", Header(answer, "X-Frame-Options"));
        Assert.AreEqual("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.AreEqual("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
        Assert.Contains("default-src 'none'", Header(answer, "Content-Security-Policy"));
        Assert.Contains("no-store", Header(answer, "Cache-Control"));
        Assert.AreEqual("", Header(answer, "Server"));
    }

    [TestMethod]
    public async Task Json_over_http_2_has_them_too()
    {
        using var http = new HttpClient
        {
            BaseAddress = Server.GrpcAddress, DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await http.GetAsync("/v1/serverInfo", Cancellation);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.AreEqual("nosniff", Header(answer, "X-Content-Type-Options"));
    }

    [TestMethod]
    public async Task Public_keys_may_be_kept()
    {
        using var http = Server.Http(null);
        using var answer = await http.GetAsync("/.well-known/jwks.json", Cancellation);
        Assert.Contains("max-age=300", Header(answer, "Cache-Control"));
    }

    [TestMethod]
    public async Task Without_allowed_origins_no_page_of_another_site_may_call()
    {
        await using var server = await ApiServer.StartAsync(options => options.AllowedOrigins.Clear());
        using var http = server.Http((await server.UserAsync()).Key);
        foreach (var origin in new[] { "https://studio.example.org", "null", "https://evil.example.org", "http://localhost" })
        {
            using var call = new HttpRequestMessage(HttpMethod.Get, "/v1/projects");
            call.Headers.Add("Origin", origin);
            using var answer = await http.SendAsync(call, Cancellation);
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
            Assert.AreEqual("", Header(answer, "Access-Control-Allow-Origin"), origin);
        }
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";
}
