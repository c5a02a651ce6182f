using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>What is still used is not deleted; what is deleted frees its space.</summary>
[TestClass]
public sealed class DeletionTests : ApiTest
{
    [TestMethod]
    [DataRow("dataset")]
    [DataRow("holdout")]
    [DataRow("synthetic upload")]
    public async Task A_data_set_that_an_evaluation_names_is_not_deleted(string role)
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var now = TimeProvider.System.GetUtcNow();
        var name = $"{tenant.Project}/datasets/other";
        await Server.Get<DatasetStore>().CreateAsync(
            new DatasetRecord { Name = name, Project = tenant.Project, State = DatasetState.Ready, Creator = tenant.User, CreateTime = now, UpdateTime = now });
        var evaluation = (await Server.Get<EvaluationStore>().FindAsync(tenant.Evaluation))! with { Name = tenant.Evaluation + "2" };
        await Server.Get<EvaluationStore>().CreateAsync(role switch
        {
            "dataset" => evaluation with { Dataset = name },
            "holdout" => evaluation with { Holdout = name },
            _ => evaluation with { SyntheticDataset = name },
        });

        var (error, _) = await RefusedAsync(
            StatusCode.FailedPrecondition, "STILL_USED", () => client.Datasets.DeleteDatasetAsync(new() { Name = name }).ResponseAsync);
        Assert.Contains(evaluation.Name, error.Status.Detail);

        await client.Evaluations.DeleteEvaluationAsync(new() { Name = evaluation.Name });
        await client.Datasets.DeleteDatasetAsync(new() { Name = name });
    }

    [TestMethod]
    public async Task A_deleted_generator_frees_its_model_and_nothing_else()
    {
        await using var server = await ApiServer.StartAsync(options => options.ObjectGrace = TimeSpan.Zero);
        var tenant = await Tenant.CreateAsync(server);
        using var client = server.Client(tenant.Key);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        var worker = await server.Worker.TakeAsync(training.Name);
        var checkpoint = await server.Worker.PutAsync("a checkpoint");
        await worker.TellAsync(new WorkCheckpointed(new CheckpointRef(checkpoint, 1)));
        await EventuallyAsync(
            async () => (await server.Get<JobIndex>().FindAsync(training.Name))!.Snapshot.Needs.Count, needs => needs == 2);
        var objects = server.Get<IObjectStore>();
        var data = (await server.Get<DatasetStore>().FindAsync(tenant.Dataset))!.Object!;
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);
        Assert.IsTrue(await objects.ExistsAsync(checkpoint, Cancellation), "The training may resume from it.");

        await worker.CompleteAsync(("model", "the model"));
        var model = await EventuallyAsync(async () => (await server.Get<GeneratorIndex>().FindAsync(tenant.Generator))!.Model, m => m is not null);
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);
        Assert.IsFalse(await objects.ExistsAsync(checkpoint, Cancellation), "The training has ended.");
        Assert.IsTrue(await objects.ExistsAsync(model!, Cancellation));

        await server.Get<SyntheticDatasetStore>().DeleteAsync(tenant.Synthetic, cancellation: Cancellation);
        await client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator });
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);
        Assert.IsTrue(await objects.ExistsAsync(model!, Cancellation), "It may come back.");
        await client.Generators.PurgeGeneratorAsync(new() { Name = tenant.Generator });
        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);
        Assert.IsFalse(await objects.ExistsAsync(model!, Cancellation));
        Assert.IsTrue(await objects.ExistsAsync(data, Cancellation), "The data set is still there.");
    }

    [TestMethod]
    public async Task Bytes_of_an_upload_that_was_never_noted_are_removed_and_those_of_open_ones_stay()
    {
        await using var server = await ApiServer.StartAsync(options => options.ObjectGrace = TimeSpan.FromSeconds(-1));
        using var client = server.Client((await server.UserAsync()).Key);
        var open = await client.Uploads.CreateUploadAsync(new() { Parent = await client.ProjectAsync(), Upload = new() { FileName = "t.csv" } });
        var uploads = server.Get<IUploadStore>();
        var stray = await uploads.CreateAsync(null, Cancellation);

        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        await Assert.ThrowsExactlyAsync<UploadNotFoundException>(() => uploads.GetCommittedSizeAsync(stray, Cancellation));
        Assert.AreEqual(0, await uploads.GetCommittedSizeAsync((await server.Get<UploadIndex>().FindAsync(open.Name, Cancellation))!.Session, Cancellation));
    }

    [TestMethod]
    public async Task An_upload_that_nobody_completed_in_time_is_discarded_and_the_trail_says_so()
    {
        await using var server = await ApiServer.StartAsync(options => options.UploadLifetime = TimeSpan.Zero);
        using var client = server.Client((await server.UserAsync()).Key);
        var project = await client.ProjectAsync();
        var upload = await client.Uploads.CreateUploadAsync(new() { Parent = project, Upload = new() { FileName = "t.csv" } });
        await Task.Delay(5, Cancellation); // Clocks of databases go by milliseconds.

        await server.Get<Housekeeping>().RunOnceAsync(Cancellation);

        Assert.AreEqual(V1.UploadState.Abandoned, (await client.Uploads.GetUploadAsync(new() { Name = upload.Name })).State);
        var noted = (await client.Audit.ListAuditEntriesAsync(new() { Parent = project, Filter = new() { Method = "UploadService/DeleteUpload" } })).AuditEntries.Single();
        Assert.AreEqual(("system", upload.Name, "OK"), (noted.Actor, noted.Resource, noted.Outcome));
    }

    [TestMethod]
    public async Task An_evaluation_whose_creation_died_is_submitted_as_it_was_asked_for()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var created = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        var evaluation = (await Server.Get<EvaluationStore>().FindAsync(tenant.Evaluation))! with
        {
            Name = $"{tenant.Project}/evaluations/died", SyntheticDataset = tenant.Dataset, State = ArtifactState.Pending, Seed = 77, Priority = 1,
            Job = $"{tenant.Project}/jobs/died", Report = null, CreateTime = created, UpdateTime = created,
        };
        await Server.Get<EvaluationStore>().CreateAsync(evaluation);

        Assert.AreEqual(77, (await client.Evaluations.GetEvaluationAsync(new() { Name = evaluation.Name })).Seed);

        Assert.AreEqual(1, (await client.Jobs.GetJobAsync(new() { Name = evaluation.Job })).Priority);
        var worker = await Server.Worker.TakeAsync(evaluation.Job);
        Assert.AreEqual(77, ((EvaluationSpec)worker.Order.Spec).Seed);
    }
}
