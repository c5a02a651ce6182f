using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Progress;
using SynthStudio.V1;

namespace SynthStudio.Cli.Running;

/// <summary>Has a synthetic table scored and fetches the report.</summary>
internal sealed class EvaluationRunner(SynthClient client, IProgressView view, JobFollower follower)
{
    /// <summary>Writes the report as JSON to <paramref name="reportFile"/> and returns its main figures.</summary>
    /// <param name="wanted">What to score.</param>
    /// <param name="reportFile">File to write.</param>
    /// <param name="cancellation">Cancels the job too.</param>
    /// <param name="created">Told the evaluation's name as soon as there is one.</param>
    public async Task<IReadOnlyDictionary<string, double>> RunAsync(
        Evaluation wanted, string reportFile, CancellationToken cancellation, Action<string>? created = null)
    {
        var evaluation = await client.Evaluations.CreateEvaluationAsync(
            new CreateEvaluationRequest { Parent = client.Project, Evaluation = wanted, RequestId = Guid.NewGuid().ToString() },
            cancellationToken: cancellation);
        created?.Invoke(evaluation.Name);
        await follower.FollowAsync(evaluation.Job, StepNames.WholeJob(view, "evaluate"), cancellation);
        var report = await client.Evaluations.GetEvaluationReportAsync(
            new GetEvaluationReportRequest { Name = evaluation.Name + "/report" }, cancellationToken: cancellation);
        await File.WriteAllTextAsync(reportFile, report.Json, cancellation);
        view.Show(new StepProgress("evaluate", 1));
        evaluation = await client.Evaluations.GetEvaluationAsync(new GetEvaluationRequest { Name = evaluation.Name }, cancellationToken: cancellation);
        return evaluation.Metrics;
    }
}
