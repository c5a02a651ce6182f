using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Tests.Accounts;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Deleted projects are hidden, come back whole or go for good; what is too old goes by itself; and what jobs took is told.</summary>
[TestClass]
public sealed class ProjectLifecycleTests : ApiTest
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public async Task A_deleted_project_is_hidden_stops_and_comes_back_whole()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var (viewer, viewerKey) = await Server.UserAsync();
        await client.Projects.SetProjectMemberAsync(new() { Parent = tenant.Project, Member = new() { User = viewer, Role = V1.ProjectRole.Viewer } });
        using var asViewer = Server.Client(viewerKey);

        var deleted = await client.Projects.DeleteProjectAsync(new() { Name = tenant.Project });
        Assert.AreEqual(TimeSpan.FromDays(30), deleted.PurgeTime.ToDateTimeOffset() - deleted.DeleteTime.ToDateTimeOffset());
        await RefusedAsync(StatusCode.NotFound, null, () => client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Projects.DeleteProjectAsync(new() { Name = tenant.Project }).ResponseAsync);
        Assert.DoesNotContain(tenant.Project, (await client.Projects.ListProjectsAsync(new())).Projects.Select(p => p.Name).ToList());
        Assert.Contains(tenant.Project, (await client.Projects.ListProjectsAsync(new() { Deleted = true })).Projects.Select(p => p.Name).ToList());
        Assert.IsEmpty((await asViewer.Projects.ListProjectsAsync(new() { Deleted = true })).Projects);
        await RefusedAsync(StatusCode.NotFound, null, () => asViewer.Projects.UndeleteProjectAsync(new() { Name = tenant.Project }).ResponseAsync);
        await RefusedAsync(StatusCode.AlreadyExists, null, () => asViewer.Projects.CreateProjectAsync(
            new() { ProjectId = tenant.Project["projects/".Length..], Project = new() }).ResponseAsync);
        await Server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        Assert.AreEqual(V1.ProjectRole.Owner, (await client.Projects.UndeleteProjectAsync(new() { Name = tenant.Project })).Role);
        Assert.AreEqual(tenant.Dataset, (await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset })).Name);
        Assert.AreEqual(V1.ProjectRole.Viewer, (await asViewer.Projects.GetProjectAsync(new() { Name = tenant.Project })).Role);
        Assert.AreEqual(V1.JobState.Cancelled, (await client.Jobs.GetJobAsync(new() { Name = tenant.Job })).State, "its jobs were stopped");
    }

    [TestMethod]
    public async Task A_purged_project_leaves_no_row_and_no_object_but_its_trail()
    {
        await using var server = await ApiServer.StartAsync(options => options.ObjectGrace = TimeSpan.Zero);
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var data = (await server.Get<DatasetStore>().FindAsync(tenant.Dataset))!.Object!;
        await client.Datasets.UpdateDatasetAsync(new()
        {
            Dataset = new() { Name = tenant.Dataset, DisplayName = "Kingfisher" }, UpdateMask = new() { Paths = { "display_name" } }, RequestId = Guid.NewGuid().ToString(),
        });
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Projects.PurgeProjectAsync(new() { Name = tenant.Project }).ResponseAsync);
        await client.Projects.DeleteProjectAsync(new() { Name = tenant.Project });
        await EventuallyAsync(
            async () =>
            {
                try
                {
                    await client.Projects.PurgeProjectAsync(new() { Name = tenant.Project });
                    return StatusCode.OK;
                }
                catch (RpcException e)
                {
                    return e.StatusCode;
                }
            },
            status => status is StatusCode.OK);
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        Assert.IsFalse(await server.Get<IObjectStore>().ExistsAsync(data, Cancellation));
        Assert.DoesNotContain("Kingfisher", await Everything.ReadAsync(server.Get<SqliteDataSource>(), Cancellation), "Nor in an answer that is kept for a repeat.");
        using var admin = server.Client(server.AdminKey);
        await RefusedAsync(StatusCode.NotFound, null, () => admin.Projects.GetProjectAsync(new() { Name = tenant.Project }).ResponseAsync);
        var trail = await admin.Audit.ListServerAuditEntriesAsync(new() { Project = tenant.Project });
        Assert.AreEqual("ProjectService/PurgeProject", trail.AuditEntries[0].Method);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Projects.UndeleteProjectAsync(new() { Name = tenant.Project }).ResponseAsync);
    }

    [TestMethod]
    public async Task When_its_time_is_over_it_goes_by_itself()
    {
        await using var server = await ApiServer.StartAsync(options => options.ProjectGrace = TimeSpan.FromMilliseconds(1));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        await client.Projects.DeleteProjectAsync(new() { Name = tenant.Project });
        await EventuallyAsync(
            async () =>
            {
                await server.Get<Housekeeping>().RunOnceAsync(Cancellation);
                return await server.Get<ProjectStore>().FindAnyAsync(tenant.Project, Cancellation);
            },
            project => project is null);
        using var admin = server.Client(server.AdminKey);
        var purge = (await admin.Audit.ListServerAuditEntriesAsync(new() { Project = tenant.Project })).AuditEntries[0];
        Assert.AreEqual(("system", "ProjectService/PurgeProject"), (purge.Actor, purge.Method));
    }

    [TestMethod]
    public async Task What_the_trail_does_not_take_is_not_purged_by_itself()
    {
        await using var server = await ApiServer.StartAsync(options => options.ProjectGrace = TimeSpan.FromMilliseconds(1));
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        await client.Projects.DeleteProjectAsync(new() { Name = tenant.Project });
        await using (var connection = await server.Get<SqliteDataSource>().OpenConnectionAsync(Cancellation))
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"CREATE TRIGGER away BEFORE INSERT ON audit_entries WHEN NEW.chain = '{tenant.Project}' BEGIN SELECT RAISE(ABORT, 'away'); END";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await EventuallyAsync(
            async () =>
            {
                await server.Get<Housekeeping>().RunOnceAsync(Cancellation);
                return server.Logs.Contains($"{tenant.Project} could not be purged");
            },
            told => told);
        Assert.IsNotNull(await server.Get<DatasetStore>().FindAnyAsync(tenant.Dataset, Cancellation), "Nothing of it is gone that nobody could read of.");
    }

    [TestMethod]
    public async Task Retention_is_shown_before_and_removes_what_nothing_needs()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        foreach (var (days, count) in new[] { (2, 0), (1, 2) })
        {
            var old = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(1.5);
            await Server.Get<EvaluationStore>().DeleteAsync(tenant.Evaluation, cancellation: Cancellation);
            await Server.Get<SyntheticDatasetStore>().DeleteAsync(tenant.Synthetic, cancellation: Cancellation);
            await Server.Get<SyntheticDatasetStore>().CreateAsync(new SyntheticDatasetRecord
            {
                Name = tenant.Synthetic, Project = tenant.Project, Generator = tenant.Generator, Rows = 1, Seed = 1,
                State = ArtifactState.Failed, Job = tenant.Job,
                Creator = tenant.User, CreateTime = old, UpdateTime = old,
            });
            await Server.Get<EvaluationStore>().CreateAsync(new EvaluationRecord
            {
                Name = tenant.Evaluation, Project = tenant.Project, Dataset = tenant.Dataset, SyntheticDataset = tenant.Synthetic, State = ArtifactState.Failed,
                Job = tenant.Job, Creator = tenant.User, CreateTime = old, UpdateTime = old,
            });
            var keep = Duration.FromTimeSpan(TimeSpan.FromDays(days));
            var policy = new V1.RetentionPolicy { SyntheticDatasets = keep, Evaluations = keep };
            var preview = await client.Projects.PreviewRetentionAsync(new() { Name = tenant.Project, Retention = policy });
            Assert.HasCount(count, preview.Removed);
            await client.Projects.UpdateProjectAsync(
                new() { Project = new() { Name = tenant.Project, Retention = policy }, UpdateMask = new() { Paths = { "retention" } } });
            Assert.HasCount(count, (await client.Projects.PreviewRetentionAsync(new() { Name = tenant.Project })).Removed);
            await Server.Get<Housekeeping>().RunOnceAsync(Cancellation);
            Assert.AreEqual(count == 0, await Server.Get<SyntheticDatasetStore>().FindAsync(tenant.Synthetic) is not null);
        }

        Assert.IsNotNull(await Server.Get<DatasetStore>().FindAsync(tenant.Dataset), "what has no retention stays");
        var trail = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Actor = "system" } })).AuditEntries;
        CollectionAssert.AreEqual(new[] { tenant.Synthetic, tenant.Evaluation }, trail.Select(entry => entry.Resource).ToArray());
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => client.Projects.UpdateProjectAsync(
            new() { Project = new() { Name = tenant.Project, Retention = new() { Datasets = Duration.FromTimeSpan(TimeSpan.FromHours(1)) } } }).ResponseAsync);
    }

    [TestMethod]
    [DataRow("datasets")]
    [DataRow("generators")]
    [DataRow("syntheticdatasets")]
    public async Task What_a_project_is_called_does_not_decide_what_is_in_it(string id)
    {
        using var client = Server.Client((await Server.UserAsync()).Key);
        var policy = new V1.RetentionPolicy { SyntheticDatasets = Duration.FromTimeSpan(TimeSpan.FromDays(1)) };
        var project = (await client.Projects.CreateProjectAsync(new() { ProjectId = id, Project = new() { Retention = policy } })).Name;
        var old = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(2);
        var name = $"{project}/syntheticDatasets/s";
        await Server.Get<SyntheticDatasetStore>().CreateAsync(Synthetic(name, $"{project}/generators/g") with
        {
            Project = project, State = ArtifactState.Failed, CreateTime = old, UpdateTime = old,
        });
        await Server.Get<Housekeeping>().RunOnceAsync(Cancellation);
        Assert.IsNull(await Server.Get<SyntheticDatasetStore>().FindAsync(name));
    }

    [TestMethod]
    public void What_something_is_made_of_outlives_its_time()
    {
        var policy = new RetentionPolicy
        {
            Datasets = TimeSpan.FromDays(1), Generators = TimeSpan.FromDays(1), SyntheticDatasets = TimeSpan.FromDays(1),
            Evaluations = TimeSpan.FromDays(9), EvidencePacks = TimeSpan.FromDays(1),
        };
        var contents = new ProjectContents(
            [Dataset("used"), Dataset("alone"), Dataset("young") with { UpdateTime = Now }, Dataset("compared"), Dataset("busy") with { State = DatasetState.Profiling }],
            [
                Generator("g", "used"), Generator("named", "used2"), Generator("idle", "alone"),
                Generator("works", "alone") with
                {
                    Training = new JobSnapshot
                    {
                        Name = "j", Kind = WorkKind.Training, Subject = "g", State = WorkState.Paused, CreateTime = Now,
                    },
                },
            ],
            [Synthetic("drawn", "g"), Synthetic("scored", "idle")],
            [Evaluation("e", "compared", "scored")],
            [],
            [new GeneratorAliasRecord("champion", "named", "u", Old)],
            [Pack("shown"), Pack("new") with { CreateTime = Now }]);

        var plan = RetentionPlan.Make(contents, policy, Now);

        CollectionAssert.AreEqual(new[] { "shown", "drawn", "g", "used" }, plan.Removed.Select(item => item.Name).ToArray());
        CollectionAssert.AreEquivalent(
            new[] { ("scored", "e needs it."), ("idle", "scored needs it."), ("works", "It is being made."), ("alone", "idle needs it."), ("compared", "e needs it."), ("busy", "It is being made."), ("named", "champion needs it.") },
            plan.Kept.Select(item => (item.Name, item.KeptBecause)).ToArray());
    }

    [TestMethod]
    public async Task What_jobs_took_is_told_by_month_also_when_they_are_gone()
    {
        var (client, project) = await OwnerAsync();
        using var _ = client;
        var month = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1 - TimeProvider.System.GetUtcNow().Day), TimeSpan.Zero);
        for (var i = 0; i < 3; i++)
        {
            var start = month.AddMonths(-i / 2).AddMinutes(1);
            var job = new JobSnapshot
            {
                Name = $"{project}/jobs/j{i}", Kind = WorkKind.Generation, Subject = $"{project}/syntheticDatasets/s", State = WorkState.Succeeded, CreateTime = start, StartTime = start,
                EndTime = start.AddSeconds(10), Parts = [new PartRef(0, 500, new ObjectRef("k", "s", 1, "t"))], Version = 1,
            };
            await Server.Get<ICatalogProjector>().ProjectAsync(job, Cancellation);
            await Server.Get<ICatalogProjector>().ProjectAsync(job with { Version = 2 }, Cancellation);
            await Server.Get<JobIndex>().DeleteAsync(job.Name, Cancellation);
        }

        var usage = await client.Projects.GetProjectUsageAsync(new() { Name = $"{project}/usage" });
        Assert.HasCount(2, usage.Months);
        var now = usage.Months[0].Kinds.Single();
        Assert.AreEqual((2, 20, 1000, 2), (now.Jobs, now.RunTime.Seconds, now.Rows, now.Bytes));
        Assert.AreEqual(2, usage.Months[0].AddedBytes);
        Assert.AreEqual(1, usage.Months[1].Kinds.Single().Jobs);
        using var admin = Server.Client(Server.AdminKey);
        var all = await admin.Cluster.ListUsageAsync(new() { Month = usage.Months[0].Month });
        Assert.AreEqual(2, all.Projects.Single(p => p.Project == project).Kinds.Single().Jobs);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", () => admin.Cluster.ListUsageAsync(new() { Month = "November" }).ResponseAsync);
    }

    private static DateTimeOffset Old => Now - TimeSpan.FromDays(3);

    private static DatasetRecord Dataset(string name) =>
        new() { Name = name, Project = "p", State = DatasetState.Ready, Creator = "u", CreateTime = Old, UpdateTime = Old };

    private static SyntheticDatasetRecord Synthetic(string name, string generator) => new()
    {
        Name = name, Project = "p", Generator = generator, Rows = 1, Seed = 1, State = ArtifactState.Ready, Job = "j", Creator = "u",
        CreateTime = Old, UpdateTime = Old,
    };

    private static EvaluationRecord Evaluation(string name, string dataset, string synthetic) => new()
    {
        Name = name, Project = "p", Dataset = dataset, SyntheticDataset = synthetic, State = ArtifactState.Ready, Job = "j", Creator = "u",
        CreateTime = Old, UpdateTime = Old,
    };

    private static EvidencePackRecord Pack(string name) => new()
    {
        Name = name, Project = "p", Frameworks = [], Number = 1, FactsSha256 = "", Summary = new Dictionary<string, int>(),
        Files = new Dictionary<string, ObjectRef>(), Creator = "u", CreateTime = Old,
    };

    private static GeneratorSnapshot Generator(string name, string dataset) => new()
    {
        Name = name, State = GeneratorState.Ready, Accountant = new AccountantSnapshot(false, []), CreateTime = Old, UpdateTime = Old,
        Definition = new GeneratorDefinition
        {
            Dataset = dataset, Requirements = WorkRequirements.Any, Creator = "u",
            Training = new TrainingSpec { Data = new DataInput(new ObjectRef("k", "s", 1, "t"), "x.csv", "{}"), Method = "m", Options = new Dictionary<string, string>() },
        },
    };
}
