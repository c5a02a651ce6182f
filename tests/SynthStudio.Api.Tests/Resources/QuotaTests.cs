using Google.Protobuf;
using Google.Rpc;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Limits by number: what a user makes, and what a project has open or waiting.</summary>
[TestClass]
public sealed class QuotaTests : ApiTest
{
    [TestMethod]
    public async Task A_user_makes_so_many_projects_and_a_repeat_or_an_administrator_is_not_refused()
    {
        await using var server = await ApiServer.StartAsync(options => options.MaxProjectsPerUser = 2);
        var (user, key) = await server.UserAsync();
        using var client = server.Client(key);
        using var admin = server.Client(server.AdminKey);
        await client.ProjectAsync();
        var second = new V1.CreateProjectRequest { Project = new() { DisplayName = "second" }, RequestId = Guid.NewGuid().ToString() };
        var made = await client.Projects.CreateProjectAsync(second);

        var (error, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", client.ProjectAsync);

        Assert.AreEqual((user, "projects", "0"), (info.Metadata["subject"], info.Metadata["quota"], info.Metadata["left"]));
        Assert.Contains("Delete and purge one, or have an administrator make it and transfer it to you.", error.Status.Detail);
        Assert.AreEqual(made, await client.Projects.CreateProjectAsync(second));
        for (var i = 0; i < 3; i++) await admin.ProjectAsync();
        await client.Projects.DeleteProjectAsync(new() { Name = made.Name });
        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", client.ProjectAsync);
        await client.Projects.PurgeProjectAsync(new() { Name = made.Name });
        await client.ProjectAsync();
    }

    [TestMethod]
    public async Task A_user_and_a_service_account_have_so_many_keys_and_one_that_is_revoked_makes_room()
    {
        await using var server = await ApiServer.StartAsync(options => options.MaxApiKeysPerUser = 2);
        var (user, key) = await server.UserAsync(); // With one.
        using var client = server.Client(key);
        using var admin = server.Client(server.AdminKey);
        var account = await client.ServiceAccounts.CreateServiceAccountAsync(new() { Parent = await client.ProjectAsync(), ServiceAccount = new() });
        var second = await OwnAsync();
        for (var i = 0; i < 2; i++) await OfAccountAsync();

        var (error, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", OwnAsync);

        Assert.AreEqual((user, "api_keys", "0"), (info.Metadata["subject"], info.Metadata["quota"], info.Metadata["left"]));
        Assert.Contains("Revoke one that is not needed, or ask the operator for more (SynthStudio:Api:MaxApiKeysPerUser).", error.Status.Detail);
        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => admin.Identity.CreateApiKeyAsync(new() { Parent = user, ApiKey = new() }).ResponseAsync);
        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", OfAccountAsync);
        await client.Identity.RevokeApiKeyAsync(new() { Name = second.ApiKey.Name });
        await OwnAsync();

        Task<V1.CreateApiKeyResponse> OwnAsync() => client.Identity.CreateApiKeyAsync(new() { Parent = user, ApiKey = new() }).ResponseAsync;

        Task<V1.CreateApiKeyResponse> OfAccountAsync() =>
            client.ServiceAccounts.CreateServiceAccountKeyAsync(new() { Parent = account.Name, ApiKey = new() }).ResponseAsync;
    }

    [TestMethod]
    public async Task A_project_has_so_many_uploads_open_and_one_beyond_leaves_nothing()
    {
        await using var server = await ApiServer.StartAsync(options => options.MaxOpenUploads = 2);
        using var client = server.Client((await server.UserAsync()).Key);
        var project = await client.ProjectAsync();
        await OpenAsync("one");
        await OpenAsync("two");

        var (error, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => OpenAsync("three"));

        Assert.AreEqual("open_uploads", info.Metadata["quota"]);
        Assert.Contains("Complete or delete one", error.Status.Detail);
        Assert.HasCount(2, (await client.Datasets.ListDatasetsAsync(new() { Parent = project })).Datasets, "It leaves no data set.");
        await client.Uploads.DeleteUploadAsync(new() { Name = $"{project}/uploads/one" });
        await OpenAsync("three");

        Task OpenAsync(string id) => client.Uploads.CreateUploadAsync(
            new() { Parent = project, UploadId = id, Upload = new() { FileName = "t.csv" } }).ResponseAsync;
    }

    [TestMethod]
    public async Task A_project_has_so_many_generators_trained_or_not_and_one_that_is_purged_makes_room()
    {
        await using var server = await ApiServer.StartAsync(options => options.MaxGenerators = 2);
        var tenant = await Tenant.CreateAsync(server); // With one.
        using var client = server.Client(tenant.Key);
        var before = (await client.Generators.ListGeneratorsAsync(new() { Parent = tenant.Project })).Generators.Count;
        Assert.AreEqual(1, before);
        var second = await CreateAsync("second");

        var (error, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => CreateAsync("third"));

        Assert.AreEqual((tenant.Project, "generators", "0"), (info.Metadata["subject"], info.Metadata["quota"], info.Metadata["left"]));
        Assert.Contains("Delete and purge some that are not needed", error.Status.Detail);
        Assert.AreEqual(second.CreateTime, (await CreateAsync("second")).CreateTime, "A repeat makes none more.");
        await client.Generators.DeleteGeneratorAsync(new() { Name = second.Name });
        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", () => CreateAsync("third"));
        await client.Generators.PurgeGeneratorAsync(new() { Name = second.Name });
        await CreateAsync("third");

        Task<V1.Generator> CreateAsync(string id) => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = id, Generator = new() { Dataset = tenant.Dataset } }).ResponseAsync;
    }

    [TestMethod]
    public async Task A_project_has_so_many_jobs_waiting_and_what_was_submitted_goes_on()
    {
        await using var server = await ApiServer.StartAsync(options => options.MaxWaitingJobs = 2);
        var tenant = await Tenant.CreateAsync(server); // With one job that waits.
        using var client = server.Client(tenant.Key);
        await client.Uploads.UploadChunkAsync(new() { Name = tenant.Upload, Body = new() { Data = ByteString.CopyFromUtf8("a,b\n3,4\n") } });
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training.Name;
        var submissions = ((string, Func<Task>)[])
        [
            ("evaluation", () => client.Evaluations.CreateEvaluationAsync(new()
            {
                Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticDataset = tenant.Synthetic },
            }).ResponseAsync),
            ("analysis", () => client.Analyses.CreateAnalysisAsync(new() { Parent = tenant.Dataset, Analysis = new() { IdentifyingColumns = new() } }).ResponseAsync),
            ("reading", () => client.Uploads.CompleteUploadAsync(new() { Name = tenant.Upload }).ResponseAsync),
            ("reading again", () => client.Datasets.UpdateDatasetAsync(new() { Dataset = new() { Name = tenant.Dataset, SchemaJson = """{"columns":{"age":"integer"}}""" } }).ResponseAsync),
        ];
        foreach (var (what, submit) in submissions)
        {
            var (error, info) = await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", submit);
            Assert.AreEqual("waiting_jobs", info.Metadata["quota"], what);
            Assert.Contains("Wait for some to start, cancel what is not needed", error.Status.Detail);
            Assert.IsNotNull(error.GetRpcStatus()!.GetDetail<RetryInfo>());
        }

        await client.Generators.PauseGeneratorAsync(new() { Name = tenant.Generator });
        await client.Uploads.CompleteUploadAsync(new() { Name = tenant.Upload }); // There was room for one.
        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_EXCEEDED", submissions[0].Item2);
        Assert.AreEqual(training, (await client.Generators.ResumeGeneratorAsync(new() { Name = tenant.Generator })).Training.Name, "It goes beyond, and is not refused.");
    }
}
