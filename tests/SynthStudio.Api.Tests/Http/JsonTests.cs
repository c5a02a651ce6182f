using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace SynthStudio.Api.Tests.Http;

/// <summary>The same API as JSON over HTTP/1.1.</summary>
[TestClass]
public sealed class JsonTests : ApiTest
{
    [TestMethod]
    public async Task Projects_are_made_changed_and_listed()
    {
        using var http = Server.Http((await Server.UserAsync()).Key);
        var made = await JsonAsync(await http.PostAsJsonAsync("/v1/projects?projectId=", new { displayName = "web" }, Cancellation));
        var name = made.GetProperty("name").GetString()!;
        Assert.AreEqual("PROJECT_ROLE_OWNER", made.GetProperty("role").GetString());

        using var body = JsonContent.Create(new { displayName = "net" });
        var changed = await JsonAsync(await http.PatchAsync($"/v1/{name}?updateMask=displayName", body, Cancellation));
        Assert.AreEqual("net", changed.GetProperty("displayName").GetString());

        var list = await JsonAsync(await http.GetAsync("/v1/projects?pageSize=10", Cancellation));
        Assert.AreEqual(name, list.GetProperty("projects")[0].GetProperty("name").GetString());
    }

    [TestMethod]
    public async Task Errors_have_their_http_status_and_their_details()
    {
        using var http = Server.Http((await Server.UserAsync()).Key);

        using var missing = await http.GetAsync("/v1/projects/none", Cancellation);
        Assert.AreEqual(HttpStatusCode.NotFound, missing.StatusCode);
        var error = await JsonAsync(missing);
        Assert.AreEqual(5, error.GetProperty("code").GetInt32());
        var details = error.GetProperty("details").EnumerateArray().ToDictionary(d => d.GetProperty("@type").GetString()!);
        Assert.AreEqual("RESOURCE_NOT_FOUND", details["type.googleapis.com/google.rpc.ErrorInfo"].GetProperty("reason").GetString());
        Assert.AreEqual("projects/none", details["type.googleapis.com/google.rpc.ResourceInfo"].GetProperty("resourceName").GetString());

        using var invalid = await http.GetAsync("/v1/projects?pageSize=-1", Cancellation);
        Assert.AreEqual(HttpStatusCode.BadRequest, invalid.StatusCode);
        var violation = (await JsonAsync(invalid)).GetProperty("details")[1].GetProperty("fieldViolations")[0];
        Assert.AreEqual("page_size", violation.GetProperty("field").GetString());

        using var anonymous = Server.Http(null);
        using var refused = await anonymous.GetAsync("/v1/projects", Cancellation);
        Assert.AreEqual(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [TestMethod]
    public async Task What_a_training_would_take_is_asked_without_making_anything()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var http = Server.Http(tenant.Key);

        var preview = await JsonAsync(await http.PostAsJsonAsync($"/v1/{tenant.Project}/generators?validateOnly=true", new { dataset = tenant.Dataset }, Cancellation));

        var estimate = preview.GetProperty("estimate");
        Assert.AreEqual(("autoregressive", "45s", 2), (estimate.GetProperty("method").GetString(), estimate.GetProperty("time").GetString(), estimate.GetProperty("threads").GetInt32()));
    }

    [TestMethod]
    public async Task A_browser_uploads_in_chunks()
    {
        using var http = Server.Http((await Server.UserAsync()).Key);
        var project = (await JsonAsync(await http.PostAsJsonAsync("/v1/projects", new { }, Cancellation))).GetProperty("name").GetString();
        var upload = (await JsonAsync(await http.PostAsJsonAsync(
            $"/v1/{project}/uploads?uploadId=web", new { fileName = "t.csv", sizeBytes = "12000000" }, Cancellation))).GetProperty("name").GetString();
        var content = new byte[12_000_000];
        new Random(1).NextBytes(content);

        var first = await PutAsync(HttpMethod.Put, 0, content[..8_000_000]);
        Assert.AreEqual("8000000", first.GetProperty("committedSize").GetString(), "64-bit numbers are texts in JSON.");
        var again = await http.PutAsync($"/v1/{upload}:chunk?offset=0", new ByteArrayContent([1]), Cancellation);
        Assert.AreEqual(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.AreEqual("8000000", (await JsonAsync(again)).GetProperty("details")[0].GetProperty("metadata").GetProperty("committed_size").GetString());
        await PutAsync(HttpMethod.Post, 8_000_000, content[8_000_000..]);

        var dataset = await JsonAsync(await http.PostAsJsonAsync($"/v1/{upload}:complete", new { }, Cancellation));
        Assert.AreEqual($"{project}/datasets/web", dataset.GetProperty("name").GetString());
        Assert.AreEqual("12000000", dataset.GetProperty("sizeBytes").GetString());

        async Task<JsonElement> PutAsync(HttpMethod method, int offset, byte[] chunk)
        {
            using var request = new HttpRequestMessage(method, $"/v1/{upload}:chunk?offset={offset}") { Content = new ByteArrayContent(chunk) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            return await JsonAsync(await http.SendAsync(request, Cancellation));
        }
    }

    [TestMethod]
    public async Task A_chunk_is_checked_by_its_checksum_and_its_size()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var http = Server.Http(tenant.Key);
        var chunk = Encoding.ASCII.GetBytes("123456789");

        using var wrong = await PutAsync(chunk, 0, "&crc32c=1");
        Assert.AreEqual(HttpStatusCode.InternalServerError, wrong.StatusCode);
        Assert.AreEqual("CHUNK_CORRUPT", await ReasonAsync(wrong));

        using var right = await PutAsync(chunk, 0, $"&crc32c={0xe3069283u}");
        Assert.AreEqual(HttpStatusCode.OK, right.StatusCode);
        Assert.AreEqual("9", (await JsonAsync(right)).GetProperty("committedSize").GetString());

        using var large = await PutAsync(new byte[ApiLimits.ChunkBytes + 1], 9, "");
        Assert.AreEqual(HttpStatusCode.TooManyRequests, large.StatusCode);
        Assert.AreEqual("TOO_LARGE", await ReasonAsync(large));
        using var largest = await PutAsync(new byte[ApiLimits.ChunkBytes], 9, "");
        Assert.AreEqual(HttpStatusCode.OK, largest.StatusCode);

        Task<HttpResponseMessage> PutAsync(byte[] content, long offset, string more) =>
            http.PutAsync($"/v1/{tenant.Upload}:chunk?offset={offset}{more}", new ByteArrayContent(content), Cancellation);

        async Task<string?> ReasonAsync(HttpResponseMessage answer) =>
            (await JsonAsync(answer)).GetProperty("details")[0].GetProperty("reason").GetString();
    }

    [TestMethod]
    public async Task A_patch_without_a_mask_changes_what_its_body_names()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var http = Server.Http(tenant.Key);

        foreach (var name in new[] { tenant.Project, tenant.Dataset, tenant.Generator })
        {
            var before = await JsonAsync(await http.GetAsync($"/v1/{name}", Cancellation));
            using var body = JsonContent.Create(new { displayName = "renamed" });
            using var answer = await http.PatchAsync($"/v1/{name}", body, Cancellation);
            var after = await JsonAsync(answer);

            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, after.ToString());
            Assert.AreEqual("renamed", after.GetProperty("displayName").GetString());
            foreach (var field in before.EnumerateObject().Where(f => f.Name is not ("displayName" or "etag" or "updateTime")))
                Assert.AreEqual(field.Value.ToString(), after.GetProperty(field.Name).ToString(), field.Name);
        }
    }

    [TestMethod]
    public async Task Client_streaming_is_not_there_over_json()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var http = Server.Http(tenant.Key);

        foreach (var path in new[] { $"/v1/{tenant.Upload}:write", $"/v1/{tenant.Upload}" })
        {
            using var answer = await http.PostAsJsonAsync(path, new { offset = "0", data = "YQ==" }, Cancellation);
            Assert.IsTrue(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, $"{path}: {answer.StatusCode}");
        }
    }

    [TestMethod]
    public async Task A_model_is_downloaded_as_a_file()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        var worker = await Server.Worker.TakeAsync(training.Name);
        var model = new StringBuilder().Insert(0, "model ", 200_000).ToString();
        await worker.CompleteAsync(("model", model));
        using var http = Server.Http(tenant.Key);

        using var response = await http.GetAsync($"/v1/{tenant.Generator}:export", Cancellation);

        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.AreEqual("g.synth", response.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        Assert.AreEqual(model, FakePackage.ContentOf(await response.Content.ReadAsByteArrayAsync(Cancellation)));
    }

    [TestMethod]
    public async Task A_watch_is_a_line_of_json_an_event()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var worker = await Server.Worker.TakeAsync(tenant.Job);
        await worker.FailAsync("EMPTY");
        using var http = Server.Http(tenant.Key);

        var text = await http.GetStringAsync($"/v1/{tenant.Job}:watch?afterSequence=0", Cancellation);

        var events = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.AreEqual("1", events[0].GetProperty("sequence").GetString());
        Assert.AreEqual("JOB_STATE_FAILED", events[^1].GetProperty("state").GetString());
    }

    [TestMethod]
    public async Task The_server_says_what_it_is_and_that_it_lives()
    {
        using var http = Server.Http(null);

        var info = await JsonAsync(await http.GetAsync("/v1/serverInfo", Cancellation));
        Assert.AreEqual("autoregressive", info.GetProperty("methods")[0].GetProperty("name").GetString());
        Assert.AreEqual("Healthy", await http.GetStringAsync("/healthz", Cancellation));
        using var broken = await http.PostAsync("/v1/tokens", new StringContent("{oops", Encoding.UTF8, "application/json"), Cancellation);
        Assert.AreEqual(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    private async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement;
}
