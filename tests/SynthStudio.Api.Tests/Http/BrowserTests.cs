using System.Net;
using System.Net.Http.Headers;

namespace SynthStudio.Api.Tests.Http;

/// <summary>What a browser asks before and reads after a page of another origin calls.</summary>
[TestClass]
public sealed class BrowserTests : ApiTest
{
    private const string Method = "/synthstudio.v1.ProjectService/ListProjects";

    [TestMethod]
    [DataRow(Method)]
    [DataRow("/v1/projects")]
    public async Task A_preflight_of_an_allowed_origin_is_granted_and_a_strangers_is_not(string path)
    {
        using var granted = await PreflightAsync(path, ApiServer.AllowedOrigin);
        using var refused = await PreflightAsync(path, "https://evil.example.org");

        Assert.AreEqual(HttpStatusCode.NoContent, granted.StatusCode);
        Assert.AreEqual(ApiServer.AllowedOrigin, Header(granted, "Access-Control-Allow-Origin"));
        Assert.Contains("POST", Header(granted, "Access-Control-Allow-Methods"));
        foreach (var header in new[] { "authorization", "content-type", "x-grpc-web" })
            Assert.Contains(header, Header(granted, "Access-Control-Allow-Headers"));
        Assert.AreEqual("", Header(granted, "Access-Control-Allow-Credentials"), "No cookies.");
        Assert.AreEqual("", Header(refused, "Access-Control-Allow-Origin"));
    }

    [TestMethod]
    public async Task A_page_may_read_how_its_call_ended()
    {
        using var answer = await CallAsync((await Server.UserAsync()).Key, ApiServer.AllowedOrigin);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        AssertReadable(answer);

        using var refused = await CallAsync(null, ApiServer.AllowedOrigin);
        AssertReadable(refused);
        Assert.AreEqual($"{(int)StatusCode.Unauthenticated}", Header(refused, "grpc-status"));
        Assert.AreNotEqual("", Header(refused, "grpc-status-details-bin"));

        using var stranger = await CallAsync((await Server.UserAsync()).Key, "https://evil.example.org");
        Assert.AreEqual("", Header(stranger, "Access-Control-Allow-Origin"));
    }

    private static void AssertReadable(HttpResponseMessage answer)
    {
        Assert.AreEqual(ApiServer.AllowedOrigin, Header(answer, "Access-Control-Allow-Origin"));
        var exposed = Header(answer, "Access-Control-Expose-Headers");
        foreach (var header in new[] { "grpc-status", "grpc-message", "grpc-status-details-bin", "content-disposition", "retry-after" }) Assert.Contains(header, exposed);
    }

    private async Task<HttpResponseMessage> PreflightAsync(string path, string origin)
    {
        using var http = Server.Http(null);
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-grpc-web");
        return await http.SendAsync(request, Cancellation);
    }

    /// <summary>A gRPC-Web call with an empty message, as a browser sends it.</summary>
    private async Task<HttpResponseMessage> CallAsync(string? key, string origin)
    {
        using var http = Server.Http(key);
        using var request = new HttpRequestMessage(HttpMethod.Post, Method) { Content = new ByteArrayContent(new byte[5]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web+proto");
        request.Headers.Add("Origin", origin);
        return await http.SendAsync(request, Cancellation);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";
}
