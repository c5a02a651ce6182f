using System.Collections.Concurrent;
using System.CommandLine;
using Grpc.Core;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Outcome;
using SynthStudio.Cli.Progress;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth evaluate</c>: scores a synthetic table against the real one.</summary>
internal sealed class EvaluateCommand(TimeProvider time)
{
    private readonly ConnectionOptions connection = new();
    private readonly Option<FileInfo> train = new("--train") { Description = "The table the generator learned.", HelpName = "FILE", Required = true };
    private readonly Option<FileInfo> synthetic = new("--synthetic") { Description = "The synthetic table.", HelpName = "FILE", Required = true };
    private readonly Option<FileInfo?> holdout = new("--holdout") { Description = "Real rows the generator has not seen.", HelpName = "FILE" };
    private readonly Option<FileInfo?> schema = new("--schema") { Description = "Schema file: kinds of columns, target and task.", HelpName = "FILE" };
    private readonly Option<long> seed = new("--seed") { Description = "Seed of samples and folds.", HelpName = "N" };
    private readonly Option<FileInfo?> json = new("--json") { Description = "File for the report as JSON.", HelpName = "FILE" };
    private readonly Option<FileInfo?> html = new("--html") { Description = "File for the report as one page for people.", HelpName = "FILE" };
    private readonly EvaluationOptionSet wanted = new();

    public Command Create()
    {
        var command = new Command("evaluate", "Score a synthetic table: shape, trend, accuracy, detection, utility and privacy.")
        {
            train, synthetic, holdout, schema, seed, json, html,
        };
        wanted.AddTo(command);
        connection.AddTo(command);
        return command.Does(RunAsync);
    }

    private async Task RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var settings = connection.Read(parse);
        var trainFile = InputFiles.Table("--train", parse.GetRequiredValue(train));
        var syntheticFile = InputFiles.Table("--synthetic", parse.GetRequiredValue(synthetic));
        var holdoutFile = parse.GetValue(holdout) is { } file ? InputFiles.Table("--holdout", file) : null;
        var schemaJson = InputFiles.Schema(parse.GetValue(schema));
        var outputs = new[] { ("--json", parse.GetValue(json)), ("--html", parse.GetValue(html)) }
            .Select(output => output.Item2 is { } named ? InputFiles.Output(output.Item1, named) : null).ToArray();
        if (outputs.All(output => output is null))
        {
            throw new BadInputException("Name a file for the report: --json FILE, --html FILE, or both.");
        }

        var evaluationSettings = wanted.Read(parse);

        await using var view = ProgressViews.Create(time);
        await using var server = await ServerSession.OpenAsync(settings, cancellation);
        await server.Client.EnsureProjectAsync(cancellation);
        var follower = new JobFollower(server.Client, time);
        var uploader = new FileUploader(server.Client, view);

        var made = new ConcurrentBag<string>(); // names of what must not stay on a server that others use

        async Task<Dataset> ReadAsync(FileInfo table, string step)
        {
            var dataset = await uploader.UploadDatasetAsync(table, schemaJson, step, cancellation);
            made.Add(dataset.Name);
            await follower.FollowAsync(dataset.Job, StepNames.WholeJob(view, step, FileUploader.ShareOfStep), cancellation);
            view.Show(new StepProgress(step, 1));
            return dataset;
        }

        try
        {
            var tables = await Task.WhenAll(
                ReadAsync(trainFile, "train"),
                ReadAsync(syntheticFile, "synthetic"),
                holdoutFile is null ? Task.FromResult(new Dataset()) : ReadAsync(holdoutFile, "holdout"));
            var evaluation = new Evaluation
            {
                Dataset = tables[0].Name,
                SyntheticUpload = tables[1].Name,
                HoldoutDataset = tables[2].Name,
                Seed = parse.GetValue(seed),
                Settings = evaluationSettings,
            };
            var metrics = await new EvaluationRunner(server.Client, view, follower).RunAsync(
                evaluation, outputs[0]?.FullName, outputs[1]?.FullName, cancellation, made.Add);
            await view.DisposeAsync();
            Console.WriteLine(Summaries.Scores(metrics));
            Console.WriteLine($"Report: {string.Join(", ", outputs.OfType<FileInfo>())}");
        }
        finally
        {
            if (!server.IsHosted)
            {
                await DeleteAsync(server.Client, made);
            }
        }
    }

    /// <summary>Also after an error or Ctrl-C, within a short time of its own; what cannot be deleted is named.</summary>
    private static async Task DeleteAsync(SynthClient client, IReadOnlyCollection<string> names)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        foreach (var name in names.OrderByDescending(name => name.Contains("/evaluations/", StringComparison.Ordinal)))
        {
            try
            {
                if (name.Contains("/evaluations/", StringComparison.Ordinal))
                {
                    await client.Evaluations.DeleteEvaluationAsync(new DeleteEvaluationRequest { Name = name }, cancellationToken: limit.Token);
                }
                else
                {
                    await client.Datasets.DeleteDatasetAsync(new DeleteDatasetRequest { Name = name }, cancellationToken: limit.Token);
                    await client.Datasets.PurgeDatasetAsync(new PurgeDatasetRequest { Name = name }, cancellationToken: limit.Token);
                }
            }
            catch (RpcException refused)
            {
                await Console.Error.WriteLineAsync($"synth: {name} stays on the server: {refused.Status.Detail}");
            }
        }
    }
}
