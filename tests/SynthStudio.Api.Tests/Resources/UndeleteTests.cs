using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>A deleted data set, generator or synthetic data set is hidden, keeps its name and counts, comes back as it was, or goes for good.</summary>
[TestClass]
public sealed class UndeleteTests : ApiTest
{
    [TestMethod]
    public async Task What_was_deleted_is_hidden_and_comes_back_as_it_was()
    {
        var (tenant, client) = await BareTenantAsync(Server);
        using var _ = client;
        var before = (
            await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset }),
            await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator }),
            await client.Synthetics.GetSyntheticDatasetAsync(new() { Name = tenant.Synthetic }));

        var deleted = await DeleteAllAsync(client, tenant);

        Assert.AreEqual(TimeSpan.FromDays(7), deleted.PurgeTime.ToDateTimeOffset() - deleted.DeleteTime.ToDateTimeOffset());
        Assert.AreEqual(before.Item1.UpdateTime, deleted.UpdateTime, "A retention counts on.");
        Assert.AreEqual("", string.Join(' ', await NamesAsync(client, tenant.Project, showDeleted: false)));
        Assert.AreEqual($"{tenant.Dataset} {tenant.Generator} {tenant.Synthetic}", string.Join(' ', await NamesAsync(client, tenant.Project, showDeleted: true)));
        Assert.AreEqual(deleted, await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset }));
        Assert.IsNotNull((await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator })).DeleteTime);
        foreach (var call in (Func<Task>[])
        [
            () => client.Datasets.GetDatasetProfileAsync(new() { Name = $"{tenant.Dataset}/profile" }).ResponseAsync,
            () => client.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync,
            () => client.Analyses.GetAnalysisAsync(new() { Name = tenant.Analysis }).ResponseAsync,
            () => client.Analyses.ListAnalysesAsync(new() { Parent = tenant.Dataset }).ResponseAsync,
            () => client.Generators.CreateGeneratorAsync(new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset } }).ResponseAsync,
            () => client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync,
            () => client.Generators.UpdateGeneratorAsync(new() { Generator = new() { Name = tenant.Generator, DisplayName = "new" } }).ResponseAsync,
            () => client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync,
            () => client.Registry.GetModelCardAsync(new() { Name = $"{tenant.Generator}/modelCard" }).ResponseAsync,
            () => client.Synthetics.CreateSyntheticDatasetAsync(
                new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = tenant.Generator, Rows = 1 } }).ResponseAsync,
            () => client.Synthetics.ListDownloadLinksAsync(new() { Name = tenant.Synthetic }).ResponseAsync,
            () => client.Evaluations.CreateEvaluationAsync(new()
            {
                Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticDataset = tenant.Synthetic },
            }).ResponseAsync,
        ]) await RefusedAsync(StatusCode.NotFound, "RESOURCE_NOT_FOUND", call);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Synthetics.UndeleteSyntheticDatasetAsync(
            new() { Name = tenant.Synthetic }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Generators.UndeleteGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);
        var dataset = await client.Datasets.UndeleteDatasetAsync(new() { Name = tenant.Dataset });
        await RefusedAsync(StatusCode.AlreadyExists, "RESOURCE_EXISTS", () => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = "g", Generator = new() { Dataset = tenant.Dataset } }).ResponseAsync);
        var generator = await client.Generators.UndeleteGeneratorAsync(new() { Name = tenant.Generator });
        var synthetic = await client.Synthetics.UndeleteSyntheticDatasetAsync(new() { Name = tenant.Synthetic });

        (before.Item1.Etag, before.Item2.Etag, before.Item3.Etag) = (dataset.Etag, generator.Etag, synthetic.Etag);
        before.Item1.PrivacyBadge = dataset.PrivacyBadge;
        Assert.AreEqual(before, (dataset, generator, synthetic));
        Assert.AreEqual($"{tenant.Dataset} {tenant.Generator} {tenant.Synthetic}", string.Join(' ', await NamesAsync(client, tenant.Project, showDeleted: false)));
        Assert.AreEqual(tenant.Analysis, (await client.Analyses.GetAnalysisAsync(new() { Name = tenant.Analysis })).Name);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Datasets.UndeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Datasets.PurgeDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);
    }

    [TestMethod]
    public async Task What_was_deleted_counts_until_it_is_purged_in_the_order_in_which_it_was_made_of_each_other()
    {
        await using var server = await ApiServer.StartAsync(options => options.ObjectGrace = TimeSpan.Zero);
        var (tenant, client) = await BareTenantAsync(server);
        using var _ = client;
        var dataset = (await server.Get<DatasetStore>().FindAsync(tenant.Dataset, Cancellation))!;
        var (data, ofPack) = (dataset.Object!, dataset.Object!.Size + 2); // A pack of evidence has the same bytes, and {}.
        await DeleteAllAsync(client, tenant);
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        var usage = await client.Projects.GetProjectUsageAsync(new() { Name = $"{tenant.Project}/usage" });
        Assert.AreEqual((dataset.Profile!.Size + ofPack, dataset.Profile.Size), (usage.StoredBytes, usage.DeletedBytes));
        Assert.IsTrue(await server.Get<Storage.IObjectStore>().ExistsAsync(data, Cancellation));
        var (error, _) = await RefusedAsync(StatusCode.FailedPrecondition, "STILL_USED", () => client.Datasets.PurgeDatasetAsync(
            new() { Name = tenant.Dataset }).ResponseAsync);
        Assert.Contains(tenant.Generator, error.Status.Detail);
        await RefusedAsync(StatusCode.FailedPrecondition, "STILL_USED", () => client.Generators.PurgeGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);

        await client.Synthetics.PurgeSyntheticDatasetAsync(new() { Name = tenant.Synthetic });
        await client.Generators.PurgeGeneratorAsync(new() { Name = tenant.Generator });
        await client.Datasets.PurgeDatasetAsync(new() { Name = tenant.Dataset });
        await server.Get<AnalysisStore>().DeleteAsync(tenant.Analysis, cancellation: Cancellation);
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        Assert.AreEqual("", string.Join(' ', await NamesAsync(client, tenant.Project, showDeleted: true)));
        usage = await client.Projects.GetProjectUsageAsync(new() { Name = $"{tenant.Project}/usage" });
        Assert.AreEqual((ofPack, 0), (usage.StoredBytes, usage.DeletedBytes));
        await RefusedAsync(StatusCode.NotFound, null, () => client.Datasets.UndeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Generators.UndeleteGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Analyses.GetAnalysisAsync(new() { Name = tenant.Analysis }).ResponseAsync);
    }

    [TestMethod]
    public async Task What_is_being_purged_does_not_come_back_and_no_alias_takes_the_name_of_what_can()
    {
        var (tenant, client) = await BareTenantAsync(Server);
        using var _ = client;
        var deletions = Server.Get<Deletions>();
        foreach (var name in new[] { tenant.Dataset, tenant.Generator, tenant.Synthetic })
            Assert.IsFalse(await deletions.BeginPurgeAsync(name, Cancellation), "It lives.");
        await DeleteAllAsync(client, tenant);
        var alias = tenant.Generator[(tenant.Generator.LastIndexOf('/') + 1)..];
        await RefusedAsync(StatusCode.AlreadyExists, null, () => client.Registry.SetGeneratorAliasAsync(
            new() { Parent = tenant.Project, AliasId = alias, Generator = tenant.Generator }).ResponseAsync);

        foreach (var name in new[] { tenant.Dataset, tenant.Generator, tenant.Synthetic }) Assert.IsTrue(await deletions.BeginPurgeAsync(name, Cancellation));

        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Datasets.UndeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Generators.UndeleteGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Synthetics.UndeleteSyntheticDatasetAsync(
            new() { Name = tenant.Synthetic }).ResponseAsync);
        await Assert.ThrowsExactlyAsync<WorkStateException>(() => Server.Get<IGrainFactory>().GetGrain<IGeneratorGrain>(tenant.Generator).UndeleteAsync());
    }

    [TestMethod]
    public async Task A_removal_that_broke_off_when_the_generator_had_forgotten_itself_goes_on()
    {
        var (tenant, client) = await BareTenantAsync(Server);
        using var _ = client;
        await DeleteAllAsync(client, tenant);
        await client.Synthetics.PurgeSyntheticDatasetAsync(new() { Name = tenant.Synthetic });
        await Server.Get<IGrainFactory>().GetGrain<IGeneratorGrain>(tenant.Generator).PurgeAsync(); // Here the replica dies: the catalog still has it.
        Assert.Contains(tenant.Generator, string.Join(' ', await NamesAsync(client, tenant.Project, showDeleted: true)));

        await client.Generators.PurgeGeneratorAsync(new() { Name = tenant.Generator });

        Assert.DoesNotContain(tenant.Generator, string.Join(' ', await NamesAsync(client, tenant.Project, showDeleted: true)));
    }

    [TestMethod]
    public async Task A_table_that_was_purged_does_not_come_back_by_the_name_of_its_upload()
    {
        var (client, project) = await OwnerAsync();
        using var _ = client;
        var wanted = new V1.CreateUploadRequest { Parent = project, UploadId = "people", Upload = new() { FileName = "people.csv" } };
        wanted.Upload.Withheld = true;
        var upload = await client.Uploads.CreateUploadAsync(wanted);
        using (var write = client.Uploads.WriteUpload())
        {
            await write.RequestStream.WriteAsync(new() { Name = upload.Name, Data = ByteString.CopyFromUtf8("a,b\n1,2\n"), Finish = true }, Cancellation);
            await write.RequestStream.CompleteAsync();
            await write;
        }

        var dataset = await client.Datasets.GetDatasetAsync(new() { Name = upload.Dataset });
        await client.Datasets.DeleteDatasetAsync(new() { Name = dataset.Name });
        await client.Datasets.PurgeDatasetAsync(new() { Name = dataset.Name });

        wanted.Upload.Withheld = false;
        await RefusedAsync(StatusCode.AlreadyExists, null, () => client.Uploads.CreateUploadAsync(wanted).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Uploads.CompleteUploadAsync(new() { Name = upload.Name }).ResponseAsync);
    }

    [TestMethod]
    public async Task When_its_time_is_over_it_goes_by_itself_and_the_trail_says_so()
    {
        await using var server = await ApiServer.StartAsync(options => options.ResourceGrace = TimeSpan.FromMilliseconds(1));
        var (tenant, client) = await BareTenantAsync(server);
        using var _ = client;
        await DeleteAllAsync(client, tenant);
        await Task.Delay(5, Cancellation);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Datasets.UndeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);

        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        Assert.AreEqual("", string.Join(' ', await NamesAsync(client, tenant.Project, showDeleted: true)));
        var trail = (await client.Audit.ListAuditEntriesAsync(new() { Parent = tenant.Project, Filter = new() { Actor = "system" } })).AuditEntries;
        CollectionAssert.AreEqual(
            new[] { "DatasetService/PurgeDataset", "GeneratorService/PurgeGenerator", "SyntheticDatasetService/PurgeSyntheticDataset" }, trail.Select(entry => entry.Method).ToArray());
    }

    [TestMethod]
    public async Task A_retention_does_not_wait_for_what_was_deleted_before()
    {
        await using var server = await ApiServer.StartAsync(); // Others have theirs tidied up meanwhile.
        var (tenant, client) = await BareTenantAsync(server);
        using var _ = client;
        await DeleteAllAsync(client, tenant);
        var store = server.Get<SyntheticDatasetStore>();
        await store.UpdateAsync((await store.FindAnyAsync(tenant.Synthetic, Cancellation))! with
        {
            UpdateTime = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(2),
        }, Cancellation);
        var policy = new V1.RetentionPolicy
        {
            SyntheticDatasets = Duration.FromTimeSpan(TimeSpan.FromDays(1)), Datasets = Duration.FromTimeSpan(TimeSpan.FromDays(1)),
        };
        Assert.AreEqual(tenant.Synthetic, (await client.Projects.PreviewRetentionAsync(
            new() { Name = tenant.Project, Retention = policy })).Removed.Single().Name);

        await client.Projects.UpdateProjectAsync(
            new() { Project = new() { Name = tenant.Project, Retention = policy }, UpdateMask = new() { Paths = { "retention" } } });
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        Assert.IsNull(await store.FindAnyAsync(tenant.Synthetic, Cancellation));
        Assert.AreEqual($"{tenant.Dataset} {tenant.Generator}", string.Join(' ', await NamesAsync(client, tenant.Project, showDeleted: true)), "What is younger can still be brought back.");
    }

    /// <summary>A tenant without evaluations and without an upload that waits.</summary>
    private static async Task<(Tenant Tenant, ApiClient Client)> BareTenantAsync(ApiServer server)
    {
        var tenant = await Tenant.CreateAsync(server);
        var client = server.Client(tenant.Key);
        await client.Evaluations.DeleteEvaluationAsync(new() { Name = tenant.Evaluation });
        await client.Uploads.DeleteUploadAsync(new() { Name = tenant.Upload });
        return (tenant, client);
    }

    private static async Task<V1.Dataset> DeleteAllAsync(ApiClient client, Tenant tenant)
    {
        await client.Synthetics.DeleteSyntheticDatasetAsync(new() { Name = tenant.Synthetic });
        await client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator });
        return await client.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset });
    }

    private static async Task<IEnumerable<string>> NamesAsync(ApiClient client, string project, bool showDeleted) =>
    [
        .. (await client.Datasets.ListDatasetsAsync(new() { Parent = project, ShowDeleted = showDeleted })).Datasets.Select(d => d.Name),
        .. (await client.Generators.ListGeneratorsAsync(new() { Parent = project, ShowDeleted = showDeleted })).Generators.Select(g => g.Name),
        .. (await client.Synthetics.ListSyntheticDatasetsAsync(new() { Parent = project, ShowDeleted = showDeleted })).SyntheticDatasets.Select(s => s.Name),
    ];
}
