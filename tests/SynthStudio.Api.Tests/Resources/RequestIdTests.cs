using Google.Protobuf;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Tests.Resources;

[TestClass]
public sealed class RequestIdTests : ApiTest
{
    [TestMethod]
    public async Task The_same_request_gets_the_same_answer()
    {
        var (client, _) = await OwnerAsync();
        var request = new V1.CreateProjectRequest { Project = new() { DisplayName = "once" }, RequestId = Guid.NewGuid().ToString() };

        var first = await client.Projects.CreateProjectAsync(request);
        var second = await client.Projects.CreateProjectAsync(request);

        Assert.AreEqual(first, second);
        Assert.HasCount(2, (await client.Projects.ListProjectsAsync(new())).Projects);
    }

    [TestMethod]
    public async Task Another_request_under_the_same_id_is_refused()
    {
        var (client, _) = await OwnerAsync();
        var id = Guid.NewGuid().ToString();
        await client.Projects.CreateProjectAsync(new() { Project = new() { DisplayName = "a" }, RequestId = id });

        await RefusedAsync(StatusCode.InvalidArgument, "REQUEST_ID_REUSED",
            () => client.Projects.CreateProjectAsync(new() { Project = new() { DisplayName = "b" }, RequestId = id }).ResponseAsync);
    }

    [TestMethod]
    public async Task Ids_of_different_callers_are_different()
    {
        var (first, _) = await OwnerAsync();
        var (second, _) = await OwnerAsync();
        var request = new V1.CreateProjectRequest { Project = new() { DisplayName = "mine" }, RequestId = Guid.NewGuid().ToString() };

        Assert.AreNotEqual((await first.Projects.CreateProjectAsync(request)).Name, (await second.Projects.CreateProjectAsync(request)).Name);
    }

    [TestMethod]
    public async Task A_failed_request_may_be_repeated()
    {
        var (client, _) = await OwnerAsync();
        var id = Guid.NewGuid().ToString();
        var request = new V1.CreateProjectRequest { Project = new() { DisplayName = new string('x', 1000) }, RequestId = id };
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Projects.CreateProjectAsync(request).ResponseAsync);

        request.Project.DisplayName = "short";
        Assert.AreEqual("short", (await client.Projects.CreateProjectAsync(request)).DisplayName);
    }

    [TestMethod]
    public async Task An_id_that_is_no_uuid_is_refused()
    {
        var (client, _) = await OwnerAsync();

        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD",
            () => client.Projects.CreateProjectAsync(new() { Project = new(), RequestId = "again" }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_creation_that_died_half_way_is_completed_by_its_repeat()
    {
        // What a crash after the data set's row and before the upload leaves behind: the claim is gone, the row is there.
        var (client, project) = await OwnerAsync();
        var request = new V1.CreateUploadRequest { Parent = project, Upload = new() { FileName = "t.csv" }, RequestId = Guid.NewGuid().ToString() };
        var whole = await client.Uploads.CreateUploadAsync(request);
        await ForgetAsync(request.RequestId);

        var again = await client.Uploads.CreateUploadAsync(request);

        Assert.AreEqual(whole.Name, again.Name);
        Assert.AreEqual(whole.Dataset, again.Dataset);
        Assert.HasCount(1, (await client.Datasets.ListDatasetsAsync(new() { Parent = project })).Datasets);
    }

    [TestMethod]
    public async Task A_creation_whose_job_has_ended_before_the_repeat_is_answered_with_what_it_made()
    {
        // The first call's answer did not come within its time, and its claim was given free; its job went on.
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var trained = await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator });
        await (await Server.Worker.TakeAsync(trained.Training.Name)).CompleteAsync(("model", "model"));
        var drawing = new V1.CreateSyntheticDatasetRequest
        {
            Parent = tenant.Project, SyntheticDataset = new() { Generator = tenant.Generator, Rows = 3 },
            RequestId = Guid.NewGuid().ToString(),
        };
        var drawn = await client.Synthetics.CreateSyntheticDatasetAsync(drawing);
        await (await Server.Worker.TakeAsync(drawn.Job)).FailAsync("NO_GOOD");
        await EventuallyAsync(
            async () => await client.Synthetics.GetSyntheticDatasetAsync(new() { Name = drawn.Name }),
            s => s.State == V1.SyntheticDatasetState.Failed);
        await ForgetAsync(drawing.RequestId);

        var again = await client.Synthetics.CreateSyntheticDatasetAsync(drawing);

        Assert.AreEqual((drawn.Name, drawn.Job, V1.SyntheticDatasetState.Failed), (again.Name, again.Job, again.State));
        drawing.SyntheticDatasetId = drawn.Name.Split('/')[^1];
        drawing.RequestId = Guid.NewGuid().ToString();
        await RefusedAsync(StatusCode.AlreadyExists, "RESOURCE_EXISTS", () => client.Synthetics.CreateSyntheticDatasetAsync(drawing).ResponseAsync);
    }

    [TestMethod]
    public async Task An_upload_whose_completion_died_before_it_was_noted_is_complete_for_who_asks_again()
    {
        var (client, project) = await OwnerAsync();
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        await client.Uploads.UploadChunkAsync(new() { Name = upload.Name, Body = new() { Data = ByteString.CopyFromUtf8("a,b\n1,2\n") } });
        var dataset = await client.Uploads.CompleteUploadAsync(new() { Name = upload.Name });
        Assert.AreEqual(1, await ExecuteAsync($"UPDATE uploads SET state = 'Open', committed_size = 0 WHERE name = '{upload.Name}'"));

        Assert.AreEqual(8, (await client.Uploads.GetUploadAsync(new() { Name = upload.Name })).CommittedSize);
        using var call = client.Uploads.WriteUpload();
        await call.RequestStream.WriteAsync(new() { Name = upload.Name, Offset = 8, Finish = true });
        await call.RequestStream.CompleteAsync();
        Assert.AreEqual(dataset.Name, (await call).Dataset.Name);
        Assert.AreEqual(V1.UploadState.Completed, (await client.Uploads.GetUploadAsync(new() { Name = upload.Name })).State);
    }

    [TestMethod]
    public async Task After_a_crash_a_repeat_is_carried_out_at_once()
    {
        // What a crash after the work and before its answer was kept leaves behind: a claim of a process that is gone.
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var upload = new V1.CreateUploadRequest { Parent = tenant.Project, Upload = new() { FileName = "t.csv" }, RequestId = Guid.NewGuid().ToString() };
        var training = new V1.TrainGeneratorRequest { Name = tenant.Generator, RequestId = Guid.NewGuid().ToString() };
        var uploaded = await client.Uploads.CreateUploadAsync(upload);
        var trained = await client.Generators.TrainGeneratorAsync(training);
        Assert.AreEqual(2, await ExecuteAsync(
            $"UPDATE request_ids SET response = NULL, owner = 'dead' WHERE request_id IN ('{upload.RequestId}', '{training.RequestId}')"));

        Assert.AreEqual(uploaded.Name, (await client.Uploads.CreateUploadAsync(upload)).Name);
        Assert.AreEqual(trained.Training.Name, (await client.Generators.TrainGeneratorAsync(training)).Training.Name);
    }

    [TestMethod]
    public async Task A_removal_whose_answer_was_lost_is_done_for_who_repeats_it_and_for_nobody_else()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var removal = new V1.DeleteWebhookRequest { Name = tenant.Webhook, RequestId = Guid.NewGuid().ToString() };
        await client.Webhooks.DeleteWebhookAsync(removal);
        Assert.AreEqual(1, await ExecuteAsync($"UPDATE request_ids SET response = NULL, owner = 'dead' WHERE request_id = '{removal.RequestId}'"));

        await client.Webhooks.DeleteWebhookAsync(removal);

        removal.RequestId = Guid.NewGuid().ToString();
        for (var call = 1; call <= 2; call++) await RefusedAsync(StatusCode.NotFound, null, () => client.Webhooks.DeleteWebhookAsync(removal).ResponseAsync);
    }

    [TestMethod]
    public async Task A_half_made_creation_is_taken_up_although_its_project_has_spent_its_accelerator_time_by_now()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        using var admin = Server.Client(Server.AdminKey);
        await client.Generators.UpdateGeneratorAsync(new() { Generator = new() { Name = tenant.Generator, Accelerator = "cuda" } });
        var training = new V1.TrainGeneratorRequest { Name = tenant.Generator, RequestId = Guid.NewGuid().ToString() };
        var drawing = new V1.CreateSyntheticDatasetRequest
        {
            Parent = tenant.Project, SyntheticDataset = new() { Generator = tenant.Generator, Rows = 3 },
            RequestId = Guid.NewGuid().ToString(),
        };
        var trained = await client.Generators.TrainGeneratorAsync(training);
        await (await Server.Worker.TakeAsync(trained.Training.Name)).CompleteAsync(("model", "model"));
        var drawn = await client.Synthetics.CreateSyntheticDatasetAsync(drawing);

        await admin.Cluster.SetProjectShareAsync(new() { Project = tenant.Project, MaxAcceleratorSecondsPerMonth = 60 });
        await ExecuteAsync($"INSERT INTO accelerator_leases VALUES ('{tenant.Project}/jobs/gpu', 1, '{tenant.Project}', 'Training', CAST(unixepoch('subsec') * 1000000 AS INTEGER), 60000)");
        Assert.AreEqual(2, await ExecuteAsync(
            $"UPDATE request_ids SET response = NULL, owner = 'dead' WHERE request_id IN ('{training.RequestId}', '{drawing.RequestId}')"));

        Assert.AreEqual(trained.Training.Name, (await client.Generators.TrainGeneratorAsync(training)).Training.Name);
        Assert.AreEqual(drawn.Name, (await client.Synthetics.CreateSyntheticDatasetAsync(drawing)).Name);
        drawing.RequestId = "";
        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => client.Synthetics.CreateSyntheticDatasetAsync(drawing).ResponseAsync);
        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);
    }

    [TestMethod]
    public async Task An_id_of_a_failed_request_is_free_again_soon_after_the_database_is()
    {
        // The database goes while the call runs: it can be told neither what came of it nor that the id is free.
        var (client, project) = await OwnerAsync();
        var request = new V1.TrainGeneratorRequest { Name = $"{project}/generators/none", RequestId = Guid.NewGuid().ToString() };
        await ExecuteAsync($"CREATE TRIGGER away BEFORE DELETE ON request_ids WHEN OLD.request_id = '{request.RequestId}' BEGIN SELECT RAISE(ABORT, 'away'); END");
        await RefusedAsync(StatusCode.NotFound, null, () => client.Generators.TrainGeneratorAsync(request).ResponseAsync);
        await RefusedAsync(StatusCode.Unavailable, "REQUEST_IN_PROGRESS", () => client.Generators.TrainGeneratorAsync(request).ResponseAsync);
        await ExecuteAsync("DROP TRIGGER away");

        var code = await EventuallyAsync(
            async () => (await Assert.ThrowsAsync<RpcException>(() => client.Generators.TrainGeneratorAsync(request).ResponseAsync)).StatusCode,
            answered => answered != StatusCode.Unavailable);

        Assert.AreEqual(StatusCode.NotFound, code);
    }

    [TestMethod]
    public async Task A_caller_who_left_and_asks_again_does_not_wait_for_the_call_it_left()
    {
        var (client, project) = await OwnerAsync();
        var request = new V1.CreateUploadRequest
        {
            Parent = project, Upload = new() { FileName = "t.csv", SchemaJson = FakeMethods.HangsOnce }, RequestId = Guid.NewGuid().ToString(),
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var call = client.Uploads.CreateUploadAsync(request, cancellationToken: leaving.Token).ResponseAsync;
        await Server.Get<FakeMethods>().Hangs.WaitAsync(Cancellation);
        await leaving.CancelAsync();
        Assert.AreEqual(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);

        var upload = await EventuallyAsync(
            async () =>
            {
                try
                {
                    return await client.Uploads.CreateUploadAsync(request);
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    return null; // The server has not heard yet that its caller left.
                }
            },
            made => made is not null);

        Assert.HasCount(1, (await client.Uploads.ListUploadsAsync(new() { Parent = project })).Uploads);
        Assert.AreEqual(V1.UploadState.Active, upload!.State);
    }

    [TestMethod]
    public async Task Work_that_outlives_its_caller_is_noted_as_it_really_ends_and_keeps_no_repeat_waiting()
    {
        var (user, _) = await Server.UserAsync();
        var chain = InterceptorChain.Of(Server.Services, name => name is not ("TelemetryInterceptor" or "AccessInterceptor"));
        var made = new V1.Project { Name = $"projects/late-{user[^12..]}" };
        var request = new V1.CreateProjectRequest { Project = new() { DisplayName = "late" }, RequestId = Guid.NewGuid().ToString() };
        using var leaving = new CancellationTokenSource();
        var end = new TaskCompletionSource<V1.Project>();
        var left = chain.UnaryServerHandler(request, CallOf(leaving.Token), (_, _) => end.Task);

        await leaving.CancelAsync();
        var repeated = await EventuallyAsync(
            async () =>
            {
                try
                {
                    return await chain.UnaryServerHandler(request, CallOf(Cancellation), (_, _) => Task.FromResult(made));
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
                {
                    return null; // The first call has not heard yet that its caller left.
                }
            },
            answer => answer is not null);
        Assert.AreEqual(1, await NotedAsync(), "Of the first nobody knows yet how it ends.");
        end.SetResult(made);

        Assert.AreEqual(repeated, await left);
        Assert.AreEqual(2, await NotedAsync());
        Assert.IsEmpty(await Server.Get<AuditTrail>().ListAsync(AuditTrail.Server, new AuditFilter { Actor = user, Outcome = "CANCELLED" }, null, 10, Cancellation));

        ServerCallContext CallOf(CancellationToken cancellation)
        {
            var context = new MadeUpCall("/synthstudio.v1.ProjectService/CreateProject", cancellation);
            new Caller(user, UserRole.User, AccessScope.Write, "key", DateTimeOffset.MaxValue).AttachTo(context);
            return context;
        }

        async Task<int> NotedAsync() => (await Server.Get<AuditTrail>()
            .ListAsync(made.Name, new AuditFilter { Actor = user, Outcome = "OK" }, null, 10, Cancellation)).Count;
    }

    [TestMethod]
    public async Task Concurrent_repeats_make_one_thing()
    {
        var (client, _) = await OwnerAsync();
        var request = new V1.CreateProjectRequest { Project = new() { DisplayName = "race" }, RequestId = Guid.NewGuid().ToString() };

        var calls = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return (await client.Projects.CreateProjectAsync(request)).Name;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                return null; // The first still runs: try again later.
            }
        }));

        Assert.HasCount(1, calls.OfType<string>().Distinct().ToList());
        Assert.HasCount(2, (await client.Projects.ListProjectsAsync(new())).Projects);
    }

    /// <summary>Forgets one, and none of the tests beside this one.</summary>
    private async Task ForgetAsync(string requestId) => Assert.AreEqual(1, await ExecuteAsync($"DELETE FROM request_ids WHERE request_id = '{requestId}'"));

    private async Task<int> ExecuteAsync(string statement)
    {
        await using var connection = await Server.Get<SqliteDataSource>().OpenConnectionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteNonQueryAsync(Cancellation);
    }
}
