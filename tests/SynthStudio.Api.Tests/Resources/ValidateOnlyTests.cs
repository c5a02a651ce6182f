using Google.Protobuf;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>Requests that are only checked: refused as the real ones would be, and never making anything.</summary>
[TestClass]
public sealed class ValidateOnlyTests : ApiTest
{
    [TestMethod]
    public async Task A_good_request_answers_what_would_be_made_and_makes_nothing()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var before = await CountAsync(client, tenant);

        var generator = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = "new", Generator = new() { Dataset = tenant.Dataset }, ValidateOnly = true });
        var upload = await client.Uploads.CreateUploadAsync(
            new() { Parent = tenant.Project, UploadId = "new", Upload = new() { FileName = "t.csv" }, ValidateOnly = true });
        var training = await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator, ValidateOnly = true });

        Assert.AreEqual($"{tenant.Project}/generators/new", generator.Name);
        Assert.AreEqual("autoregressive", generator.Method);
        Assert.AreEqual("", generator.Etag);
        Assert.AreEqual($"{tenant.Project}/datasets/new", upload.Dataset);
        Assert.AreEqual(V1.GeneratorState.Draft, training.State);
        Assert.AreEqual(before, await CountAsync(client, tenant));
        await RefusedAsync(StatusCode.NotFound, null, () => client.Generators.GetGeneratorAsync(new() { Name = generator.Name }).ResponseAsync);
    }

    [TestMethod]
    public async Task What_a_training_would_do_and_take_is_told_by_the_workers()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);

        const long Seed = 5_812;
        var generator = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, Seed = Seed } });

        var estimate = (await client.Generators.TrainGeneratorAsync(new() { Name = generator.Name, ValidateOnly = true })).Estimate;

        Assert.AreEqual(("autoregressive", 2, 900L << 20), (estimate.Method, estimate.Threads, estimate.MemoryBytes));
        Assert.AreEqual((TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(90)), (estimate.Time.ToTimeSpan(), estimate.ProcessorTime.ToTimeSpan()));
        var asked = Server.Get<FakeMethods>().Asked.First(question => question.Training.Seed == Seed);
        var table = await client.Datasets.GetDatasetAsync(new() { Name = tenant.Dataset });
        Assert.AreEqual((table.RowCount, table.ColumnCount), (asked.Rows, asked.Columns));
        Assert.AreEqual(0, estimate.Epsilon);

        var unmeasured = await client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset, Method = "copula" }, ValidateOnly = true });
        Assert.IsNull(unmeasured.Estimate.Time);
        Assert.Contains("copula was not measured", string.Join(' ', unmeasured.Estimate.Notes), "No figure is invented.");
    }

    [TestMethod]
    public async Task A_drawing_and_an_evaluation_are_checked_against_what_they_need()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var drawing = new V1.CreateSyntheticDatasetRequest
        {
            Parent = tenant.Project, SyntheticDataset = new() { Generator = tenant.Generator, Rows = 3 }, ValidateOnly = true,
        };
        var evaluation = new V1.CreateEvaluationRequest
        {
            Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticUpload = tenant.EmptyDataset }, ValidateOnly = true,
        };

        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Synthetics.CreateSyntheticDatasetAsync(drawing).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Evaluations.CreateEvaluationAsync(evaluation).ResponseAsync);

        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        await (await Server.Worker.TakeAsync(training.Name)).CompleteAsync(("model", "m"));
        evaluation.Evaluation.SyntheticUpload = tenant.Dataset;
        evaluation.Evaluation.Seed = 5;
        var before = await CountAsync(client, tenant);
        Assert.AreEqual(3, (await client.Synthetics.CreateSyntheticDatasetAsync(drawing)).Rows);
        Assert.AreEqual(5, (await client.Evaluations.CreateEvaluationAsync(evaluation)).Seed);
        Assert.AreEqual(before, await CountAsync(client, tenant));
    }

    [TestMethod]
    public async Task What_cannot_be_made_is_refused_as_it_would_be()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var generator = new V1.Generator { Dataset = tenant.Dataset };

        await RefusedAsync(StatusCode.AlreadyExists, "RESOURCE_EXISTS", () => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = "g", Generator = generator, ValidateOnly = true }).ResponseAsync);
        await RefusedAsync(StatusCode.AlreadyExists, "RESOURCE_EXISTS", () => client.Uploads.CreateUploadAsync(
            new() { Parent = tenant.Project, UploadId = "u", Upload = new() { FileName = "t.csv" }, ValidateOnly = true }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "OPTION_OUT_OF_RANGE", () => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new(generator) { Options = { ["width"] = "1" } }, ValidateOnly = true }).ResponseAsync);
        await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator });
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Generators.TrainGeneratorAsync(
            new() { Name = tenant.Generator, ValidateOnly = true }).ResponseAsync);
    }

    [TestMethod]
    public async Task A_check_does_not_use_its_request_id_up()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var request = new V1.CreateGeneratorRequest
        {
            Parent = tenant.Project, Generator = new() { Dataset = tenant.Dataset }, RequestId = Guid.NewGuid().ToString(), ValidateOnly = true,
        };

        var preview = await client.Generators.CreateGeneratorAsync(request);
        request.ValidateOnly = false;
        var made = await client.Generators.CreateGeneratorAsync(request);

        Assert.AreEqual(preview.Name, made.Name);
        Assert.AreNotEqual("", made.Etag);
    }

    /// <summary>Everything there is in the project.</summary>
    private static async Task<string> CountAsync(ApiClient client, Tenant tenant) => string.Join('\n', new IMessage[]
    {
        await client.Uploads.ListUploadsAsync(new() { Parent = tenant.Project }),
        await client.Datasets.ListDatasetsAsync(new() { Parent = tenant.Project }),
        await client.Generators.ListGeneratorsAsync(new() { Parent = tenant.Project }),
        await client.Synthetics.ListSyntheticDatasetsAsync(new() { Parent = tenant.Project }),
        await client.Evaluations.ListEvaluationsAsync(new() { Parent = tenant.Project }),
        await client.Jobs.ListJobsAsync(new() { Parent = tenant.Project }),
    }.Select(list => list.ToString()));
}
