using System.Text;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Mapping;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Tests.Access;

/// <summary>What was done, and what was refused, is in the trail of whom it concerns; what only looks at names is not.</summary>
[TestClass]
public sealed class AuditTests : ApiTest
{
    [TestMethod]
    public void Of_a_line_that_nobody_can_read_no_time_is_told()
    {
        var unreadable = new AuditEntry(3, DateTimeOffset.UnixEpoch, new AuditEvent { Actor = "", Method = "", Outcome = AuditEvent.UnreadableOutcome });

        Assert.AreEqual(new V1.AuditEntry { Sequence = 3, Outcome = "UNREADABLE" }, unreadable.ToProto());
    }

    [TestMethod]
    public async Task Changes_and_looks_at_real_data_are_noted_with_who_and_how_they_ended()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var request = Guid.NewGuid().ToString();
        await client.Datasets.UpdateDatasetAsync(new() { Dataset = new() { Name = tenant.Dataset, DisplayName = "Secret name" }, RequestId = request });
        await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset });
        await client.Datasets.GetDatasetProfileAsync(new() { Name = $"{tenant.Dataset}/profile" }).ResponseAsync.ContinueWith(_ => { }, Cancellation);
        await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator, ValidateOnly = true });
        await RefusedAsync(StatusCode.FailedPrecondition, null, () => client.Generators.PauseGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);

        var entries = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project })).AuditEntries;

        CollectionAssert.AreEqual(
            new[]
            {
                "ProjectService/CreateProject", "UploadService/CreateUpload", "GeneratorService/CreateGenerator", "DatasetService/UpdateDataset",
                "DatasetService/GetDatasetProfile", "GeneratorService/PauseGenerator",
            },
            entries.Reverse().Where(e => e.Outcome != AuditEvent.BegunOutcome).Select(e => e.Method).ToArray());
        var update = entries.Single(e => e.Method == "DatasetService/UpdateDataset" && e.Begun > 0);
        Assert.AreEqual((tenant.User, tenant.Dataset, "OK", request), (update.Actor, update.Resource, update.Outcome, update.RequestId));
        Assert.AreEqual(tenant.ApiKey.Split('/')[^1], update.Credential);
        Assert.IsTrue(System.Net.IPAddress.TryParse(update.Address, out _), update.Address);
        Assert.AreEqual(tenant.Generator, entries.Single(e => e.Method == "GeneratorService/CreateGenerator" && e.Begun > 0).Resource);
        Assert.AreEqual("FAILED_PRECONDITION", entries[0].Outcome);
        Assert.DoesNotContain("Secret name", entries.ToString(), "Names of things only, nothing that was sent.");
    }

    [TestMethod]
    public async Task What_was_made_is_noted_by_its_own_name_and_roles_and_scopes_with_it()
    {
        var tenant = await Tenant.CreateAsync(Server);
        var (guest, _) = await Server.UserAsync();
        using var client = Server.Client(tenant.Key);
        using var admin = Server.Client(Server.AdminKey);
        var key = await client.Identity.CreateApiKeyAsync(new() { Parent = tenant.User, ApiKey = new() { DisplayName = "Secret name" } });
        var webhook = await client.Webhooks.CreateWebhookAsync(new() { Parent = tenant.Project, Webhook = new() { Url = "https://example.org/hook" } });
        var serviceKey = await client.ServiceAccounts.CreateServiceAccountKeyAsync(
            new() { Parent = tenant.ServiceAccount, ApiKey = new() { Scope = V1.Scope.Read } });
        var member = await client.Projects.SetProjectMemberAsync(
            new() { Parent = tenant.Project, Member = new() { User = guest, Role = V1.ProjectRole.Auditor } });
        await RefusedAsync(StatusCode.NotFound, null, () => client.Projects.SetProjectMemberAsync(
            new() { Parent = tenant.Project, Member = new() { User = "users/nobody-here", Role = V1.ProjectRole.Owner } }).ResponseAsync);
        var invitation = await client.Invitations.CreateInvitationAsync(
            new() { Parent = tenant.Project, Invitation = new() { Email = $"g{Guid.NewGuid():N}@example.org", Role = V1.ProjectRole.Editor } });
        var address = $"i{Guid.NewGuid():N}@example.org";
        await admin.Accounts.InviteUserAsync(new() { Email = address, Role = V1.UserRole.Admin, User = guest });
        await client.Projects.TransferProjectAsync(new() { Name = tenant.Project, User = guest });

        Assert.AreEqual((key.ApiKey.Name, "scope=write"), await OfServerAsync(tenant.User, "IdentityService/CreateApiKey"));
        Assert.AreEqual((guest, "role=admin"), await OfServerAsync("users/admin", "AccountService/InviteUser"));
        Assert.AreEqual((webhook.Webhook.Name, ""), await OfProjectAsync("WebhookService/CreateWebhook"));
        Assert.AreEqual((serviceKey.ApiKey.Name, $"scope=read account={tenant.ServiceAccount}"), await OfProjectAsync("ServiceAccountService/CreateServiceAccountKey"));
        Assert.AreEqual((member.Name, "role=auditor"), await OfProjectAsync("ProjectService/SetProjectMember", "OK"));
        Assert.AreEqual((tenant.Project, "role=owner"), await OfProjectAsync("ProjectService/SetProjectMember", "NOT_FOUND"));
        Assert.AreEqual((invitation.Name, "role=editor"), await OfProjectAsync("InvitationService/CreateInvitation"));
        Assert.AreEqual((tenant.Project, $"owner={guest}"), await OfProjectAsync("ProjectService/TransferProject"));
        Assert.IsTrue((await admin.Audit.VerifyServerAuditTrailAsync(new() { Project = tenant.Project })).Sound);

        async Task<(string, string)> OfProjectAsync(string method, string outcome = "OK")
        {
            var entries = (await admin.Audit.ListServerAuditEntriesAsync(
                new() { Project = tenant.Project, Filter = new() { Method = method, Outcome = outcome } })).AuditEntries;
            Assert.DoesNotContain("example.org", entries.ToString(), "No addresses.");
            return (entries.Single().Resource, entries.Single().Detail);
        }

        async Task<(string, string)> OfServerAsync(string actor, string method)
        {
            var entries = (await admin.Audit.ListServerAuditEntriesAsync(new()
            {
                Filter = new() { Actor = actor, Method = method, Outcome = "OK", Resource = actor == tenant.User ? tenant.User : guest },
            })).AuditEntries;
            Assert.DoesNotContain("Secret name", entries.ToString());
            Assert.DoesNotContain(address, entries.ToString());
            return (entries.Single().Resource, entries.Single().Detail);
        }
    }

    [TestMethod]
    public async Task Who_is_refused_is_noted_where_it_concerns()
    {
        var (tenant, stranger) = (await Tenant.CreateAsync(Server), await Tenant.CreateAsync(Server));
        var (viewer, viewerKey) = await Server.UserAsync();
        using var owner = Server.Client(tenant.Key);
        await owner.Projects.SetProjectMemberAsync(new() { Parent = tenant.Project, Member = new() { User = viewer, Role = V1.ProjectRole.Viewer } });
        using var asViewer = Server.Client(viewerKey);
        using var asStranger = Server.Client(stranger.Key);
        await RefusedAsync(StatusCode.PermissionDenied, "ROLE_TOO_LOW", () => asViewer.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => asStranger.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);

        var seen = (await owner.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Method = "DatasetService/DeleteDataset" } })).AuditEntries.Single();
        Assert.AreEqual((viewer, "PERMISSION_DENIED", "ROLE_TOO_LOW"), (seen.Actor, seen.Outcome, seen.Reason), "A stranger writes nothing into others' trails.");
        using var admin = Server.Client(Server.AdminKey);
        var elsewhere = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Actor = stranger.User, Method = "DatasetService/DeleteDataset" } })).AuditEntries;
        Assert.AreEqual((tenant.Dataset, "NOT_FOUND"), (elsewhere.Single().Resource, elsewhere.Single().Outcome));
    }

    [TestMethod]
    public async Task A_download_is_noted_before_it_begins_and_users_and_sign_ins_in_the_servers_trail()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        using (var call = client.Evaluations.DownloadEvaluationReport(new() { Name = $"{tenant.Evaluation}/report", Format = V1.ReportFormat.Json }, cancellationToken: Cancellation))
        {
            await call.ResponseStream.MoveNext(Cancellation).ContinueWith(_ => { }, Cancellation);
        }

        await client.Identity.CreateTokenAsync(new() { ApiKey = tenant.Key });

        var download = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project })).AuditEntries[0];
        Assert.AreEqual(("EvaluationService/DownloadEvaluationReport", "OK"), (download.Method, download.Outcome));
        using var admin = Server.Client(Server.AdminKey);
        var signIn = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Actor = tenant.User, Method = "IdentityService/CreateToken" } })).AuditEntries;
        Assert.HasCount(1, signIn);
    }

    [TestMethod]
    public async Task The_trail_is_verified_exported_and_read_page_by_page()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var first = await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, PageSize = 2 });
        var second = await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, PageSize = 2, PageToken = first.NextPageToken });
        CollectionAssert.AreEqual(new long[] { 5, 4, 3, 2 }, first.AuditEntries.Concat(second.AuditEntries).Select(e => e.Sequence).ToArray());

        var found = await client.Audit.VerifyAuditTrailAsync(new() { Parent = tenant.Project });
        Assert.IsTrue(found.Sound);
        Assert.AreEqual((5, 5, tenant.Project), (found.Entries, found.Head.Sequence, found.Head.Chain));

        var text = new StringBuilder();
        using (var call = client.Audit.ExportAuditTrail(new() { Parent = tenant.Project }))
        {
            await foreach (var piece in call.ResponseStream.ReadAllAsync(Cancellation)) text.Append(piece.Data.ToStringUtf8());
        }

        var checkedTrail = await AuditExport.VerifyAsync(new StringReader(text.ToString()), found.PublicKeyPem, Cancellation);
        Assert.AreEqual((true, 5), (checkedTrail.IsSound, checkedTrail.Lines));
    }

    [TestMethod]
    public async Task A_trail_that_was_rewritten_is_not_exported_with_the_servers_signature()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        await EventuallyAsync(
            () => client.Audit.VerifyAuditTrailAsync(new() { Parent = tenant.Project }).ResponseAsync,
            found => found.AnchoredSequence == found.Entries);
        var trail = server.Get<AuditTrail>();
        var lines = new List<(long Sequence, string Line, byte[] Hash)>();
        await foreach (var line in trail.LinesAsync(tenant.Project, cancellation: Cancellation)) lines.Add(line);
        var forged = lines[^1].Line.Replace(tenant.User, "users/innocent", StringComparison.Ordinal);
        var hash = new byte[AuditLine.HashBytes];
        AuditLine.Hash(lines[^2].Hash, forged, hash);
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(server.Folder, "catalog.db")}"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                UPDATE audit_entries SET line = @line, hash = @hash WHERE chain = @chain AND sequence = @sequence;
                UPDATE audit_chains SET head_hash = @hash WHERE name = @chain
                """;
            command.Parameters.AddWithValue("@line", forged);
            command.Parameters.AddWithValue("@hash", hash);
            command.Parameters.AddWithValue("@chain", tenant.Project);
            command.Parameters.AddWithValue("@sequence", lines[^1].Sequence);
            Assert.AreEqual(2, await command.ExecuteNonQueryAsync(Cancellation));
        }

        using var admin = server.Client(server.AdminKey);
        foreach (var export in (Func<AsyncServerStreamingCall<Google.Api.HttpBody>>[])
        [
            () => client.Audit.ExportAuditTrail(new() { Parent = tenant.Project }),
            () => admin.Audit.ExportServerAuditTrail(new() { Project = tenant.Project }),
        ])
        {
            await RefusedAsync(StatusCode.FailedPrecondition, "AUDIT_TRAIL_UNSOUND", async () =>
            {
                using var call = export();
                await call.ResponseStream.MoveNext(Cancellation);
            });
        }
    }

    [TestMethod]
    public async Task A_restored_database_is_accepted_by_administrators_with_a_reason_over_grpc_and_json()
    {
        await using var server = await ApiServer.StartAsync();
        var tenant = await Tenant.CreateAsync(server);
        using var owner = server.Client(tenant.Key);
        using var admin = server.Client(server.AdminKey);
        var request = new V1.AcceptAuditRestoreRequest { Project = tenant.Project, Reason = "Backup of 02:00 put back", LastKeptSequence = 1 };
        var whole = await EventuallyAsync(
            () => owner.Audit.VerifyAuditTrailAsync(new() { Parent = tenant.Project }).ResponseAsync,
            found => found.AnchoredSequence == found.Entries);
        await RefusedAsync(StatusCode.FailedPrecondition, "NOTHING_TO_ACCEPT", () => admin.Audit.AcceptAuditRestoreAsync(request).ResponseAsync);
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(server.Folder, "catalog.db")}"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                DELETE FROM audit_entries WHERE chain = @chain AND sequence > 1;
                UPDATE audit_chains SET head_sequence = 1, head_hash = (SELECT hash FROM audit_entries WHERE chain = @chain AND sequence = 1) WHERE name = @chain
                """;
            command.Parameters.AddWithValue("@chain", tenant.Project);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await RefusedAsync(StatusCode.PermissionDenied, null, () => owner.Audit.AcceptAuditRestoreAsync(request).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => admin.Audit.AcceptAuditRestoreAsync(
            new() { Project = tenant.Project, Reason = "because" }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => admin.Audit.AcceptAuditRestoreAsync(new(request) { LastKeptSequence = 2 }).ResponseAsync);
        using (var http = server.Http(server.AdminKey))
        using (var body = new StringContent($$"""{"project":"{{tenant.Project}}","reason":"{{request.Reason}}","validateOnly":true}""", Encoding.UTF8, "application/json"))
        {
            var asked = await http.PostAsync(new Uri("/v1/auditTrail:acceptRestore", UriKind.Relative), body, Cancellation);
            Assert.Contains($"Lines up to {whole.Entries}, which were signed, are lost", await asked.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.IsFalse((await owner.Audit.VerifyAuditTrailAsync(new() { Parent = tenant.Project })).Sound, "Only asked.");
        var accepted = await admin.Audit.AcceptAuditRestoreAsync(request);

        var found = await owner.Audit.VerifyAuditTrailAsync(new() { Parent = tenant.Project });
        Assert.AreEqual((true, whole.Entries + 1), (found.Sound, found.AnchoredSequence), string.Join("; ", found.Faults));
        var restore = found.Restores.Single();
        Assert.AreEqual(accepted, restore);
        Assert.AreEqual((whole.Entries + 1, request.Reason, 1, true), (restore.Sequence, restore.Reason, restore.LastKeptSequence, restore.LastKeptKnown));
        Assert.AreEqual(
            (whole.Head.Chain, whole.Head.Sequence, whole.Head.Sha256),
            (restore.SignedHead.Chain, restore.SignedHead.Sequence, restore.SignedHead.Sha256));
        var entry = (await owner.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project })).AuditEntries[0];
        Assert.AreEqual(("AuditService/AcceptAuditRestore", restore.Actor, restore.Sequence), (entry.Method, entry.Actor, entry.Sequence));
        var noted = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Method = "AuditService/AcceptAuditRestore", Outcome = "OK" } })).AuditEntries;
        Assert.HasCount(1, noted);
        await RefusedAsync(StatusCode.FailedPrecondition, "NOTHING_TO_ACCEPT", () => admin.Audit.AcceptAuditRestoreAsync(request).ResponseAsync);

        var pack = await server.Get<Api.Evidence.TrailEvidence>().ReadAsync(tenant.Project, Cancellation);
        Assert.Contains($"Lines 2 to {whole.Entries}, which were signed, are lost. Accepted by {restore.Actor}", pack.Restores.Single());
    }

    [TestMethod]
    public async Task Trails_of_the_server_and_of_projects_that_are_gone_are_exported_for_administrators()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using (var client = Server.Client(tenant.Key)) await client.Projects.DeleteProjectAsync(new() { Name = tenant.Project });
        using var admin = Server.Client(Server.AdminKey);
        foreach (var (project, chain) in ((string, string)[])[("", AuditTrail.Server), (tenant.Project, tenant.Project)])
        {
            var text = new StringBuilder();
            using (var call = admin.Audit.ExportServerAuditTrail(new() { Project = project }))
            {
                await foreach (var piece in call.ResponseStream.ReadAllAsync(Cancellation)) text.Append(piece.Data.ToStringUtf8());
            }

            var found = await admin.Audit.VerifyServerAuditTrailAsync(new() { Project = project });
            var exported = await AuditExport.VerifyAsync(new StringReader(text.ToString()), found.PublicKeyPem, Cancellation);
            Assert.IsTrue(exported.IsSound, string.Join("; ", exported.Faults));
            Assert.AreEqual(chain, exported.Head!.Chain);
            Assert.IsGreaterThanOrEqualTo(1, exported.Lines);
            Assert.AreEqual(project.Length > 0, text.ToString().Contains("ProjectService/DeleteProject", StringComparison.Ordinal) && exported.Head.Chain == tenant.Project);
        }

        using var stranger = Server.Client(tenant.Key);
        await RefusedAsync(StatusCode.PermissionDenied, null, async () =>
        {
            using var call = stranger.Audit.ExportServerAuditTrail(new() { Project = tenant.Project });
            await call.ResponseStream.MoveNext(Cancellation);
        });
    }

    [TestMethod]
    public async Task A_call_comes_from_where_a_trusted_proxy_says_and_no_other()
    {
        await using var behind = await ApiServer.StartAsync(options => options.TrustedProxies.Add("127.0.0.0/8"));
        foreach (var (server, expected) in ((ApiServer, string)[])[(behind, "203.0.113.7"), (Server, "127.0.0.1")])
        {
            using var admin = server.Client(server.AdminKey);
            var user = await admin.Identity.CreateUserAsync(new(){ User = new() }, new Metadata { { "x-forwarded-for", "198.51.100.1, 203.0.113.7" } });
            var noted = (await admin.Audit.ListServerAuditEntriesAsync(new() { Filter = new() { Resource = user.Name } })).AuditEntries.Single();
            Assert.AreEqual(expected, noted.Address);
        }
    }

    [TestMethod]
    public void Every_call_that_is_more_than_reading_is_audited()
    {
        var unnoted = RpcRules.ByMethod
            .Where(rule => rule.Value.Audited == Audited.No && rule.Value.Scope != Identity.AccessScope.Read
                && rule.Value.Audience is not Audience.Public)
            .Select(rule => rule.Key[(rule.Key.LastIndexOf('.') + 1)..]).Order(StringComparer.Ordinal);

        CollectionAssert.AreEqual(
            new[]
            {
                "AuditService/ExportServerAuditTrail", "AuditService/ListServerAuditEntries", "AuditService/VerifyServerAuditTrail", "ClusterService/GetCluster", "ClusterService/ListUsage", "IdentityService/ListUsers", "ProjectService/PreviewRetention", "UploadService/GetUpload", "UploadService/ListUploads",
                "WebhookService/GetWebhook", "WebhookService/ListWebhooks", "WebhookService/GetWebhookDelivery", "WebhookService/ListWebhookDeliveries",
                "InvitationService/GetInvitation", "InvitationService/ListInvitations", "ServiceAccountService/ListServiceAccounts", "ServiceAccountService/ListServiceAccountKeys",
                "ConnectionService/GetConnection", "ConnectionService/ListConnections", "TransferService/GetTransfer", "TransferService/ListTransfers",
            }.Order(StringComparer.Ordinal).ToArray(),
            unnoted.ToArray());
    }
}
