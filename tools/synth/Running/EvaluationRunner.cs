using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Has a synthetic table scored and fetches the report.</summary>
internal sealed class EvaluationRunner(SynthClient client, IProgressView view, JobFollower follower)
{
    /// <summary>Writes the report to files and returns its main figures.</summary>
    /// <param name="wanted">What to score.</param>
    /// <param name="jsonFile">File for the report as JSON; null for none.</param>
    /// <param name="htmlFile">File for the report as a page; null for none.</param>
    /// <param name="cancellation">Cancels the job too.</param>
    /// <param name="created">Told the evaluation's name as soon as there is one.</param>
    public async Task<IReadOnlyDictionary<string, double>> RunAsync(
        Evaluation wanted, string? jsonFile, string? htmlFile, CancellationToken cancellation, Action<string>? created = null)
    {
        var evaluation = await client.Evaluations.CreateEvaluationAsync(
            new CreateEvaluationRequest { Parent = client.Project, Evaluation = wanted, RequestId = Guid.NewGuid().ToString() },
            cancellationToken: cancellation);
        created?.Invoke(evaluation.Name);
        await follower.FollowAsync(evaluation.Job, StepNames.WholeJob(view, "evaluate"), cancellation);
        if (jsonFile is not null)
        {
            await SaveAsync(evaluation, ReportFormat.Json, jsonFile, cancellation);
        }

        if (htmlFile is not null)
        {
            await SaveAsync(evaluation, ReportFormat.Html, htmlFile, cancellation);
        }

        view.Show(new StepProgress("evaluate", 1));
        evaluation = await client.Evaluations.GetEvaluationAsync(new GetEvaluationRequest { Name = evaluation.Name }, cancellationToken: cancellation);
        return evaluation.Metrics;
    }

    private Task SaveAsync(Evaluation evaluation, ReportFormat format, string file, CancellationToken cancellation) => Downloads.SaveAsync(
        client.Evaluations.DownloadEvaluationReport(
            new DownloadEvaluationReportRequest { Name = evaluation.Name + "/report", Format = format }, cancellationToken: cancellation),
        file,
        cancellation);
}
