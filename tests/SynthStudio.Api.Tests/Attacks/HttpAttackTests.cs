using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;

namespace SynthStudio.Api.Tests.Attacks;

/// <summary>What is wrong below the messages: bodies, headers, frames, and connections that dawdle.</summary>
[TestClass]
public sealed class HttpAttackTests : ApiTest
{
    private const string GetJob = "/synthstudio.v1.JobService/GetJob";

    private static readonly string[] Payloads =
    [
        "' OR '1'='1", "x'; DROP TABLE projects; --", "\" OR \"\"=\"", "1) UNION SELECT * FROM api_keys --", "../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "a\r\nset-cookie: x=y", "\u001b[2J", "a\0b", "{{7*7}}", "${jndi:ldap://x/y}", "\u202e",
    ];

    [TestMethod]
    public async Task Statements_paths_and_escapes_in_names_filters_and_tokens_are_texts_and_no_more()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var http = Server.Http(tenant.Key);
        foreach (var payload in Payloads.Select(Uri.EscapeDataString))
        {
            string[] paths =
            [
                $"/v1/projects/{payload}", $"/v1/{tenant.Project}/datasets/{payload}", $"/v1/{tenant.Project}/datasets?pageToken={payload}", $"/v1/projects?pageSize={payload}",
                $"/v1/{tenant.Project}/jobs?subject={payload}", $"/v1/{tenant.Project}/jobs?kind={payload}", $"/v1/{tenant.Project}/auditEntries?filter.actor={payload}",
                $"/v1/{tenant.Project}/auditEntries?filter.resource={payload}&filter.method={payload}&filter.outcome={payload}", $"/v1/{tenant.Project}/auditEntries?filter.since={payload}",
                $"/v1/users/{payload}/apiKeys", $"/{payload}",
            ];
            foreach (var path in paths)
            {
                using var answer = await http.GetAsync(path, Cancellation);
                var body = await answer.Content.ReadAsStringAsync(Cancellation);
                Assert.IsTrue(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.OK, $"{path}: {answer.StatusCode} {body}");
                if (answer.StatusCode == HttpStatusCode.OK) Assert.DoesNotContain("\"name\"", body, $"{path} finds nothing.");
                AssertSilent(body);
                Assert.IsFalse(answer.Headers.Contains("set-cookie"));
            }
        }

        Assert.AreEqual(HttpStatusCode.OK, (await http.GetAsync($"/v1/{tenant.Project}", Cancellation)).StatusCode, "Nothing is dropped.");
    }

    [TestMethod]
    public async Task Names_for_people_hold_nothing_that_steers_terminals()
    {
        var (client, project) = await OwnerAsync();
        foreach (var name in new[] { "a\u001b[31mb", "a\r\nb", "a\u202eb", "\u009b1m", "a\u0007" })
        {
            await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Projects.CreateProjectAsync(
                new() { Project = new() { DisplayName = name } }).ResponseAsync);
            await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Uploads.CreateUploadAsync(
                new() { Parent = project, Upload = new() { FileName = "t.csv", DisplayName = name } }).ResponseAsync);
            var (error, _) = await RefusedAsync(StatusCode.InvalidArgument, "INVALID_NAME", () => client.Jobs.GetJobAsync(new() { Name = $"projects/{name}" }).ResponseAsync);
            Assert.IsFalse(error.Status.Detail.Any(char.IsControl), "Nor do errors that repeat them.");
        }
    }

    [TestMethod]
    public async Task An_error_that_repeats_a_long_text_breaks_no_connection()
    {
        using var client = Server.Client((await Server.UserAsync()).Key);
        var long3 = new string('\u4e2d', 20_000);

        var (error, _) = await RefusedAsync(StatusCode.InvalidArgument, null, () => client.Privacy.ComputeEpsilonAsync(
            new() { SampleRate = 0.1, NoiseMultiplier = 1, Steps = 1, Delta = 1e-5, Accountant = long3 }).ResponseAsync);

        Assert.IsLessThan(2000, error.Status.Detail.Length);
        Assert.IsLessThan(8000, error.Trailers.Sum(t => t.Key.Length + (t.IsBinary ? t.ValueBytes.Length * 4 / 3 : t.Value.Length)));
    }

    [TestMethod]
    public async Task Json_that_is_deep_long_or_broken_is_refused()
    {
        using var http = Server.Http((await Server.UserAsync()).Key);
        string[] bodies =
        [
            new string('[', 100_000), string.Concat(Enumerable.Repeat("{\"displayName\":", 50_000)), "{\"displayName\": \"a\", \"displayName\"", "{\"displayName\": 1e999999}", "\ufeff{", "{\"displayName\": \"\\ud800\"}",
            "nul", "\"\"", "{\"createTime\": \"99999-01-01T00:00:00Z\"}", "{\"displayName\": [[[[]]]]}",
        ];
        foreach (var body in bodies)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/v1/projects", content, Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.AreEqual(HttpStatusCode.BadRequest, answer.StatusCode, $"{body[..Math.Min(60, body.Length)]}: {text}");
            AssertSilent(text);
        }
    }

    [TestMethod]
    public async Task Bodies_and_headers_beyond_their_size_are_refused()
    {
        var key = (await Server.UserAsync()).Key;
        using var http = Server.Http(key);
        using var body = new StringContent($"{{\"displayName\": \"{new string('a', 30 << 20)}\"}}", Encoding.UTF8, "application/json");
        try
        {
            using var large = await http.PostAsync("/v1/projects", body, Cancellation);
            Assert.IsTrue(large.StatusCode is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.TooManyRequests or HttpStatusCode.BadRequest, $"{large.StatusCode}");
        }
        catch (HttpRequestException)
        {
            // The server hung up before it was all sent.
        }

        using var raw = await RawHttp.ConnectAsync(Server.HttpAddress, Cancellation);
        await raw.SendAsync($"GET /v1/projects HTTP/1.1\r\nhost: x\r\nx: {new string('a', 60_000)}\r\n\r\n", Cancellation);
        Assert.StartsWith("HTTP/1.1 431", await raw.ReadToEndAsync(Cancellation));

        using var client = Server.Client(key);
        var metadata = new Metadata { { "x-a", new string('a', 60_000) } };
        await Assert.ThrowsAsync<RpcException>(() => client.Projects.ListProjectsAsync(new(), metadata).ResponseAsync);
        await client.Projects.ListProjectsAsync(new(), cancellationToken: Cancellation);
    }

    [TestMethod]
    [DataRow("GET /v1/projects HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n")]
    [DataRow("POST /v1/projects HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef")]
    [DataRow("GET /v1/projects HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a\r\nauthorization: Bearer b\r\nconnection: close\r\n\r\n")]
    [DataRow("GET /v1/projects HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \u0001\u001b[31m\r\nconnection: close\r\n\r\n")]
    [DataRow("GET /v1/projects\r\n\r\n")]
    [DataRow("GET /v1/../../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")]
    [DataRow("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc")]
    public async Task Requests_that_are_none_are_refused_and_not_repeated(string request)
    {
        using var raw = await RawHttp.ConnectAsync(Server.HttpAddress, Cancellation);
        await raw.SendAsync(request, Cancellation);
        raw.Stream.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);

        var answer = await raw.ReadToEndAsync(Cancellation);

        Assert.IsTrue(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), answer);
        AssertSilent(answer);
        Assert.DoesNotContain('\u001b', answer);
    }

    [TestMethod]
    public async Task Frames_that_are_none_are_refused_by_reason()
    {
        var key = (await Server.UserAsync()).Key;
        byte[][] frames =
        [
            [], [0], [0, 0, 0, 0], [0, 0, 0, 0, 9, 1, 2], [0, 0xff, 0xff, 0xff, 0xff], [0, 0x7f, 0xff, 0xff, 0xff, 1], [1, 0, 0, 0, 1, 0],
            [0xff, 0, 0, 0, 0], [0x80, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0x0a, 0xff], [0, 0, 0, 0, 1, 0x0b],
        ];
        foreach (var frame in frames)
        {
            var (status, details, all) = await WebCallAsync(key, frame);
            Assert.IsTrue(status is "3" or "8" or "12" or "13", $"{Convert.ToHexString(frame)}: {all}");
            Assert.AreNotEqual("", details, $"{Convert.ToHexString(frame)}: {all}");
            AssertSilent(all);
        }
    }

    [TestMethod, DoNotParallelize] // It counts what the whole process allocates.
    public async Task A_compressed_message_that_expands_beyond_the_limit_is_refused_and_not_expanded()
    {
        var key = (await Server.UserAsync()).Key;
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++) await gzip.WriteAsync(zeros, Cancellation);
        }

        var bytes = packed.ToArray();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var (status, _, all) = await WebCallAsync(
            key, [1, 0, (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes], encoding: "gzip");

        Assert.AreEqual("8", status, all);
        Assert.IsLessThan(100L << 20, GC.GetTotalAllocatedBytes(precise: true) - before, "What is beyond the limit is not held.");
        Assert.AreEqual("12", (await WebCallAsync(key, [1, 0, 0, 0, 1, 0], encoding: "bomb")).Status);
    }

    [TestMethod]
    public async Task A_deadline_that_is_none_changes_nothing()
    {
        using var client = Server.Client((await Server.UserAsync()).Key);
        foreach (var value in new[] { "abc", "-1S", "99999999999999999999H", "1", "0n" })
        {
            try
            {
                await client.Projects.ListProjectsAsync(new(), new Metadata { { "grpc-timeout", value } });
            }
            catch (RpcException e)
            {
                Assert.IsTrue(e.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.InvalidArgument, e.ToString());
            }
        }
    }

    [TestMethod]
    public async Task Slow_bodies_and_idle_streams_are_ended()
    {
        await using var server = await ApiServer.StartAsync(options =>
            (options.SlowGrace, options.LeastBytesPerSecond, options.StreamIdleLimit) = (TimeSpan.FromSeconds(4), 1000, TimeSpan.FromSeconds(3)));
        var tenant = await Tenant.CreateAsync(server);
        using var raw = await RawHttp.ConnectAsync(server.HttpAddress, Cancellation);
        await raw.SendAsync($"POST /v1/projects HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {tenant.Key}\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n{{", Cancellation);
        Assert.StartsWith("HTTP/1.1 4", await raw.ReadToEndAsync(Cancellation));

        using var client = server.Client(tenant.Key);
        using var silent = client.Uploads.WriteUpload(cancellationToken: Cancellation);
        await RefusedAsync(StatusCode.DeadlineExceeded, "STREAM_IDLE", () => silent.ResponseAsync);
        using var halfway = client.Uploads.WriteUpload(cancellationToken: Cancellation);
        await halfway.RequestStream.WriteAsync(new() { Name = tenant.Upload, Data = ByteString.CopyFromUtf8("a,b\n") }, Cancellation);
        await RefusedAsync(StatusCode.DeadlineExceeded, "STREAM_IDLE", () => halfway.ResponseAsync);
        Assert.AreEqual(4, (await client.Uploads.GetUploadAsync(new() { Name = tenant.Upload })).CommittedSize, "What was taken stays.");
    }

    /// <summary>Sends bytes as the body of a gRPC-Web call, and answers its status, details, and all that came.</summary>
    private async Task<(string Status, string Details, string All)> WebCallAsync(string key, byte[] body, string? encoding = null)
    {
        using var http = Server.Http(key);
        using var request = new HttpRequestMessage(HttpMethod.Post, GetJob) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web+proto");
        if (encoding is not null) request.Headers.Add("grpc-encoding", encoding);
        using var answer = await http.SendAsync(request, Cancellation);
        var text = Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        return (Find("grpc-status"), Find("grpc-status-details-bin"), $"{answer}\n{text}");

        string Find(string name)
        {
            if (answer.Headers.TryGetValues(name, out var values)) return values.Single();
            var at = text.IndexOf($"{name}: ", StringComparison.Ordinal);
            return at < 0 ? "" : text[(at + name.Length + 2)..].Split('\r')[0];
        }
    }

    /// <summary>Parts of our statements, stacks and files. What the attack itself said may be repeated.</summary>
    private void AssertSilent(string answer)
    {
        foreach (var inside in new[] { "Exception", "   at ", ".cs:line", "SQLite", "FROM projects", Server.Folder }) Assert.DoesNotContain(inside, answer);
    }
}
