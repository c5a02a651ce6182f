namespace SynthStudio.Api.Tests.Access;

/// <summary>Names of another tenant's resources in the body of a call: not found, and answered as names of nothing are.</summary>
[TestClass]
public sealed class ForeignReferenceTests : ApiTest
{
    [TestMethod]
    public async Task Another_tenants_resources_cannot_be_named_in_a_body()
    {
        var mine = await Tenant.CreateAsync(Server);
        var other = await Tenant.CreateAsync(Server);
        using var client = Server.Client(mine.Key);

        await HiddenAsync("evaluation.dataset", other.Dataset, name => EvaluateAsync(new() { Dataset = name, SyntheticDataset = mine.Synthetic }));
        await HiddenAsync("evaluation.holdout_dataset", other.Dataset, name => EvaluateAsync(
            new() { Dataset = mine.Dataset, HoldoutDataset = name, SyntheticUpload = mine.Dataset }));
        await HiddenAsync("evaluation.synthetic_dataset", other.Synthetic, name => EvaluateAsync(new() { Dataset = mine.Dataset, SyntheticDataset = name }));
        await HiddenAsync("evaluation.synthetic_upload", other.Dataset, name => EvaluateAsync(new() { Dataset = mine.Dataset, SyntheticUpload = name }));
        await HiddenAsync("generator.dataset", other.Dataset, name => client.Generators.CreateGeneratorAsync(
            new() { Parent = mine.Project, Generator = new() { Dataset = name } }).ResponseAsync);
        await HiddenAsync("synthetic_dataset.generator", other.Generator, name => client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = mine.Project, SyntheticDataset = new() { Generator = name, Rows = 1 } }).ResponseAsync);
        await HiddenAsync("upload.previous_version", other.Dataset, name => client.Uploads.CreateUploadAsync(
            new() { Parent = mine.Project, Upload = new() { FileName = "t.csv", PreviousVersion = name } }).ResponseAsync);
        await HiddenAsync("analysis.earlier_dataset", other.Dataset, name => client.Analyses.CreateAnalysisAsync(
            new() { Parent = mine.Dataset, Analysis = new() { EarlierDataset = name } }).ResponseAsync);
        await HiddenAsync("generator", other.Generator, name => client.Registry.SetGeneratorAliasAsync(
            new() { Parent = mine.Project, AliasId = "mine", Generator = name }).ResponseAsync);
        await HiddenAsync("other", other.Generator, name => client.Registry.GetGeneratorComparisonAsync(
            new() { Name = mine.Generator, Other = name }).ResponseAsync);
        await HiddenAsync("resource", other.Dataset, name => client.Registry.GetLineageAsync(new() { Parent = mine.Project, Resource = name }).ResponseAsync);

        await client.Generators.UpdateGeneratorAsync(new() { Generator = new() { Name = mine.Generator, Dataset = other.Dataset, DisplayName = "b" } });
        Assert.AreEqual(mine.Dataset, (await client.Generators.GetGeneratorAsync(new() { Name = mine.Generator })).Dataset, "A data set is not changed.");

        Task EvaluateAsync(V1.Evaluation evaluation) =>
            client.Evaluations.CreateEvaluationAsync(new() { Parent = mine.Project, Evaluation = evaluation }).ResponseAsync;
    }

    private static async Task HiddenAsync(string field, string name, Func<string, Task> call)
    {
        var (error, info) = await RefusedAsync(StatusCode.NotFound, "RESOURCE_NOT_FOUND", () => call(name));
        var (nothing, _) = await RefusedAsync(StatusCode.NotFound, "RESOURCE_NOT_FOUND", () => call(name + "-not-there"));

        Assert.AreEqual(field, info.Metadata["field"]);
        Assert.AreEqual(error.Status.Detail, nothing.Status.Detail.Replace("-not-there", "", StringComparison.Ordinal));
    }
}
