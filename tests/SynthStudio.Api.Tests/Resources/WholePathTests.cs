using System.Text;
using Google.Api;

namespace SynthStudio.Api.Tests.Resources;

/// <summary>From a data set to a report, through the real grains; the workers' part is played.</summary>
[TestClass]
public sealed class WholePathTests : ApiTest
{
    [TestMethod]
    public async Task A_generator_is_trained_draws_rows_and_is_scored()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Synthetics.CreateSyntheticDatasetAsync(
            new() { Parent = tenant.Project, SyntheticDataset = new() { Generator = tenant.Generator, Rows = 3 } }).ResponseAsync);

        await TrainAsync(client, tenant);
        var synthetic = await DrawAsync(client, tenant);
        await EvaluateAsync(client, tenant, synthetic);
        await HeldBackRowsAreTheHoldoutAsync(client, tenant, synthetic);

        var jobs = (await client.Jobs.ListJobsAsync(new() { Parent = tenant.Project })).Jobs;
        CollectionAssert.IsSubsetOf(
            new[] { V1.JobKind.Training, V1.JobKind.Generation, V1.JobKind.Evaluation }, jobs.Select(j => j.Kind).ToArray());
        var trainings = (await client.Jobs.ListJobsAsync(new() { Parent = tenant.Project, Kind = V1.JobKind.Training })).Jobs;
        Assert.AreEqual(tenant.Generator, trainings.Single().Subject);
        await RefusedAsync(StatusCode.FailedPrecondition, "STILL_USED", () => client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, "STILL_USED", () => client.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset }).ResponseAsync);

        await DeleteAllAsync(client, tenant, synthetic.Name);
    }

    [TestMethod]
    public async Task A_failed_job_says_why_in_its_resource()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        var worker = await Server.Worker.TakeAsync(training.Name);

        await worker.FailAsync("DUPLICATE_COLUMN");

        var generator = await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator });
        Assert.AreEqual(V1.GeneratorState.Failed, generator.State);
        Assert.AreEqual(V1.JobErrorClass.User, generator.Training.Error.ErrorClass);
        Assert.AreEqual("DUPLICATE_COLUMN", generator.Training.Error.Reason);
        Assert.AreEqual("age", generator.Training.Error.Subject);
        Assert.AreEqual(7, generator.Training.Error.Row);
    }

    [TestMethod]
    public async Task A_training_is_paused_resumed_and_cancelled()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var name = tenant.Generator;
        await RefusedAsync(StatusCode.FailedPrecondition, null, () => client.Generators.PauseGeneratorAsync(new() { Name = name }).ResponseAsync);
        await RefusedAsync(StatusCode.FailedPrecondition, null, () => client.Generators.CancelGeneratorTrainingAsync(new() { Name = name }).ResponseAsync);
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = name, Priority = 1 })).Training;
        Assert.AreEqual(1, training.Priority);
        var queued = await client.Jobs.GetJobAsync(new() { Name = training.Name });
        Assert.AreEqual(V1.JobState.Queued, queued.State);
        Assert.IsNotNull(queued.Queue, "A waiting job says where it stands.");
        var worker = await Server.Worker.TakeAsync(training.Name);

        await client.Generators.PauseGeneratorAsync(new() { Name = name });
        Assert.AreEqual(WorkDirective.Pause, await worker.TellAsync());
        await worker.TellAsync(new WorkPaused(false));
        Assert.AreEqual(V1.GeneratorState.Paused, (await client.Generators.GetGeneratorAsync(new() { Name = name })).State);

        await client.Generators.ResumeGeneratorAsync(new() { Name = name });
        Assert.AreEqual(V1.GeneratorState.Queued, (await client.Generators.GetGeneratorAsync(new() { Name = name })).State);

        await client.Generators.CancelGeneratorTrainingAsync(new() { Name = name });
        Assert.AreEqual(V1.GeneratorState.Cancelled, (await client.Generators.GetGeneratorAsync(new() { Name = name })).State);
        await client.Jobs.CancelJobAsync(new() { Name = training.Name }); // Ended: nothing to do.
    }

    [TestMethod]
    public async Task Training_again_under_the_same_request_id_is_one_training()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        var request = new V1.TrainGeneratorRequest { Name = tenant.Generator, RequestId = Guid.NewGuid().ToString() };

        var first = await client.Generators.TrainGeneratorAsync(request);
        var second = await client.Generators.TrainGeneratorAsync(request);

        Assert.AreEqual(first.Training.Name, second.Training.Name);
        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);
    }

    [TestMethod]
    public async Task Wrong_definitions_are_refused_by_field()
    {
        var tenant = await Tenant.CreateAsync(Server);
        using var client = Server.Client(tenant.Key);
        (V1.Generator Generator, string Field)[] generators =
        [
            (new() { Dataset = "nonsense" }, "generator.dataset"),
            (new() { Dataset = tenant.Dataset, Method = "magic" }, "generator.method"),
            (new() { Dataset = tenant.Dataset, Accelerator = "tpu" }, "generator.accelerator"),
            (new() { Dataset = tenant.Dataset, MaxTime = new() { Seconds = -1 } }, "generator.max_time"),
            (new() { Dataset = tenant.Dataset, HoldBack = (V1.HoldBack)9 }, "generator.hold_back"),
        ];
        foreach (var (generator, field) in generators)
        {
            var (_, info) = await RefusedAsync(StatusCode.InvalidArgument, null, () => client.Generators.CreateGeneratorAsync(
                new() { Parent = tenant.Project, Generator = generator }).ResponseAsync);
            Assert.AreEqual(field, info.Metadata["field"]);
        }

        (V1.SyntheticDataset Synthetic, string Field)[] synthetics =
        [
            (new() { Generator = tenant.Generator }, "synthetic_dataset.rows"),
            (new() { Generator = tenant.Generator, Rows = 1, Temperature = 0 }, "synthetic_dataset.temperature"),
            (new() { Generator = tenant.Generator, Rows = 1, Given = { ["a"] = "1" }, GivenMissing = { "a" } }, "synthetic_dataset.given_missing"),
            (new() { Generator = tenant.Generator, Rows = 1, Terms = new() { Conditions = { new V1.ColumnCondition { Column = "a" } } } }, "synthetic_dataset.terms.conditions[0]"),
            (new() { Generator = tenant.Generator, Rows = 1, Terms = new() { Shares = { new V1.ColumnShares { Column = "a", Shares = { ["x"] = 2 } } } } }, "synthetic_dataset.terms.shares"),
            (
                new()
                {
                    Generator = tenant.Generator, Rows = 1,
                    Terms = new() { Shares = { new V1.ColumnShares { Column = "a", Shares = { ["1"] = .5, ["1.0"] = .5 } } } },
                },
                "synthetic_dataset.terms.shares"),
        ];
        foreach (var (synthetic, field) in synthetics)
        {
            var (_, info) = await RefusedAsync(StatusCode.InvalidArgument, null, () => client.Synthetics.CreateSyntheticDatasetAsync(
                new() { Parent = tenant.Project, SyntheticDataset = synthetic }).ResponseAsync);
            Assert.AreEqual(field, info.Metadata["field"]);
        }

        await RefusedAsync(StatusCode.FailedPrecondition, "STATE_FORBIDS", () => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, Generator = new() { Dataset = tenant.EmptyDataset } }).ResponseAsync);
        await RefusedAsync(StatusCode.AlreadyExists, "RESOURCE_EXISTS", () => client.Generators.CreateGeneratorAsync(
            new() { Parent = tenant.Project, GeneratorId = "g", Generator = new() { Dataset = tenant.Dataset, Seed = 99 } }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, "RESOURCE_NOT_FOUND", () => client.Generators.GetGeneratorAsync(
            new() { Name = tenant.Project + "/generators/none" }).ResponseAsync);
    }

    private static async Task DeleteAllAsync(ApiClient client, Tenant tenant, string synthetic)
    {
        foreach (var evaluation in (await client.Evaluations.ListEvaluationsAsync(new() { Parent = tenant.Project })).Evaluations)
            await client.Evaluations.DeleteEvaluationAsync(new() { Name = evaluation.Name, Etag = evaluation.Etag });
        foreach (var drawn in (await client.Synthetics.ListSyntheticDatasetsAsync(new() { Parent = tenant.Project })).SyntheticDatasets)
            await client.Synthetics.DeleteSyntheticDatasetAsync(new() { Name = drawn.Name });
        await client.Generators.DeleteGeneratorAsync(new() { Name = tenant.Generator });
        await client.Uploads.DeleteUploadAsync(new() { Name = tenant.Upload });
        await client.Jobs.CancelJobAsync(new() { Name = tenant.Job });
        await client.Datasets.DeleteDatasetAsync(new() { Name = tenant.Dataset });
        foreach (var drawn in (await client.Synthetics.ListSyntheticDatasetsAsync(new() { Parent = tenant.Project, ShowDeleted = true })).SyntheticDatasets)
            await client.Synthetics.PurgeSyntheticDatasetAsync(new() { Name = drawn.Name });
        await client.Generators.PurgeGeneratorAsync(new() { Name = tenant.Generator });
        await client.Datasets.PurgeDatasetAsync(new() { Name = tenant.Dataset });

        await RefusedAsync(StatusCode.NotFound, null, () => client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator }).ResponseAsync);
        await RefusedAsync(StatusCode.NotFound, null, () => client.Synthetics.GetSyntheticDatasetAsync(new() { Name = synthetic }).ResponseAsync);
        Assert.IsEmpty((await client.Jobs.ListJobsAsync(new() { Parent = tenant.Project })).Jobs);
        await client.Projects.DeleteProjectAsync(new() { Name = tenant.Project });
    }

    private async Task TrainAsync(ApiClient client, Tenant tenant)
    {
        var training = (await client.Generators.TrainGeneratorAsync(new() { Name = tenant.Generator })).Training;
        var worker = await Server.Worker.TakeAsync(training.Name);
        await worker.ProgressAsync("train", 0.5, "training_loss", 1.5);
        Assert.AreEqual(V1.GeneratorState.Training, (await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator })).State);
        await worker.CompleteAsync(("model", "a model package"), ("report", """{"qa":0.97}"""), ("report_html", "<!DOCTYPE html>"));

        var generator = await client.Generators.GetGeneratorAsync(new() { Name = tenant.Generator });
        Assert.AreEqual(V1.GeneratorState.Ready, generator.State);
        Assert.IsFalse(generator.Privacy.Guaranteed);
        Assert.AreEqual("non_private", generator.Privacy.Releases.Single().Event);
        Assert.AreEqual(V1.HoldBack.AndReport, generator.HoldBack);
        using var page = client.Generators.DownloadGeneratorReport(new() { Name = tenant.Generator });
        Assert.AreEqual("<!DOCTYPE html>", Encoding.UTF8.GetString((await ReadAllAsync(page.ResponseStream)).ToArray()));
        using var json = client.Generators.DownloadGeneratorReport(new() { Name = tenant.Generator, Format = V1.ReportFormat.Json });
        Assert.AreEqual("""{"qa":0.97}""", Encoding.UTF8.GetString((await ReadAllAsync(json.ResponseStream)).ToArray()));
        using var export = client.Generators.ExportGenerator(new() { Name = tenant.Generator });
        Assert.AreEqual("a model package", FakePackage.ContentOf([.. await ReadAllAsync(export.ResponseStream)]));
    }

    private async Task<V1.SyntheticDataset> DrawAsync(ApiClient client, Tenant tenant)
    {
        var terms = new V1.DrawingTerms { Conditions = { new V1.ColumnCondition { Column = "c", Range = new() { Low = "3", LowExclusive = true } } } };
        var synthetic = await client.Synthetics.CreateSyntheticDatasetAsync(new()
        {
            Parent = tenant.Project,
            SyntheticDataset = new() { Generator = tenant.Generator, Rows = 3, Given = { ["b"] = "x" }, GivenMissing = { "a" }, Terms = terms },
        });
        Assert.AreEqual(1, synthetic.Temperature);
        Assert.AreEqual(terms, synthetic.Terms);
        CollectionAssert.AreEqual(new[] { "a" }, synthetic.GivenMissing);
        await RefusedAsync(StatusCode.FailedPrecondition, null, async () =>
        {
            using var early = client.Synthetics.DownloadSyntheticDataset(new() { Name = synthetic.Name });
            await early.ResponseStream.MoveNext(Cancellation);
        });
        using var rows = client.Synthetics.StreamRows(new() { Name = synthetic.Name }, cancellationToken: Cancellation);
        var worker = await Server.Worker.TakeAsync(synthetic.Job);

        await worker.PartAsync(0, "a,b\n1,x\n");
        Assert.IsTrue(await rows.ResponseStream.MoveNext(Cancellation), "Rows arrive while others are still drawn.");
        Assert.AreEqual("a,b\n1,x\n", rows.ResponseStream.Current.Csv.ToStringUtf8());
        Assert.IsTrue(rows.ResponseStream.Current.PartEnd);
        Assert.AreEqual(1, rows.ResponseStream.Current.PartRows);

        await worker.PartAsync(1, "2,x\n3,x\n");
        await worker.CompleteAsync();
        var rest = new StringBuilder();
        while (await rows.ResponseStream.MoveNext(Cancellation))
        {
            rest.Append(rows.ResponseStream.Current.Csv.ToStringUtf8());
        }

        Assert.AreEqual("2,x\n3,x\n", rest.ToString());
        synthetic = await EventuallyAsync(
            async () => await client.Synthetics.GetSyntheticDatasetAsync(new() { Name = synthetic.Name }), s => s.State == V1.SyntheticDatasetState.Ready);
        Assert.AreEqual("a,b\n1,x\n2,x\n3,x\n".Length, synthetic.SizeBytes);
        using var download = client.Synthetics.DownloadSyntheticDataset(new() { Name = synthetic.Name });
        Assert.AreEqual("a,b\n1,x\n2,x\n3,x\n", Encoding.UTF8.GetString((await ReadAllAsync(download.ResponseStream)).ToArray()));
        using var second = client.Synthetics.StreamRows(new() { Name = synthetic.Name, FirstPart = 1 });
        Assert.IsTrue(await second.ResponseStream.MoveNext(Cancellation));
        Assert.AreEqual("2,x\n3,x\n", second.ResponseStream.Current.Csv.ToStringUtf8());
        return synthetic;
    }

    private async Task EvaluateAsync(ApiClient client, Tenant tenant, V1.SyntheticDataset synthetic)
    {
        var evaluation = await client.Evaluations.CreateEvaluationAsync(new()
        {
            Parent = tenant.Project,
            Evaluation = new()
            {
                Dataset = tenant.Dataset, SyntheticDataset = synthetic.Name, HoldoutDataset = tenant.Dataset,
                Settings = new() { PrivacyAttacks = V1.PrivacyAttacks.Full, QuasiIdentifiers = { "a" }, Targets = { "b" } },
            },
        });
        Assert.AreEqual(V1.PrivacyAttacks.Full, evaluation.Settings.PrivacyAttacks);
        await RefusedAsync(StatusCode.FailedPrecondition, null, () => client.Evaluations.GetEvaluationReportAsync(
            new() { Name = evaluation.Name + "/report" }).ResponseAsync);
        var worker = await Server.Worker.TakeAsync(evaluation.Job);
        var spec = (EvaluationSpec)worker.Order.Spec;
        Assert.AreEqual((new RowSplit(false, 0), null), (spec.Train.Split, spec.Holdout!.Split), "The generator learned a part of the table; the holdout is the one that was named.");
        await worker.CompleteAsync(("report", """{"qa":0.98}"""), ("report_html", "<!DOCTYPE html>"));

        await EventuallyAsync(
            async () => await client.Evaluations.GetEvaluationAsync(new() { Name = evaluation.Name }), e => e.State == V1.EvaluationState.Ready);
        Assert.AreEqual("""{"qa":0.98}""", (await client.Evaluations.GetEvaluationReportAsync(new() { Name = evaluation.Name + "/report" })).Json);
        await ReadReportsAsync(client, evaluation.Name + "/report");
        var read = await client.Evaluations.GetEvaluationAsync(new() { Name = evaluation.Name });
        CollectionAssert.AreEqual(new[] { "a" }, read.Settings.QuasiIdentifiers.ToArray());
        CollectionAssert.AreEqual(new[] { "b" }, read.Settings.Targets.ToArray());
        Assert.AreEqual(evaluation.Name, (await client.Evaluations.ListEvaluationsAsync(
            new() { Parent = tenant.Project, PageSize = 1 })).Evaluations.Single().Name);
    }

    private async Task HeldBackRowsAreTheHoldoutAsync(ApiClient client, Tenant tenant, V1.SyntheticDataset synthetic)
    {
        var evaluation = await client.Evaluations.CreateEvaluationAsync(
            new() { Parent = tenant.Project, Evaluation = new() { Dataset = tenant.Dataset, SyntheticDataset = synthetic.Name } });
        var worker = await Server.Worker.TakeAsync(evaluation.Job);
        var spec = (EvaluationSpec)worker.Order.Spec;
        Assert.AreEqual(spec.Train.Object, spec.Holdout!.Object);
        Assert.AreEqual((new RowSplit(false, 0), new RowSplit(true, 0)), (spec.Train.Split, spec.Holdout.Split));
        await worker.CompleteAsync(("report", "{}"), ("report_html", "<!DOCTYPE html>"));
    }

    private async Task ReadReportsAsync(ApiClient client, string report)
    {
        using var page = client.Evaluations.DownloadEvaluationReport(new() { Name = report });
        Assert.AreEqual("<!DOCTYPE html>", Encoding.UTF8.GetString((await ReadAllAsync(page.ResponseStream)).ToArray()));
        using var json = client.Evaluations.DownloadEvaluationReport(new() { Name = report, Format = V1.ReportFormat.Json });
        Assert.AreEqual("""{"qa":0.98}""", Encoding.UTF8.GetString((await ReadAllAsync(json.ResponseStream)).ToArray()));
    }

    private async Task<List<byte>> ReadAllAsync(IAsyncStreamReader<HttpBody> stream)
    {
        List<byte> all = [];
        while (await stream.MoveNext(Cancellation)) all.AddRange(stream.Current.Data.Span);
        return all;
    }
}
