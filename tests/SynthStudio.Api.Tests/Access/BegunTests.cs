using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Evidence;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Services;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Tests.Access;

/// <summary>That a change began is in the trail before it happens; how it ended refers to that.</summary>
[TestClass]
public sealed class BegunTests : ApiTest
{
    private const string Update = "DatasetService/UpdateDataset", Delete = "DatasetService/DeleteDataset";

    [TestMethod]
    public void All_changes_but_two_are_noted_before_they_do_anything()
    {
        var notBegun = RpcRules.ByMethod.Where(rule => rule.Value is { IsChange: true, IsBegun: false }).Select(rule => rule.Key).ToArray();
        CollectionAssert.AreEquivalent(
            new[] { "/synthstudio.v1.AuditService/AcceptAuditRestore", "/synthstudio.v1.UploadService/UploadChunk" }, notBegun,
            "The one writes its entry with what it does, the other is a piece of what began.");
    }

    [TestMethod]
    public async Task How_a_call_ended_names_the_entry_by_which_it_began()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var (guest, _) = await Server.UserAsync();
        using var client = Server.Client(tenant.Key);
        var request = Guid.NewGuid().ToString();
        await client.Datasets.UpdateDatasetAsync(new() { Dataset = new() { Name = tenant.Dataset, DisplayName = "Other" }, RequestId = request });
        await client.Projects.SetProjectMemberAsync(new() { Parent = tenant.Project, Member = new() { User = guest, Role = V1.ProjectRole.Viewer } });
        await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator, ValidateOnly = true });
        await RefusedAsync(StatusCode.FailedPrecondition, null, () => client.Generators.PauseGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => client.Datasets.DeleteDatasetAsync(new() { Name = $"{tenant.Project}/nothing" }).ResponseAsync);

        var entries = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project })).AuditEntries.Take(6).Reverse().ToList();

        CollectionAssert.AreEqual(
            new[]
            {
                $"{Update} BEGUN", $"{Update} OK", "ProjectService/SetProjectMember BEGUN", "ProjectService/SetProjectMember OK",
                "GeneratorService/PauseGenerator BEGUN", "GeneratorService/PauseGenerator FAILED_PRECONDITION",
            },
            entries.Select(e => $"{e.Method} {e.Outcome}").ToArray(), "What is only asked for, or not let in, did not begin.");
        foreach (var (begun, end) in entries.Chunk(2).Select(pair => (pair[0], pair[1])))
        {
            Assert.AreEqual((0, begun.Sequence), (begun.Begun, end.Begun));
            Assert.AreEqual((begun.Actor, begun.Credential, begun.RequestId, begun.Address), (end.Actor, end.Credential, end.RequestId, end.Address));
        }

        Assert.AreEqual((tenant.Dataset, request), (entries[0].Resource, entries[0].RequestId));
        Assert.AreEqual((tenant.Project, "role=viewer"), (entries[2].Resource, entries[2].Detail));
        Assert.AreEqual($"{tenant.Project}/members/{guest["users/".Length..]}", entries[3].Resource);
    }

    [TestMethod]
    public async Task Who_is_not_let_in_leaves_one_entry_and_so_does_who_signs_in()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var viewer = Server.Client(await MemberAsync(tenant, ProjectRole.Viewer));
        using var client = Server.Client(tenant.Key);
        using var admin = Server.Client(Server.AdminKey);
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => viewer.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);
        await client.Identity.CreateTokenAsync(new() { ApiKey = tenant.Key });

        var refused = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = Delete } })).AuditEntries.Single();
        var signedIn = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Actor = tenant.User, Method = "IdentityService/CreateToken" } })).AuditEntries.Single();

        Assert.AreEqual(("PERMISSION_DENIED", 0), (refused.Outcome, refused.Begun));
        Assert.AreEqual(("OK", 0), (signedIn.Outcome, signedIn.Begun));
    }

    [TestMethod]
    public async Task A_new_project_begins_in_the_servers_trail_and_its_own_begins_with_it()
    {
        var (user, key) = await Server.UserAsync();
        using var client = Server.Client(key);
        using var admin = Server.Client(Server.AdminKey);
        var project = await client.Projects.CreateProjectAsync(new() { Project = new() { DisplayName = "new" } });

        var own = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project.Name })).AuditEntries.Single();
        var servers = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Actor = user, Method = "ProjectService/CreateProject" } })).AuditEntries;

        Assert.AreEqual((1, "OK", project.Name, 0), (own.Sequence, own.Outcome, own.Resource, own.Begun));
        CollectionAssert.AreEqual(new[] { ("OK", project.Name), ("BEGUN", "") }, servers.Select(e => (e.Outcome, e.Resource)).ToArray());
        Assert.AreEqual(servers[1].Sequence, servers[0].Begun);
    }

    [TestMethod]
    public async Task What_the_trail_does_not_take_is_not_done()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        await SettledAsync(server, tenant);
        await ExecuteAsync(server, $"CREATE TRIGGER away BEFORE INSERT ON audit_entries WHEN NEW.chain = '{tenant.Project}' BEGIN SELECT RAISE(ABORT, 'away'); END");

        var (refused, _) = await RefusedAsync(
            StatusCode.Unavailable, "NOT_AUDITED", () => client.Webhooks.DeleteWebhookAsync(new() { Name = tenant.Webhook }).ResponseAsync);
        var (unnoted, _) = await RefusedAsync(StatusCode.Unavailable, "NOT_AUDITED", () => client.Datasets.UpdateDatasetAsync(
            new() { Dataset = new() { Name = tenant.Dataset, DisplayName = "Other" } }).ResponseAsync);

        Assert.Contains("Nothing was done: call again.", refused.Status.Detail);
        Assert.Contains("Nothing was done: call again.", unnoted.Status.Detail);
        Assert.AreNotEqual("Other", (await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).DisplayName);
        Assert.AreEqual(tenant.Webhook, (await client.Webhooks.GetWebhookAsync(new() { Name = tenant.Webhook })).Name, "It is still there.");
        await ExecuteAsync(server, "DROP TRIGGER away");
        await client.Webhooks.DeleteWebhookAsync(new() { Name = tenant.Webhook });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Webhooks.GetWebhookAsync(new() { Name = tenant.Webhook }).ResponseAsync);
        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = "WebhookService/DeleteWebhook" } })).AuditEntries;
        CollectionAssert.AreEqual(new[] { "OK", "BEGUN" }, noted.Select(e => e.Outcome).ToArray(), "Nothing is there of the call that was refused.");
    }

    [TestMethod]
    public async Task A_change_waits_until_its_entry_is_written()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        await SettledAsync(server, tenant);
        var chain = InterceptorChain.Of(server.Services, name => name != "TelemetryInterceptor");
        var updated = false;
        Task<V1.Dataset> updating;
        await using (var connection = await server.Get<SqliteDataSource>().OpenConnectionAsync(Cancellation))
        await using (await connection.BeginTransactionAsync(Cancellation)) // Nobody else writes meanwhile.
        {
            updating = chain.UnaryServerHandler(
                new V1.UpdateDatasetRequest { Dataset = new() { Name = tenant.Dataset } }, CallOf(Update, tenant), (request, _) =>
                {
                    updated = true;
                    return Task.FromResult(new V1.Dataset { Name = request.Dataset.Name });
                });
            await Task.Delay(300, Cancellation);
            Assert.AreEqual((false, false), (updating.IsCompleted, updated));
        }

        await updating;

        Assert.IsTrue(updated);
        var entries = await server.Get<AuditTrail>().ListAsync(tenant.Project, new AuditFilter(), null, 2, Cancellation);
        CollectionAssert.AreEqual(new[] { $"{Update} OK", $"{Update} BEGUN" }, entries.Select(e => $"{e.Event.Method} {e.Event.Outcome}").ToArray());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task A_change_is_made_while_the_disk_takes_its_entry_and_answered_when_it_has(bool takes)
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        await SettledAsync(server, tenant);
        var disk = new SlowDisk(new SqliteAuditAdder(server.Get<SqliteDataSource>()));
        await using var trail = new AuditTrail(
            server.Get<SqliteDataSource>(), server.Get<LedgerKey>(), server.Get<ILedgerAnchor>(), TimeProvider.System, NullLogger<AuditTrail>.Instance, disk);
        var auditor = new Auditor(trail);
        var context = CallOf(Update, tenant);
        new Caller(tenant.User, UserRole.User, AccessScope.Admin, "", DateTimeOffset.MaxValue).AttachTo(context);
        var rule = RpcRules.ByMethod[context.Method];

        await auditor.BeginAsync(context, rule, new V1.UpdateDatasetRequest { Dataset = new() { Name = tenant.Dataset } }); // And now the change is made.
        var answer = auditor.EndAsync(context, tenant.Dataset, "", error: null).AsTask();
        var isAnswered = answer.IsCompleted;

        if (takes) disk.Held.SetResult();
        else disk.Held.SetException(new IOException("The disk is gone."));
        if (takes) await answer;
        else await RefusedAsync(StatusCode.Unavailable, "NOT_AUDITED", () => answer);
        Assert.IsFalse(isAnswered);
    }

    [TestMethod]
    public async Task A_trail_whose_end_the_disk_does_not_take_is_not_there_for_now_and_no_fault_of_the_server()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        await SettledAsync(server, tenant);
        var disk = new SlowDisk(new SqliteAuditAdder(server.Get<SqliteDataSource>()));
        disk.Held.SetException(new IOException("The disk is gone."));
        var (database, key, anchor) = (server.Get<SqliteDataSource>(), server.Get<LedgerKey>(), server.Get<ILedgerAnchor>());
        await using var trail = new AuditTrail(database, key, anchor, TimeProvider.System, NullLogger<AuditTrail>.Instance, disk);
        var service = ActivatorUtilities.CreateInstance<AuditService>(server.Services, trail);
        var evidence = new TrailEvidence(trail, TimeProvider.System);
        var chain = InterceptorChain.Of(server.Services, name => name is "ErrorInterceptor");

        await RefusedAsync(StatusCode.Unavailable, "STORAGE_UNAVAILABLE", VerifyAsync);
        await RefusedAsync(StatusCode.Unavailable, "STORAGE_UNAVAILABLE", PackAsync);

        Assert.IsTrue(server.Logs.Contains($"the end of the audit trail of {tenant.Project} on the disk"));

        Task VerifyAsync() => chain.UnaryServerHandler<V1.VerifyAuditTrailRequest, V1.AuditFindings>(
            new() { Parent = tenant.Project }, CallOf("AuditService/VerifyAuditTrail", tenant), service.VerifyAuditTrail);

        Task PackAsync() => chain.UnaryServerHandler<V1.CreateEvidencePackRequest, V1.EvidencePack>(
            new() { Parent = tenant.Project }, CallOf("EvidenceService/CreateEvidencePack", tenant), async (_, call) =>
            {
                await evidence.ReadAsync(tenant.Project, call.CancellationToken);
                return new V1.EvidencePack();
            });
    }

    [TestMethod]
    public async Task What_a_server_that_dies_after_the_effect_leaves_says_who_began_what_and_evidence_tells_of_it()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var evidence = Server.Get<TrailEvidence>();
        var before = await evidence.ReadAsync(tenant.Project, Cancellation);

        // Without what makes errors nothing after the service is carried out, as in a process that is killed there.
        var chain = InterceptorChain.Of(Server.Services, name => name is "AuditInterceptor" or "AccessInterceptor");
        await Assert.ThrowsExactlyAsync<NotSupportedException>(() => chain.UnaryServerHandler<V1.UpdateDatasetRequest, V1.Dataset>(
            new() { Dataset = new() { Name = tenant.Dataset } }, CallOf(Update, tenant), (_, _) => throw new NotSupportedException("killed")));

        var left = (await Server.Get<AuditTrail>().ListAsync(tenant.Project, new AuditFilter { Method = Update }, null, 10, Cancellation)).Single().Event;
        Assert.AreEqual((tenant.User, tenant.Dataset, "BEGUN"), (left.Actor, left.Resource, left.Outcome));
        var after = await evidence.ReadAsync(tenant.Project, Cancellation);
        Assert.AreEqual((0, before.Done.Values.Sum(), before.Refused.Values.Sum()), (after.Unended, after.Done.Values.Sum(), after.Refused.Values.Sum()), "It may still be carried out.");
        Assert.AreEqual(1, await UnendedAsync(hours: 2));
        foreach (var method in (string[])["UploadService/WriteUpload", "GeneratorService/ImportGenerator"])
        {
            await Server.Get<AuditTrail>().AppendAsync(
                tenant.Project,
                new() { Actor = tenant.User, Method = method, Resource = tenant.Upload, Outcome = AuditEvent.BegunOutcome });
        }

        Assert.AreEqual(1, await UnendedAsync(hours: 23), "What moves bytes may still do so.");
        Assert.AreEqual(3, await UnendedAsync(hours: 25));

        async Task<long> UnendedAsync(int hours) =>
            (await new TrailEvidence(Server.Get<AuditTrail>(), new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(hours)))
                .ReadAsync(tenant.Project, Cancellation)).Unended;
    }

    [TestMethod]
    public async Task Of_work_that_goes_on_when_its_caller_left_and_the_server_stops_the_trail_does_not_say_that_it_was_cancelled()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        var chain = InterceptorChain.Of(server.Services, name => name != "TelemetryInterceptor");
        using var leaving = new CancellationTokenSource();
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource<V1.Dataset>());
        var request = new V1.UpdateDatasetRequest { Dataset = new() { Name = tenant.Dataset }, RequestId = Guid.NewGuid().ToString() };
        var call = chain.UnaryServerHandler(request, CallOf(Update, tenant, leaving.Token), (_, _) =>
        {
            begun.SetResult();
            return end.Task;
        });
        await begun.Task.WaitAsync(Cancellation);

        await leaving.CancelAsync();
        server.Get<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();

        await RefusedAsync(StatusCode.Cancelled, null, () => call);
        end.SetResult(new V1.Dataset { Name = tenant.Dataset });
        var left = (await server.Get<AuditTrail>().ListAsync(tenant.Project, new AuditFilter { Method = Update }, null, 10, Cancellation)).Single().Event;
        Assert.AreEqual((tenant.User, "BEGUN", request.RequestId), (left.Actor, left.Outcome, left.RequestId), "It was carried out a moment later.");
    }

    [TestMethod]
    public async Task Evidence_counts_a_call_once_although_it_has_two_entries_or_its_end_was_written_twice()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await client.Datasets.UpdateDatasetAsync(new() { Dataset = new() { Name = tenant.Dataset, DisplayName = "Other" } });
        var end = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, PageSize = 1 })).AuditEntries.Single();
        await Server.Get<AuditTrail>().AppendAsync(
            tenant.Project, new() { Actor = tenant.User, Method = Update, Resource = tenant.Dataset, Outcome = "OK", Begun = end.Begun });

        var facts = await Server.Get<TrailEvidence>().ReadAsync(tenant.Project, Cancellation);

        Assert.AreEqual((1, 0), (facts.Done[Update], facts.Unended));
        Assert.IsFalse(facts.Done.ContainsKey("BEGUN") || facts.Refused.ContainsKey("BEGUN"));
    }

    [TestMethod]
    public async Task An_upload_begins_with_the_first_message_that_names_it()
    {
        var (client, project) = await OwnerAsync();
        using var closing = client;
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        using (var call = client.Uploads.WriteUpload(cancellationToken: Cancellation))
        {
            await call.RequestStream.WriteAsync(new() { Name = upload.Name, Data = Google.Protobuf.ByteString.CopyFromUtf8("a,b\n1,2\n") }, Cancellation);
            await call.RequestStream.WriteAsync(new() { Name = upload.Name, Offset = 8, Finish = true }, Cancellation);
            await call.RequestStream.CompleteAsync();
            await call;
        }

        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project, Filter = new() { Method = "UploadService/WriteUpload" } })).AuditEntries;

        CollectionAssert.AreEqual(new[] { ("OK", upload.Name), ("BEGUN", upload.Name) }, noted.Select(e => (e.Outcome, e.Resource)).ToArray());
        Assert.AreEqual(noted[1].Sequence, noted[0].Begun);
    }

    [TestMethod]
    public async Task A_piece_of_an_upload_leaves_one_entry_durable_before_its_answer()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var piece = new V1.UploadChunkRequest { Name = tenant.Upload, Body = new() { Data = Google.Protobuf.ByteString.CopyFromUtf8("a,b\n1,2\n") } };
        await client.Uploads.UploadChunkAsync(piece);

        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = "UploadService/UploadChunk" } })).AuditEntries.Single();

        Assert.AreEqual(("OK", tenant.Upload, 0), (noted.Outcome, noted.Resource, noted.Begun));
        await ExecuteAsync(server, $"CREATE TRIGGER away BEFORE INSERT ON audit_entries WHEN NEW.chain = '{tenant.Project}' BEGIN SELECT RAISE(ABORT, 'away'); END");
        piece.Offset = piece.Body.Data.Length;
        await RefusedAsync(StatusCode.Unavailable, "NOT_AUDITED", () => client.Uploads.UploadChunkAsync(piece).ResponseAsync);
    }

    private MadeUpCall CallOf(string method, Tenant tenant) => CallOf(method, tenant, Cancellation);

    private static MadeUpCall CallOf(string method, Tenant tenant, CancellationToken left)
    {
        var context = new MadeUpCall($"/synthstudio.v1.{method}", left);
        context.GetHttpContext().Request.Headers.Authorization = $"Bearer {tenant.Key}";
        return context;
    }

    /// <summary>Waits until what its calls left to be written is.</summary>
    private Task<AuditFindings> SettledAsync(ApiServer server, Tenant tenant) => server.Get<AuditTrail>().VerifyAsync(tenant.Project, Cancellation);

    private async Task ExecuteAsync(ApiServer server, string statement)
    {
        await using var connection = await server.Get<SqliteDataSource>().OpenConnectionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>A disk that keeps who synchronises it waiting.</summary>
    private sealed class SlowDisk(IAuditAdder own) : IAuditAdder
    {
        public TaskCompletionSource Held { get; } = new();

        public Task<IReadOnlyList<string>> AddAsync(
            IReadOnlyDictionary<string, (AuditEnd Was, AuditEnd Is)> ends, IReadOnlyList<NewLine> lines, CancellationToken cancellation) =>
            own.AddAsync(ends, lines, cancellation);

        public async Task SyncAsync(IReadOnlyDictionary<string, AuditEnd> written)
        {
            await Held.Task;
            await own.SyncAsync(written);
        }

        public void Dispose() => own.Dispose();
    }
}
