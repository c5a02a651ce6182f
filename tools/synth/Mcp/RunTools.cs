using System.ComponentModel;
using Google.Protobuf.WellKnownTypes;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using SynthStudio.Cli.Connection;
using SynthStudio.Cli.Running;
using SynthStudio.V1;

namespace SynthStudio.Cli.Mcp;

/// <summary>What an assistant may start and stop. Nothing of it deletes or replaces what is there, gives rights or raises a privacy budget.</summary>
internal sealed class RunTools(SynthClient client)
{
    private const int MostRowsShown = 50;

    /// <summary>What methods say that give back rows they learned.</summary>
    private const string CopiesRows = "copies_rows";

    /// <summary>The one that there is: servers that do not allow it do not name it.</summary>
    private const string Bootstrap = "bootstrap";

    [McpServerTool(Name = "train_generator", Destructive = false)]
    [Description("Creates a generator on a data set and starts its training. With epsilon it is differentially private and spends that much of the data set's budget for good.")]
    public Task<string> TrainAsync(
        [Description("Resource name or id of the data set.")] string dataset,
        [Description("A method of list_methods; empty takes the default.")] string method = "",
        [Description("Options of the method by name.")] Dictionary<string, string>? options = null,
        [Description("Limit of the training in seconds; 0 lets the method choose.")] double maxSeconds = 0,
        [Description("Seed: equal seeds give equal results.")] long seed = 0,
        [Description("Privacy loss epsilon; 0 trains without a guarantee.")] double epsilon = 0,
        [Description("Probability delta beside it; 0 lets the server choose.")] double delta = 0,
        CancellationToken cancellation = default) => ToolAnswer.OfAsync(async () =>
    {
        var wanted = new Generator
        {
            Dataset = client.Resource("datasets", dataset), Method = method, Seed = seed, HoldBack = HoldBack.AndReport,
            MaxTime = maxSeconds > 0 ? Duration.FromTimeSpan(TimeSpan.FromSeconds(maxSeconds)) : null,
            PrivacyTerms = epsilon > 0 ? new PrivacyTerms { Epsilon = epsilon, Delta = delta } : null,
        };
        wanted.Options.Add(options ?? []);
        await RefuseCopiesAsync(method, "It is not trained here", cancellation);
        var created = await client.Generators.CreateGeneratorAsync(
            new CreateGeneratorRequest { Parent = client.Project, Generator = wanted, RequestId = Guid.NewGuid().ToString() },
            cancellationToken: cancellation);
        return await GeneratorTraining.StartAsync(
            client, new TrainGeneratorRequest { Name = created.Name, RequestId = Guid.NewGuid().ToString() }, cancellation);
    });

    [McpServerTool(Name = "draw_rows", Destructive = false), Description("Starts to draw synthetic rows from a generator that is ready; answers the synthetic data set with its job.")]
    public Task<string> DrawAsync(
        [Description("Resource name or id of the generator.")] string generator,
        [Description("How many, at least 1.")] long rows,
        [Description("Seed: equal seeds give equal rows.")] long seed = 0,
        [Description("Values by column that every row has.")] Dictionary<string, string>? given = null,
        CancellationToken cancellation = default) => ToolAnswer.OfAsync(async () =>
    {
        var wanted = new SyntheticDataset { Generator = client.Resource("generators", generator), Rows = rows, Seed = seed };
        wanted.Given.Add(given ?? []);
        return await client.SyntheticDatasets.CreateSyntheticDatasetAsync(
            new CreateSyntheticDatasetRequest { Parent = client.Project, SyntheticDataset = wanted, RequestId = Guid.NewGuid().ToString() },
            cancellationToken: cancellation);
    });

    [McpServerTool(Name = "show_rows", ReadOnly = true), Description("Shows the first rows of a synthetic data set as CSV, at most 50.")]
    public Task<string> ShowRowsAsync(
        [Description("Resource name or id of the synthetic data set.")] string syntheticDataset,
        [Description("How many, 1 to 50.")] int limit = 10,
        CancellationToken cancellation = default) => ToolAnswer.TextAsync(async () =>
    {
        if (limit is < 1 or > MostRowsShown) throw new McpException($"limit must be 1 to {MostRowsShown}.");
        var name = client.Resource("syntheticDatasets", syntheticDataset);
        var drawn = await client.SyntheticDatasets.GetSyntheticDatasetAsync(new GetSyntheticDatasetRequest { Name = name }, cancellationToken: cancellation);
        var generator = await client.Generators.GetGeneratorAsync(new GetGeneratorRequest { Name = drawn.Generator }, cancellationToken: cancellation);
        await RefuseCopiesAsync(generator.Method, "Its rows are not shown here", cancellation);
        using var rows = client.SyntheticDatasets.DownloadSyntheticDataset(
            new DownloadSyntheticDatasetRequest { Name = name }, cancellationToken: cancellation);
        return await CsvHead.ReadAsync(rows.ResponseStream, limit + 1, cancellation);
    });

    [McpServerTool(Name = "evaluate", Destructive = false)]
    [Description("Starts to compare a synthetic data set with the real table that its generator learned; answers the evaluation with its job.")]
    public Task<string> EvaluateAsync(
        [Description("Resource name or id of the synthetic data set.")] string syntheticDataset,
        [Description("Resource name or id of the real data set.")] string dataset,
        CancellationToken cancellation = default) => ToolAnswer.OfAsync(async () => await client.Evaluations.CreateEvaluationAsync(
        new CreateEvaluationRequest
        {
            Parent = client.Project, RequestId = Guid.NewGuid().ToString(),
            Evaluation = new Evaluation
            {
                SyntheticDataset = client.Resource("syntheticDatasets", syntheticDataset), Dataset = client.Resource("datasets", dataset),
            },
        },
        cancellationToken: cancellation));

    [McpServerTool(Name = "cancel_job", Destructive = false, Idempotent = true), Description("Stops a job.")]
    public Task<string> CancelAsync([Description("Resource name or id of the job.")] string job, CancellationToken cancellation = default) => ToolAnswer.OfAsync(
        async () => await client.Jobs.CancelJobAsync(new CancelJobRequest { Name = client.Resource("jobs", job) }, cancellationToken: cancellation));

    /// <summary>Whatever the server allows, an assistant gets no real rows.</summary>
    private async Task RefuseCopiesAsync(string method, string consequence, CancellationToken cancellation)
    {
        var copies = method == Bootstrap
            || (await client.Server.GetServerInfoAsync(new GetServerInfoRequest(), cancellationToken: cancellation))
                .Methods.Any(m => m.Name == method && m.Capabilities.Contains(CopiesRows));
        if (copies) throw new McpException($"The method {method} gives back real rows as they are. {consequence}.");
    }
}
