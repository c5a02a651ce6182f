using System.ComponentModel;
using ModelContextProtocol.Server;
using SynthStudio.Cli.Connection;
using SynthStudio.V1;

namespace SynthStudio.Cli.Mcp;

/// <summary>What an assistant may look at: names, states, kinds of columns and figures; no values of real rows.</summary>
internal sealed class ReadTools(SynthClient client)
{
    private const int PageSize = 100;

    [McpServerTool(Name = "list_datasets", ReadOnly = true), Description("Lists the project's data sets (real tables), newest first, at most 100: name, state, rows, columns.")]
    public Task<string> ListDatasetsAsync(CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Datasets.ListDatasetsAsync(
            new ListDatasetsRequest { Parent = client.Project, PageSize = PageSize },
            cancellationToken: cancellation),
        list => list.Datasets.ToList().ForEach(ColumnKinds.Reduce));

    [McpServerTool(Name = "show_dataset", ReadOnly = true), Description("Shows a data set: state, rows, and its columns with their kinds. Holds no values of the table.")]
    public Task<string> ShowDatasetAsync([Description("Resource name or id of the data set.")] string dataset, CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Datasets.GetDatasetAsync(
            new GetDatasetRequest { Name = client.Resource("datasets", dataset) },
            cancellationToken: cancellation),
        ColumnKinds.Reduce);

    [McpServerTool(Name = "list_methods", ReadOnly = true), Description("Lists the methods of learning with their options and ranges.")]
    public Task<string> ListMethodsAsync(CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Server.GetServerInfoAsync(new GetServerInfoRequest(), cancellationToken: cancellation));

    [McpServerTool(Name = "list_generators", ReadOnly = true), Description("Lists the project's generators (trained models, or models in training), newest first, at most 100.")]
    public Task<string> ListGeneratorsAsync(CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Generators.ListGeneratorsAsync(
            new ListGeneratorsRequest { Parent = client.Project, PageSize = PageSize },
            cancellationToken: cancellation));

    [McpServerTool(Name = "show_generator", ReadOnly = true), Description("Shows a generator: state, progress, method, privacy terms, and why it failed if it did.")]
    public Task<string> ShowGeneratorAsync([Description("Resource name or id of the generator.")] string generator, CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Generators.GetGeneratorAsync(
            new GetGeneratorRequest { Name = client.Resource("generators", generator) },
            cancellationToken: cancellation));

    [McpServerTool(Name = "list_synthetic_datasets", ReadOnly = true), Description("Lists the project's synthetic data sets, newest first, at most 100.")]
    public Task<string> ListSyntheticDatasetsAsync(CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.SyntheticDatasets.ListSyntheticDatasetsAsync(
            new ListSyntheticDatasetsRequest { Parent = client.Project, PageSize = PageSize }, cancellationToken: cancellation));

    [McpServerTool(Name = "list_evaluations", ReadOnly = true), Description("Lists the project's evaluations with their headline figures, newest first, at most 100.")]
    public Task<string> ListEvaluationsAsync(CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Evaluations.ListEvaluationsAsync(
            new ListEvaluationsRequest { Parent = client.Project, PageSize = PageSize },
            cancellationToken: cancellation));

    [McpServerTool(Name = "show_evaluation", ReadOnly = true), Description("Shows an evaluation: its state and headline figures, each with the ends of its 95 % interval.")]
    public Task<string> ShowEvaluationAsync([Description("Resource name or id of the evaluation.")] string evaluation, CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Evaluations.GetEvaluationAsync(
            new GetEvaluationRequest { Name = client.Resource("evaluations", evaluation) },
            cancellationToken: cancellation));

    [McpServerTool(Name = "list_jobs", ReadOnly = true), Description("Lists the project's jobs with state, progress and why they wait or failed, newest first, at most 100.")]
    public Task<string> ListJobsAsync(CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Jobs.ListJobsAsync(new ListJobsRequest { Parent = client.Project, PageSize = PageSize }, cancellationToken: cancellation));

    [McpServerTool(Name = "show_job", ReadOnly = true), Description("Shows a job: state, step, progress, time left, why it waits or failed.")]
    public Task<string> ShowJobAsync([Description("Resource name or id of the job.")] string job, CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Jobs.GetJobAsync(new GetJobRequest { Name = client.Resource("jobs", job) }, cancellationToken: cancellation));

    [McpServerTool(Name = "show_privacy_budget", ReadOnly = true), Description("Shows what a data set's privacy budget allows, what was spent of it, and what is left.")]
    public Task<string> ShowPrivacyBudgetAsync([Description("Resource name or id of the data set.")] string dataset, CancellationToken cancellation) => ToolAnswer.OfAsync(
        async () => await client.Privacy.GetPrivacyBudgetAsync(
            new GetPrivacyBudgetRequest { Name = $"{client.Resource("datasets", dataset)}/privacyBudget" }, cancellationToken: cancellation));
}
