using Google.Protobuf.WellKnownTypes;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>From a table to synthetic rows, a model package and a report, through the service's API.</summary>
internal sealed class RunPipeline(SynthClient client, IProgressView view, TimeProvider time)
{
    private readonly FileUploader uploader = new(client, view);
    private readonly JobFollower follower = new(client, time);

    /// <summary>Does it all, writes the results and returns the record and the report's metrics.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="isHosted">Whether the service runs in this process.</param>
    /// <param name="started">Timestamp of the program's start.</param>
    /// <param name="cancellation">Cancels the job that runs, then ends.</param>
    public async Task<(RunRecord Record, IReadOnlyDictionary<string, double> Metrics)> RunAsync(
        RunRequest request, bool isHosted, long started, CancellationToken cancellation)
    {
        if (request is not { Privacy: not null, Method: "" }) await MethodCheck.RunAsync(client, request.Method, request.Options, cancellation);
        var begin = time.GetTimestamp();
        var dataset = await uploader.UploadDatasetAsync(request.Data, request.SchemaJson, "read", cancellation, withheld: request.Privacy is not null);
        dataset = await ProfileAsync(dataset, "read", cancellation);
        if (request.Privacy is { } terms) await EnsureBudgetAsync(dataset, terms, cancellation);

        // The holdout table too is read before the training: better to be told of a bad one now than after a long wait.
        var holdout = await ReadHoldoutAsync(request, dataset, cancellation);
        var ingest = Elapsed(ref begin);
        var (generator, training) = await TrainAsync(request, dataset, cancellation);
        var package = Downloads.SaveAsync(
            client.Generators.ExportGenerator(new ExportGeneratorRequest { Name = generator.Name }, cancellationToken: cancellation),
            request.ModelFile,
            cancellation);
        var train = Elapsed(ref begin);

        var learned = request.Privacy is null ? dataset.RowCount : (long)training.Metrics["rows"]; // Declared, or counted with noise.
        var rows = request.Rows ?? learned;
        var (synthetic, generation) = await GenerateAsync(request, generator, rows, cancellation);
        await package;
        var generate = Elapsed(ref begin);

        var metrics = await EvaluateAsync(request, dataset, holdout, synthetic, cancellation);
        var evaluate = Elapsed(ref begin);

        var record = new RunRecord
        {
            Version = typeof(RunPipeline).Assembly.GetName().Version?.ToString(3) ?? "",
            Data = request.Data.Name,
            Rows = learned,
            RowsLearned = (long)(Metric(training, "rows_learned") ?? learned),
            Columns = request.Privacy is null ? dataset.ColumnCount : (int)training.Metrics["columns"],
            SyntheticRows = rows,
            Method = generator.Method,
            Chosen = RunChoice.Of(request.ModelFile),
            Seed = request.Seed,
            Device = training.Metrics.GetValueOrDefault("cuda") > 0 ? "cuda" : "cpu",
            Seconds = new RunSeconds(ingest, train, generate, evaluate, Math.Round(time.GetElapsedTime(started).TotalSeconds, 3)),
            PeakMemoryBytes = new RunMemory(
                training.Metrics.TryGetValue("peak_memory_bytes", out var peak) ? (long)peak : null,
                isHosted ? HostMemory.PeakBytes() : null),
            Epochs = Metric(training, "epochs"),
            BestValidationLoss = Metric(training, "best_validation_loss"),
            Privacy = RunPrivacy.Of(generator),
            Constraints = RunConstraints.From(training.Metrics, generation.Metrics),
        };
        record.Write(request.RecordFile);
        return (record, metrics);
    }

    private async Task<Dataset?> ReadHoldoutAsync(RunRequest request, Dataset train, CancellationToken cancellation)
    {
        if (request.Holdout is not { } file)
        {
            return null;
        }

        // What was learned about the training table's columns holds for the holdout's.
        var dataset = await uploader.UploadDatasetAsync(
            file, request.SchemaJson ?? train.SchemaJson, "holdout", cancellation, withheld: request.Privacy is not null);
        return await ProfileAsync(dataset, "holdout", cancellation);
    }

    private async Task<Dataset> ProfileAsync(Dataset dataset, string step, CancellationToken cancellation)
    {
        await follower.FollowAsync(dataset.Job, StepNames.WholeJob(view, step, FileUploader.ShareOfStep), cancellation);
        dataset = await client.Datasets.GetDatasetAsync(new GetDatasetRequest { Name = dataset.Name }, cancellationToken: cancellation);
        view.Show(new StepProgress(step, 1, Detail: dataset.Withheld ? "withheld" : Counts.OfTable(dataset.RowCount, dataset.ColumnCount)));
        return dataset;
    }

    /// <summary>Whoever runs this owns the table: its people get a budget of just this promise, unless they have one.</summary>
    private async Task EnsureBudgetAsync(Dataset dataset, PrivacyTerms terms, CancellationToken cancellation)
    {
        var name = dataset.Name + "/privacyBudget";
        var budget = await client.Privacy.GetPrivacyBudgetAsync(new GetPrivacyBudgetRequest { Name = name }, cancellationToken: cancellation);
        if (budget.Epsilon > 0) return;
        await client.Privacy.SetPrivacyBudgetAsync(
            new SetPrivacyBudgetRequest
            {
                PrivacyBudget = new PrivacyBudget { Name = name, Epsilon = terms.Epsilon, Delta = terms.Delta },
                RequestId = NewRequest(),
            },
            cancellationToken: cancellation);
    }

    private async Task<(Generator Generator, Job Training)> TrainAsync(RunRequest request, Dataset dataset, CancellationToken cancellation)
    {
        var wanted = new Generator
        {
            Dataset = dataset.Name,
            DisplayName = request.Data.Name,
            Method = request.Method,
            Seed = request.Seed,
            MaxTime = request.MaxTime is { } limit ? Duration.FromTimeSpan(limit) : null,
            PrivacyTerms = request.Privacy,
            HoldBack = request.LearnsAllRows ? HoldBack.Nothing : HoldBack.Rows,
        };
        wanted.Options.Add(request.Options.ToDictionary());
        var preview = await client.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = client.Project, Generator = wanted, ValidateOnly = true }, cancellationToken: cancellation);
        if (EstimateText.Of(preview.Estimate) is { } expected) view.Say(expected);
        var created = await client.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = client.Project, Generator = wanted, RequestId = NewRequest() }, cancellationToken: cancellation);
        var generator = await client.Generators.TrainGeneratorAsync(
            new TrainGeneratorRequest { Name = created.Name, RequestId = NewRequest() }, cancellationToken: cancellation);
        var training = await follower.FollowAsync(generator.Training.Name, StepNames.Training(view), cancellation);
        generator = await client.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = generator.Name }, cancellationToken: cancellation);
        return (generator, training);
    }

    private async Task<(SyntheticDataset Rows, Job Generation)> GenerateAsync(
        RunRequest request, Generator generator, long rows, CancellationToken cancellation)
    {
        var synthetic = await client.SyntheticDatasets.CreateSyntheticDatasetAsync(
            new CreateSyntheticDatasetRequest
            {
                Parent = client.Project,
                RequestId = NewRequest(),
                SyntheticDataset = new SyntheticDataset { Generator = generator.Name, Rows = rows, Seed = request.Seed },
            },
            cancellationToken: cancellation);
        var generation = await follower.FollowAsync(synthetic.Job, StepNames.WholeJob(view, "generate"), cancellation);
        await Downloads.SaveAsync(
            client.SyntheticDatasets.DownloadSyntheticDataset(
                new DownloadSyntheticDatasetRequest { Name = synthetic.Name }, cancellationToken: cancellation),
            request.SyntheticFile,
            cancellation);
        view.Show(new StepProgress("generate", 1, Detail: Counts.Of(rows, "row")));
        return (synthetic, generation);
    }

    private async Task<IReadOnlyDictionary<string, double>> EvaluateAsync(
        RunRequest request, Dataset train, Dataset? holdout, SyntheticDataset synthetic, CancellationToken cancellation)
    {
        var evaluation = new Evaluation
        {
            Dataset = train.Name,
            HoldoutDataset = holdout?.Name ?? "",
            SyntheticDataset = synthetic.Name,
            Seed = request.Seed,
            Settings = request.Evaluation,
            OutsideGuarantee = request.Privacy is not null, // The report stays with whoever has the table anyway, and says what it is.
        };
        return await new EvaluationRunner(client, view, follower).RunAsync(evaluation, request.ReportFile, request.ReportPage, cancellation);
    }

    private static string NewRequest() => Guid.NewGuid().ToString();

    private static double? Metric(Job job, string name) => job.Metrics.TryGetValue(name, out var value) ? value : null;

    private double Elapsed(ref long begin)
    {
        var now = time.GetTimestamp();
        var seconds = time.GetElapsedTime(begin, now).TotalSeconds;
        begin = now;
        return Math.Round(seconds, 3);
    }
}
