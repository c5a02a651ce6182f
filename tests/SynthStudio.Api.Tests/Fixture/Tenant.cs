using SynthStudio.Catalog;

namespace SynthStudio.Api.Tests.Fixture;

/// <summary>A project with one of everything in it.</summary>
public sealed record Tenant
{
    public required string User { get; init; }

    public required string Key { get; init; }

    public required string Project { get; init; }

    public string Member => $"{Project}/members/{User["users/".Length..]}";

    public string Upload => $"{Project}/uploads/u";

    public string EmptyDataset => $"{Project}/datasets/u";

    public string Dataset => $"{Project}/datasets/d";

    public string Generator => $"{Project}/generators/g";

    public string Synthetic => $"{Project}/syntheticDatasets/s";

    public string Evaluation => $"{Project}/evaluations/e";

    public string Job => $"{Project}/jobs/j";

    public required string ApiKey { get; init; }

    /// <summary>The names of all of it.</summary>
    public IReadOnlyList<string> Names =>
    [
        User, Project, Member, Upload, EmptyDataset, Dataset, $"{Dataset}/profile", $"{Dataset}/privacyBudget", Generator, $"{Generator}/privacyReport", Synthetic,
        Evaluation, $"{Evaluation}/report", Job, ApiKey,
    ];

    /// <summary>Makes one; the data set is ready, the others stand at their beginning.</summary>
    public static async Task<Tenant> CreateAsync(ApiServer server)
    {
        var (user, key) = await server.UserAsync();
        using var client = server.Client(key);
        var tenant = new Tenant
        {
            User = user,
            Key = key,
            Project = await client.ProjectAsync(),
            ApiKey = (await client.Identity.ListApiKeysAsync(new() { Parent = user })).ApiKeys.Single().Name,
        };
        var now = TimeProvider.System.GetUtcNow();
        var content = await server.Worker.PutAsync("a,b\n1,2\n");
        await client.Uploads.CreateUploadAsync(new() { Parent = tenant.Project, UploadId = "u", Upload = new() { FileName = "t.csv" } });
        await server.Get<DatasetStore>().CreateAsync(new DatasetRecord
        {
            Name = tenant.Dataset, Project = tenant.Project, State = DatasetState.Ready, Object = content, FileName = "t.csv",
            Profile = content, Creator = user, CreateTime = now, UpdateTime = now,
        });
        await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = "g", Generator = new() { Dataset = tenant.Dataset } });
        await server.Get<SyntheticDatasetStore>().CreateAsync(new SyntheticDatasetRecord
        {
            Name = tenant.Synthetic, Project = tenant.Project, Generator = tenant.Generator, Rows = 1, Seed = 1, State = ArtifactState.Failed,
            Job = tenant.Job, Creator = user, CreateTime = now, UpdateTime = now,
        });
        await server.Get<EvaluationStore>().CreateAsync(new EvaluationRecord
        {
            Name = tenant.Evaluation, Project = tenant.Project, Dataset = tenant.Dataset, SyntheticDataset = tenant.Synthetic,
            State = ArtifactState.Failed, Job = tenant.Job, Report = content, Creator = user, CreateTime = now, UpdateTime = now,
        });
        await server.Get<IGrainFactory>().GetGrain<IJobGrain>(tenant.Job).SubmitAsync(new JobSubmission(
            tenant.Dataset, new ProfilingSpec { Data = new DataInput(content, "t.csv", "") }, 3, WorkRequirements.Any));
        return tenant;
    }
}
