using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SynthStudio.Api.Tests.Webhooks;

/// <summary>
/// Events reach who asked for them: signed, again after failures, past those that are dead;
/// and the server calls nobody that it may not call.
/// </summary>
[TestClass]
public sealed class WebhookTests : ApiTest
{
    private static ApiServer _open = null!;

    [ClassInitialize]
    public static async Task StartOpenAsync(TestContext context) => _open = await StartServerAsync(TimeSpan.FromMinutes(1));

    /// <summary>A server that may call loopback, with short pauses, and waits so long for an answer.</summary>
    private static Task<ApiServer> StartServerAsync(TimeSpan timeout) => ApiServer.StartAsync(options =>
    {
        options.Webhooks.AllowHttp = true;
        options.Webhooks.AllowedNetworks.Add("127.0.0.0/8");
        options.Webhooks.Timeout = timeout;
        options.Webhooks.FirstRetry = options.Webhooks.PollInterval = TimeSpan.FromMilliseconds(20);
        options.Webhooks.MaxAttempts = 3;
        options.Webhooks.MaxPerProject = 4;
    });

    [ClassCleanup]
    public static async Task StopOpenAsync() => await _open.DisposeAsync();

    [TestMethod]
    public async Task The_end_of_a_job_arrives_signed()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var made = await client.Webhooks.CreateWebhookAsync(new()
        {
            Parent = project, WebhookId = "w", Webhook = new() { Url = receiver.Url + "/hook?x=1", EventTypes = { "profiling.*" } },
        });
        await _open.Get<ICatalogProjector>().ProjectAsync(Ended(project, WorkKind.Training), Cancellation);
        await _open.Get<ICatalogProjector>().ProjectAsync(Ended(project, WorkKind.Profiling), Cancellation);

        var got = (await EventuallyAsync(() => Task.FromResult(receiver.All), all => all.Count > 0)).Single();
        Assert.AreEqual("/hook", got.Path);
        Assert.StartsWith("application/cloudevents+json", got.Headers["content-type"]);
        using var body = JsonDocument.Parse(got.Body);
        Assert.AreEqual("dev.synthstudio.profiling.succeeded", body.RootElement.GetProperty("type").GetString());
        Assert.AreEqual(body.RootElement.GetProperty("id").GetString(), got.Headers["webhook-id"]);
        Assert.IsTrue(IsSignedWith(made.Secret, got), "as Standard Webhooks says");
        var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(got.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.IsLessThan(60, Math.Abs(age.TotalSeconds));

        var delivery = await DeliveryAsync(client, made.Webhook.Name, V1.WebhookDeliveryState.Delivered);
        Assert.AreEqual(("profiling.succeeded", got.Body, 200), (delivery.EventType, delivery.Body, delivery.Attempts.Single().HttpStatus));
        Assert.IsNull(delivery.NextAttemptTime);
        Assert.IsNotNull(delivery.EndTime);
        Assert.AreEqual(delivery, await client.Webhooks.GetWebhookDeliveryAsync(new() { Name = delivery.Name }));
    }

    [TestMethod]
    public async Task It_goes_on_when_who_made_it_leaves_and_owners_see_who_that_was()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var (maker, key) = await _open.UserAsync();
        using var leaving = _open.Client(key);
        await client.Projects.SetProjectMemberAsync(new() { Parent = project, Member = new() { User = maker, Role = V1.ProjectRole.Owner } });
        var made = await leaving.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = receiver.Url, EventTypes = { "profiling.*" } } });

        await client.Projects.DeleteProjectMemberAsync(new() { Name = $"{project}/members/{maker["users/".Length..]}" });
        await _open.Get<ICatalogProjector>().ProjectAsync(Ended(project, WorkKind.Profiling), Cancellation);

        await EventuallyAsync(() => Task.FromResult(receiver.All), all => all.Count == 1);
        Assert.AreEqual((made.Webhook.Name, maker), (await client.Webhooks.ListWebhooksAsync(new() { Parent = project })).Webhooks.Select(
            w => (w.Name, w.Creator)).Single());
        await RefusedAsync(StatusCode.NotFound, null, () => leaving.Webhooks.GetWebhookAsync(new() { Name = made.Webhook.Name }).ResponseAsync);
    }

    [TestMethod]
    public async Task What_happens_beside_jobs_arrives_too()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = _open.Client((await _open.UserAsync()).Key);
        using var admin = _open.Client(_open.AdminKey);
        var project = await client.ProjectAsync();
        await client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = receiver.Url, EventTypes = { "dataset.*", "member.changed", "quota.reached" } } });
        await client.Projects.SetProjectMemberAsync(
            new() { Parent = project, Member = new() { User = (await _open.UserAsync()).User, Role = V1.ProjectRole.Viewer } });
        var dataset = (await CompleteAsync("first")).Name;
        await client.Datasets.DeleteDatasetAsync(new() { Name = dataset });
        await client.Datasets.UndeleteDatasetAsync(new() { Name = dataset });
        await admin.Cluster.SetProjectShareAsync(new() { Project = project, MaxStoredBytes = 12 });
        for (var i = 0; i < 2; i++) await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => CompleteAsync($"second{i}"));

        var got = await EventuallyAsync(() => Task.FromResult(receiver.All), all => all.Count >= 5);
        var types = got.Select(call => JsonDocument.Parse(call.Body).RootElement.GetProperty("type").GetString()!["dev.synthstudio.".Length..]).Order(StringComparer.Ordinal);
        CollectionAssert.AreEqual(new[] { "dataset.created", "dataset.deleted", "dataset.undeleted", "member.changed", "quota.reached" }, types.ToArray());
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Webhooks.CreateWebhookAsync(
            new() { Parent = project, Webhook = new() { Url = receiver.Url, EventTypes = { "dataset.succeeded" } } }).ResponseAsync);

        async Task<V1.Dataset> CompleteAsync(string id)
        {
            var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, UploadId = id, Upload = new() { FileName = "t.csv" } });
            await client.Uploads.UploadChunkAsync(new() { Name = upload.Name, Body = new() { Data = Google.Protobuf.ByteString.CopyFromUtf8("a,b\n3,4\n") } });
            return await client.Uploads.CompleteUploadAsync(new() { Name = upload.Name });
        }
    }

    [TestMethod]
    public async Task What_is_deleted_brought_back_and_purged_is_told_of()
    {
        await using var receiver = await Receiver.StartAsync();
        var tenant = await Tenant.CreateAsync(_open);
        using var client = _open.Client(tenant.Key);
        foreach (var evaluation in (await client.Evaluations.ListEvaluationsAsync(new() { Parent = tenant.Project })).Evaluations)
            await client.Evaluations.DeleteEvaluationAsync(new() { Name = evaluation.Name });
        await client.Webhooks.CreateWebhookAsync(new()
        {
            Parent = tenant.Project, WebhookId = "own",
            Webhook = new() { Url = receiver.Url, EventTypes = { "generator.*", "synthetic_dataset.*" } },
        });
        for (var i = 0; i < 2; i++)
        {
            await client.Synthetics.DeleteSyntheticDatasetAsync(new() { Name = tenant.Synthetic });
            if (i == 0) await client.Synthetics.UndeleteSyntheticDatasetAsync(new() { Name = tenant.Synthetic });
        }

        await client.Synthetics.PurgeSyntheticDatasetAsync(new() { Name = tenant.Synthetic });
        await client.Registry.DeleteGeneratorAliasAsync(new() { Name = tenant.Alias });
        await client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator });
        await client.Generators.UndeleteGeneratorAsync(new() { Name = tenant.Generator });
        await client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator });
        await client.Generators.PurgeGeneratorAsync(new() { Name = tenant.Generator });

        var got = await EventuallyAsync(() => Task.FromResult(receiver.All), all => all.Count >= 8);
        CollectionAssert.AreEquivalent(
            new[] { "synthetic_dataset", "generator" }.SelectMany(kind => new[] { "deleted", "undeleted", "deleted", "purged" }.Select(change => $"dev.synthstudio.{kind}.{change}")).ToArray(),
            got.Select(call => JsonDocument.Parse(call.Body).RootElement.GetProperty("type").GetString()).ToArray());
    }

    [TestMethod]
    public async Task What_fails_is_sent_again_under_the_same_id_and_given_up_in_the_end()
    {
        var calls = 0;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref calls) switch { 1 => 503, 2 => 418, 3 => 302, _ => 204 };
            if (context.Response.StatusCode == 302) context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        });
        using var client = _open.Client((await _open.UserAsync()).Key);
        var hook = await CreateAsync(client, receiver.Url);
        await client.Webhooks.PingWebhookAsync(new() { Name = hook });

        var dead = await DeliveryAsync(client, hook, V1.WebhookDeliveryState.Dead);
        CollectionAssert.AreEqual(new[] { (503, "HTTP_STATUS"), (418, "HTTP_STATUS"), (302, "REDIRECT") }, dead.Attempts.Select(a => (a.HttpStatus, a.Error)).ToArray());
        Assert.HasCount(3, receiver.All, "a redirect is not followed");
        Assert.AreEqual(1, receiver.All.Select(r => r.Headers["webhook-id"]).Distinct().Count());

        Assert.AreEqual(1, (await client.Webhooks.ReplayWebhookDeliveriesAsync(new() { Parent = hook })).Replayed);
        var delivered = await DeliveryAsync(client, hook, V1.WebhookDeliveryState.Delivered);
        CollectionAssert.AreEqual(new[] { 503, 418, 302, 204 }, delivered.Attempts.Select(a => a.HttpStatus).ToArray());
        Assert.AreEqual(1, (await client.Webhooks.ReplayWebhookDeliveriesAsync(new() { Parent = hook, Delivery = delivered.Name })).Replayed);
        await EventuallyAsync(() => Task.FromResult(receiver.All), all => all.Count == 5);
    }

    [TestMethod]
    public async Task A_receiver_that_says_it_is_gone_is_left_alone()
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        using var client = _open.Client((await _open.UserAsync()).Key);
        var hook = await CreateAsync(client, receiver.Url);
        await client.Webhooks.PingWebhookAsync(new() { Name = hook });
        await EventuallyAsync(async () => await client.Webhooks.GetWebhookAsync(new() { Name = hook }), found => found.Disabled);
        var noted = await EventuallyAsync(
            async () => (await client.Audit.ListAuditEntriesAsync(new()
            {
                Parent = hook[..hook.IndexOf("/webhooks", StringComparison.Ordinal)], Filter = new() { Actor = "system" },
            })).AuditEntries,
            entries => entries.Count > 0);
        Assert.AreEqual(("WebhookService/UpdateWebhook", hook, "OK", "RECEIVER_GONE"), (noted.Single().Method, noted[0].Resource, noted[0].Outcome, noted[0].Reason));
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Webhooks.PingWebhookAsync(new() { Name = hook }).ResponseAsync);
    }

    [TestMethod]
    public async Task The_dead_hold_up_nobody_and_get_what_they_missed_when_they_are_back()
    {
        var isBack = false;
        await using var slow = await Receiver.StartAsync(
            context => Volatile.Read(ref isBack) ? Task.CompletedTask : Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var fine = await Receiver.StartAsync();
        await using var server = await StartServerAsync(timeout: TimeSpan.FromSeconds(1));
        using var client = server.Client((await server.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var dead = (await client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = slow.Url } })).Webhook.Name;
        await client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = fine.Url } });
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 200; i++) await server.Get<ICatalogProjector>().ProjectAsync(Ended(project, WorkKind.Training, $"j{i}"), Cancellation);

        await EventuallyAsync(() => Task.FromResult(fine.All.Count), count => count >= 200); // More than once each, where it was slow to answer.
        Assert.IsLessThan(40 + Stopwatch.GetElapsedTime(began).TotalSeconds, slow.All.Count, "while it is down, one request at a time finds out whether it is back");
        Volatile.Write(ref isBack, true);
        await client.Webhooks.UpdateWebhookAsync(new() { Webhook = new() { Name = dead }, UpdateMask = new() { Paths = { "display_name" } } });
        await client.Webhooks.ReplayWebhookDeliveriesAsync(new() { Parent = dead });
        await EventuallyAsync(
            async () => (await client.Webhooks.ListWebhookDeliveriesAsync(
                new() { Parent = dead, State = V1.WebhookDeliveryState.Delivered, PageSize = 1000 })).Deliveries.Count,
            count => count == 200);
    }

    [TestMethod]
    public async Task For_a_day_both_secrets_sign_and_neither_is_told_again()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = _open.Client((await _open.UserAsync()).Key);
        var request = new V1.CreateWebhookRequest
        {
            Parent = await client.ProjectAsync(), Webhook = new() { Url = receiver.Url }, RequestId = Guid.NewGuid().ToString(),
        };
        var made = await client.Webhooks.CreateWebhookAsync(request);
        Assert.StartsWith("whsec_", made.Secret);
        Assert.AreEqual("", (await client.Webhooks.CreateWebhookAsync(request)).Secret);
        var rotated = await client.Webhooks.RotateWebhookSecretAsync(new() { Name = made.Webhook.Name });
        Assert.AreNotEqual(made.Secret, rotated.Secret);
        await client.Webhooks.PingWebhookAsync(new() { Name = made.Webhook.Name });
        var got = (await EventuallyAsync(() => Task.FromResult(receiver.All), all => all.Count > 0)).Single();
        Assert.IsTrue(IsSignedWith(rotated.Secret, got) && IsSignedWith(made.Secret, got));
        Assert.DoesNotContain(made.Secret, (await client.Webhooks.ListWebhooksAsync(new() { Parent = request.Parent })).ToString());
    }

    [TestMethod]
    public async Task A_project_has_so_many_webhooks()
    {
        using var client = _open.Client((await _open.UserAsync()).Key);
        var project = await client.ProjectAsync();
        for (var i = 0; i < 4; i++) await client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = "https://example.org", Disabled = true } });
        await RefusedAsync(
            StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = "https://example.org" } }).ResponseAsync);
    }

    [TestMethod]
    [DataRow("http://example.org/")]
    [DataRow("ftp://example.org/")]
    [DataRow("file:///etc/passwd")]
    [DataRow("//example.org/")]
    [DataRow("https://user:password@example.org/")]
    [DataRow("https://example.org/#part")]
    [DataRow("https://example.org/a\r\nHost: b")]
    [DataRow("https://127.0.0.1/")]
    [DataRow("https://2130706433/")]
    [DataRow("https://0x7f.1/")]
    [DataRow("https://[::1]/")]
    [DataRow("https://[::ffff:10.0.0.1]/")]
    [DataRow("https://[64:ff9b::7f00:1]/")]
    [DataRow("https://169.254.169.254/latest/meta-data")]
    [DataRow("https://192.168.1.1/")]
    [DataRow("https://100.64.0.1/")]
    [DataRow("https://[fd00::1]/")]
    [DataRow("")]
    public async Task A_url_that_may_not_be_called_is_refused(string url)
    {
        var (client, project) = await OwnerAsync();
        using (client)
        {
            var (error, _) = await RefusedAsync(
                StatusCode.InvalidArgument, "INVALID_FIELD",
                () => client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = url } }).ResponseAsync);
            Assert.Contains("webhook.url", error.Status.Detail);
        }
    }

    [TestMethod]
    [DataRow("https://localhost:{0}/")]
    [DataRow("https://no-such-host.invalid/")]
    public async Task A_name_is_looked_at_when_it_is_called_and_nothing_private_is(string url)
    {
        await using var receiver = await Receiver.StartAsync();
        var (client, project) = await OwnerAsync();
        using (client)
        {
            url = string.Format(System.Globalization.CultureInfo.InvariantCulture, url, new Uri(receiver.Url).Port);
            var hook = (await client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = url } })).Webhook.Name;
            await client.Webhooks.PingWebhookAsync(new() { Name = hook });
            var tried = await EventuallyAsync(
                async () => (await client.Webhooks.ListWebhookDeliveriesAsync(new() { Parent = hook })).Deliveries.Single(),
                d => d.Attempts.Count > 0);
            Assert.AreEqual("ADDRESS_NOT_ALLOWED", tried.Attempts[0].Error, "names that do not exist look like names that are private");
            Assert.IsEmpty(receiver.All);
            Assert.AreEqual(1, (await client.Webhooks.GetWebhookAsync(new() { Name = hook })).ConsecutiveFailures);
        }
    }

    [TestMethod]
    public async Task What_is_not_known_is_refused_and_changes_need_the_newest_etag()
    {
        var (client, project) = await OwnerAsync();
        using (client)
        {
            await RefusedAsync(
                StatusCode.InvalidArgument, "INVALID_FIELD",
                () => client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = "https://example.org", EventTypes = { "training.suceeded" } } }).ResponseAsync);
            var hook = (await client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = "https://example.org", Disabled = true } })).Webhook;
            var changed = await client.Webhooks.UpdateWebhookAsync(new() { Webhook = new(hook) { DisplayName = "x" }, UpdateMask = new() { Paths = { "display_name" } } });
            Assert.AreEqual(("x", true), (changed.DisplayName, changed.Disabled));
            await RefusedAsync(StatusCode.Aborted, "ETAG_MISMATCH", () => client.Webhooks.UpdateWebhookAsync(new() { Webhook = hook }).ResponseAsync);
            await RefusedAsync(StatusCode.Aborted, "ETAG_MISMATCH", () => client.Webhooks.DeleteWebhookAsync(new() { Name = hook.Name, Etag = hook.Etag }).ResponseAsync);
            await RefusedAsync(
                StatusCode.InvalidArgument, "INVALID_NAME",
                () => client.Webhooks.ReplayWebhookDeliveriesAsync(new() { Parent = hook.Name, Delivery = $"{project}/webhooks/other/deliveries/d" }).ResponseAsync);
            await client.Webhooks.DeleteWebhookAsync(new() { Name = hook.Name, Etag = changed.Etag });
            await RefusedAsync(StatusCode.NotFound, null, () => client.Webhooks.GetWebhookAsync(new() { Name = hook.Name }).ResponseAsync);
        }
    }

    [TestMethod]
    public async Task A_server_that_sends_nothing_says_so()
    {
        await using var server = await ApiServer.StartAsync(options => options.Features.Webhooks = false);
        using var client = server.Client(server.AdminKey);
        var project = await client.ProjectAsync();
        await RefusedAsync(
            StatusCode.Unimplemented, "FEATURE_OFF",
            () => client.Webhooks.CreateWebhookAsync(new() { Parent = project, Webhook = new() { Url = "https://example.org" } }).ResponseAsync);
    }

    private static JobSnapshot Ended(string project, WorkKind kind, string job = "j") => new()
    {
        Name = $"{project}/jobs/{job}-{kind.ToString().ToLowerInvariant()}", Kind = kind, Subject = $"{project}/generators/g", State = WorkState.Succeeded,
        CreateTime = DateTimeOffset.UnixEpoch, EndTime = DateTimeOffset.UnixEpoch, Version = 1,
    };

    private static bool IsSignedWith(string secret, Received got)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var wanted = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{got.Headers["webhook-id"]}.{got.Headers["webhook-timestamp"]}.{got.Body}")));
        return got.Headers["webhook-signature"].Split(' ').Contains(wanted);
    }

    private static async Task<string> CreateAsync(ApiClient client, string url) =>
        (await client.Webhooks.CreateWebhookAsync(new() { Parent = await client.ProjectAsync(), Webhook = new() { Url = url } })).Webhook.Name;

    private Task<V1.WebhookDelivery> DeliveryAsync(ApiClient client, string hook, V1.WebhookDeliveryState state) =>
        EventuallyAsync(
            async () => (await client.Webhooks.ListWebhookDeliveriesAsync(new() { Parent = hook })).Deliveries.Single(),
            found => found.State == state);
}
