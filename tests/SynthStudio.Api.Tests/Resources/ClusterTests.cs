using Orleans.Runtime;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What administrators do with silos and shares.</summary>
[TestClass]
public sealed class ClusterTests : ApiTest
{
    [TestMethod]
    public async Task A_silo_is_cordoned_shown_and_put_to_work_again()
    {
        using var admin = Server.Client(Server.AdminKey);
        var name = await ReportAsync();

        var cordoned = await admin.Cluster.CordonSiloAsync(new() { Silo = name });
        var again = await admin.Cluster.GetClusterAsync(new());
        var free = await admin.Cluster.UncordonSiloAsync(new() { Silo = name });

        Assert.IsTrue(cordoned.Silos.Single(s => s.Name == name).Cordoned);
        Assert.AreEqual(cordoned.Silos.Single(s => s.Name == name), again.Silos.Single(s => s.Name == name));
        Assert.IsFalse(free.Silos.Single(s => s.Name == name).Cordoned);
        Assert.AreEqual(2, free.Silos.Single(s => s.Name == name).Accelerators);
    }

    [TestMethod]
    public async Task A_silo_that_is_not_there_is_not_found()
    {
        using var admin = Server.Client(Server.AdminKey);

        await RefusedAsync(StatusCode.NotFound, null, () => admin.Cluster.CordonSiloAsync(new() { Silo = "nobody" }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => admin.Cluster.DrainSiloAsync(new() { Silo = "nobody" }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => admin.Cluster.CordonSiloAsync(new()).ResponseAsync);
    }

    [TestMethod]
    public void A_replica_that_knows_of_no_silo_with_a_kind_of_grain_takes_the_cluster_to_be_away()
    {
        var alone = Assert.ThrowsExactly<ArgumentException>(() => Server.Get<IGrainFactory>().GetGrain<INowhereGrain>("any"));
        Assert.IsTrue(ClusterOutage.Is(alone), alone.ToString());
        Assert.IsFalse(ClusterOutage.Is(new ArgumentException("Another one.")));
    }

    [TestMethod]
    public async Task A_projects_share_is_set_shown_and_forgotten()
    {
        var (owner, project) = await OwnerAsync();
        using var admin = Server.Client(Server.AdminKey);

        var set = await admin.Cluster.SetProjectShareAsync(new() { Project = project, Weight = 2.5, MaxRunningJobs = 3, MaxAccelerators = 2 });
        var forgotten = await admin.Cluster.SetProjectShareAsync(new() { Project = project });

        Assert.AreEqual(
            new V1.ProjectShare { Project = project, Weight = 2.5, MaxRunningJobs = 3, MaxAccelerators = 2 },
            set.ProjectShares.Single(s => s.Project == project));
        Assert.IsFalse(forgotten.ProjectShares.Any(s => s.Project == project));
        await RefusedAsync(StatusCode.InvalidArgument, null, () => admin.Cluster.SetProjectShareAsync(
            new() { Project = project, Weight = double.NaN }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => admin.Cluster.SetProjectShareAsync(
            new() { Project = project, MaxRunningJobs = -1 }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, null, () => admin.Cluster.SetProjectShareAsync(
            new() { Project = project, MaxAccelerators = -1 }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => admin.Cluster.SetProjectShareAsync(new() { Project = "projects/nobody" }).ResponseAsync);
        await RefusedAsync(StatusCode.PermissionDenied, null, () => owner.Cluster.SetProjectShareAsync(new() { Project = project }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_project_draws_no_more_rows_a_day_than_it_may()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        using var admin = Server.Client(Server.AdminKey);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        await (await Server.Worker.TakeAsync(training.Name)).CompleteAsync(("model", "model"));
        await admin.Cluster.SetProjectShareAsync(new() { Project = tenant.Project, MaxRowsPerDay = 100 });

        var drawn = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryAsync(30)));

        Assert.AreEqual(3, drawn.Count(ok => ok), "Also of calls at the same time none goes beyond.");
        var (error, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => DrawAsync(30));
        Assert.AreEqual("10", info.Metadata["left"]);
        Assert.IsTrue(error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan() <= TimeSpan.FromDays(1));
        Assert.IsTrue(await TryAsync(10));
        await admin.Cluster.SetProjectShareAsync(new() { Project = tenant.Project });
        Assert.IsTrue(await TryAsync(1_000));

        Task<V1.SyntheticDataset> DrawAsync(long rows) => client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = tenant.Generator, Rows = rows } }).ResponseAsync;

        async Task<bool> TryAsync(long rows)
        {
            try
            {
                await DrawAsync(rows);
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                return false;
            }
        }
    }

    [TestMethod]
    public async Task A_job_that_needs_an_accelerator_is_refused_when_the_months_time_is_used_up()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        using var admin = Server.Client(Server.AdminKey);
        await client.Generators.UpdateGeneratorAsync(new() { Generator = new() { Name = tenant.Generator, Accelerator = "cuda" } });
        await admin.Cluster.SetProjectShareAsync(new() { Project = tenant.Project, MaxAcceleratorSecondsPerMonth = 1 });
        await TakeAcceleratorAsync(tenant.Project, TimeSpan.FromMilliseconds(1100));

        var (error, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => client.Generators.TrainGeneratorAsync(
            new() { Name = tenant.Generator }).ResponseAsync);
        Assert.AreEqual(("accelerator_seconds_per_month", "0"), (info.Metadata["quota"], info.Metadata["left"]));
        Assert.IsTrue(error.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan() <= TimeSpan.FromDays(31));
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => admin.Cluster.SetProjectShareAsync(
            new() { Project = tenant.Project, MaxAcceleratorSecondsPerMonth = -1 }).ResponseAsync);
        var usage = await client.Projects.GetProjectUsageAsync(new() { Name = $"{tenant.Project}/usage" });
        Assert.IsGreaterThanOrEqualTo(1, usage.Months[0].Kinds.Single(kind => kind.Kind == V1.JobKind.Training).AcceleratorTime.Seconds);

        var share = (await admin.Cluster.SetProjectShareAsync(
            new() { Project = tenant.Project, MaxAcceleratorSecondsPerMonth = 3600 })).ProjectShares
            .Single(s => s.Project == tenant.Project);
        Assert.AreEqual(3600, share.MaxAcceleratorSecondsPerMonth);
        await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator });
    }

    [TestMethod]
    public async Task A_file_that_does_not_fit_beside_what_a_project_keeps_is_kept_until_it_does()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        using var admin = Server.Client(Server.AdminKey);
        var kept = (await client.Projects.GetProjectUsageAsync(new() { Name = $"{tenant.Project}/usage" })).StoredBytes;
        Assert.IsGreaterThan(8, kept, "The table, its profile, a pack of evidence.");
        await client.Uploads.UploadChunkAsync(new() { Name = tenant.Upload, Body = new() { Data = Google.Protobuf.ByteString.CopyFromUtf8("a,b\n3,4\n") } });
        await admin.Cluster.SetProjectShareAsync(new() { Project = tenant.Project, MaxStoredBytes = kept + 4 });

        var (_, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => client.Uploads.CompleteUploadAsync(
            new() { Name = tenant.Upload }).ResponseAsync);
        Assert.AreEqual("4", info.Metadata["left"]);
        await admin.Cluster.SetProjectShareAsync(new() { Project = tenant.Project, MaxStoredBytes = kept + 8 });
        await client.Uploads.CompleteUploadAsync(new() { Name = tenant.Upload });

        var jobs = ((string, Func<Task>)[])
        [
            ("training", () => client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync),
            ("evaluation", () => client.Evaluations.CreateEvaluationAsync(new()
            {
                Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticDataset = tenant.Synthetic },
            }).ResponseAsync),
            ("analysis", () => client.Analyses.CreateAnalysisAsync(new() { Parent = tenant.Dataset, Analysis = new() { IdentifyingColumns = new() } }).ResponseAsync),
            ("reading again", () => client.Datasets.UpdateDatasetAsync(new() { Dataset = new() { Name = tenant.Dataset, SchemaJson = """{"columns":{"age":"integer"}}""" } }).ResponseAsync),
            ("evidence", () => client.Evidence.CreateEvidencePackAsync(new() { Parent = tenant.Project, EvidencePack = new() }).ResponseAsync),
        ];
        foreach (var (what, start) in jobs)
        {
            (_, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", start);
            Assert.AreEqual("0", info.Metadata["left"], what);
        }
    }

    [TestMethod]
    public async Task An_upload_that_declares_no_size_claims_room_while_it_grows()
    {
        const int Piece = 1 << 20;
        var (client, project) = await OwnerAsync();
        using var admin = Server.Client(Server.AdminKey);
        await admin.Cluster.SetProjectShareAsync(new() { Project = project, MaxStoredBytes = 20 * Piece });
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        var bytes = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(new byte[Piece]);
        await RefusedAsync(StatusCode.OutOfRange, "WRONG_OFFSET", () => AppendAsync(19));
        Assert.AreEqual(0, await ClaimedAsync(), "Not for bytes that cannot come.");
        await AppendAsync(0);
        Assert.AreEqual(16 * Piece, await ClaimedAsync(), "Before the first byte.");
        for (var i = 1; i < 17; i++) await AppendAsync(i);
        Assert.AreEqual(20 * Piece, await ClaimedAsync(), "As many more as there are.");

        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", async () =>
        {
            for (var i = 17; i < 22; i++) await AppendAsync(i);
        });
        Assert.AreEqual(20 * Piece, (await client.Uploads.GetUploadAsync(new() { Name = upload.Name })).CommittedSize, "What was taken is kept.");

        async Task<long> ClaimedAsync() => (await client.Projects.GetProjectUsageAsync(new() { Name = $"{project}/usage" })).ClaimedBytes;

        async Task AppendAsync(int piece) => await client.Uploads.UploadChunkAsync(
            new() { Name = upload.Name, Offset = (long)piece * Piece, Body = new() { Data = bytes } });
    }

    [TestMethod]
    public async Task Of_uploads_at_the_same_time_only_those_are_taken_that_fit_together()
    {
        var (client, project) = await OwnerAsync();
        using var admin = Server.Client(Server.AdminKey);
        await admin.Cluster.SetProjectShareAsync(new() { Project = project, MaxStoredBytes = 100 });

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => TryAsync(() => client.Uploads.CreateUploadAsync(
            new() { Parent = project, UploadId = $"declared{i}", Upload = new() { FileName = "t.csv", SizeBytes = 40 } }).ResponseAsync)));
        Assert.AreEqual(2, made.Count(isMade => isMade), "Two of 40 bytes fit.");
        Assert.AreEqual((0, 80), await UsageAsync());
        var open = (await client.Uploads.ListUploadsAsync(new() { Parent = project })).Uploads;
        Assert.HasCount(2, open, "One that found no room is as if it had not been asked for.");
        Assert.HasCount(2, (await client.Datasets.ListDatasetsAsync(new() { Parent = project })).Datasets);

        foreach (var upload in open) await client.Uploads.DeleteUploadAsync(new() { Name = upload.Name });
        Assert.AreEqual((0, 0), await UsageAsync(), "A claim ends with its upload.");
        var written = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, UploadId = $"undeclared{i}", Upload = new() { FileName = "t.csv" } });
            var body = new Google.Api.HttpBody { Data = Google.Protobuf.ByteString.CopyFromUtf8($"a,b\n{i},{new string('7', 53)}\n") };
            return (upload.Name, IsTaken: await TryAsync(() => client.Uploads.UploadChunkAsync(new() { Name = upload.Name, Body = body }).ResponseAsync));
        }));
        await client.Uploads.CompleteUploadAsync(new() { Name = written.Single(upload => upload.IsTaken).Name }); // One of 60 bytes fits.

        async Task<(long, long)> UsageAsync()
        {
            var usage = await client.Projects.GetProjectUsageAsync(new() { Name = $"{project}/usage" });
            return (usage.StoredBytes, usage.ClaimedBytes);
        }

        static async Task<bool> TryAsync(Func<Task> call)
        {
            try
            {
                await call();
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                return false;
            }
        }
    }

    [TestMethod]
    public async Task A_training_takes_its_limits_along_and_nonsense_is_refused()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var limits = new V1.JobLimits { Queue = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.Zero) };

        var (error, _) = await RefusedAsync(
            StatusCode.InvalidArgument, null, () => client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator, Limits = limits }).ResponseAsync);

        Assert.Contains("limits.queue", error.GetRpcStatus()!.ToString());
    }

    /// <summary>A lease that takes an accelerator, held for that long.</summary>
    private async Task TakeAcceleratorAsync(string project, TimeSpan time)
    {
        var (leases, job) = (Server.Get<ILeaseStore>(), $"{project}/jobs/gpu");
        await leases.EnqueueAsync(
            new WorkItem
            {
                Job = job, Kind = WorkKind.Training, Owner = job, Project = project, Priority = 3, Requirements = new("cuda", 0),
                EnqueueTime = TimeProvider.System.GetUtcNow(),
            },
            Cancellation);
        var silo = Server.Get<ILocalSiloDetails>().SiloAddress.ToParsableString();
        var epochs = await leases.AcquireAsync([new(job, silo, OnAccelerator: true)], TimeSpan.FromMinutes(1), Cancellation);
        await Task.Delay(time, Cancellation);
        Assert.IsTrue(await leases.ReleaseAsync(job, epochs[0]!.Value, Cancellation));
    }

    /// <summary>A compute silo that only says that it is there.</summary>
    private async Task<string> ReportAsync()
    {
        var name = $"silo-{Guid.NewGuid():N}";
        await Server.Get<IGrainFactory>().GetGrain<ISchedulerGrain>(0).HeartbeatAsync(new ComputeSilo
        {
            Address = Server.Get<ILocalSiloDetails>().SiloAddress, // One that is in the cluster: others are forgotten at the next sweep.
            Name = name,
            Accelerator = "cuda",
            Accelerators = 2,
            Slots = 0,
            MemoryBytes = 1 << 30,
            Leases = [],
        });
        return name;
    }

    /// <summary>Grains that no silo has.</summary>
    [Alias("synthstudio.tests.INowhereGrain")]
    internal interface INowhereGrain : IGrainWithStringKey;
}
