using System.Text.Json.Nodes;
using Google.Protobuf;
using SynthStudio.Api.Services;
using SynthStudio.Assistant.Conversations;

namespace SynthStudio.Api.Assistant;

/// <summary>
/// The looks that a model may take at a project: those that <c>synth mcp</c> offers for reading, and two at real values, by consent.
/// </summary>
internal sealed class ProjectTools(
    ToolCaller caller, ConsentGate consent, IMethodDirectory methods, CopyingMethods copying, DatasetService datasets,
    GeneratorService generators, SyntheticDatasetService synthetics, EvaluationService evaluations, JobService jobs, PrivacyService privacy)
{
    private const string ShowProfile = "show_profile", PreviewRows = "preview_rows";

    private const int Most = 100;

    /// <summary>The looks at real values, for which consent is asked.</summary>
    public static IReadOnlyList<string> OfRealValues { get; } = [PreviewRows, ShowProfile];

    /// <summary>The tools of a chat.</summary>
    /// <param name="project">Its project: nothing else is looked at.</param>
    /// <param name="context">Its call, whose caller's rights they have.</param>
    public IReadOnlyList<AssistantTool> Of(string project, ServerCallContext context)
    {
        return
        [
            List("list_datasets", "the data sets (real tables), with rows and kinds of columns", "DatasetService/ListDatasets", new V1.ListDatasetsRequest { Parent = project, PageSize = Most },
                async request => AssistantViews.List((await datasets.ListDatasets(request, context)).Datasets, AssistantViews.Of)),
            One("show_dataset", "a data set: state, rows, kinds of columns", "dataset", "datasets", "DatasetService/GetDataset", name => new V1.GetDatasetRequest { Name = name },
                async request => AssistantViews.Of(await datasets.GetDataset(request, context))),
            List("list_generators", "the generators (models, trained or in training)", "GeneratorService/ListGenerators", new V1.ListGeneratorsRequest { Parent = project, PageSize = Most },
                async request => AssistantViews.List((await generators.ListGenerators(request, context)).Generators, AssistantViews.Of)),
            One("show_generator", "a generator: method, options, promise, training", "generator", "generators", "GeneratorService/GetGenerator", name => new V1.GetGeneratorRequest { Name = name },
                async request => AssistantViews.Of(await generators.GetGenerator(request, context))),
            List("list_synthetic_datasets", "the synthetic data sets", "SyntheticDatasetService/ListSyntheticDatasets", new V1.ListSyntheticDatasetsRequest { Parent = project, PageSize = Most },
                async request => AssistantViews.List((await synthetics.ListSyntheticDatasets(request, context)).SyntheticDatasets, AssistantViews.Of)),
            List("list_evaluations", "the evaluations with their headline figures", "EvaluationService/ListEvaluations", new V1.ListEvaluationsRequest { Parent = project, PageSize = Most },
                async request => AssistantViews.List((await evaluations.ListEvaluations(request, context)).Evaluations, AssistantViews.Of)),
            One("show_evaluation", "an evaluation: its figures with the ends of their intervals", "evaluation", "evaluations", "EvaluationService/GetEvaluation",
                name => new V1.GetEvaluationRequest { Name = name }, async request => AssistantViews.Of(await evaluations.GetEvaluation(request, context))),
            List("list_jobs", "the jobs, newest first", "JobService/ListJobs", new V1.ListJobsRequest { Parent = project, PageSize = Most },
                async request => AssistantViews.List((await jobs.ListJobs(request, context)).Jobs, AssistantViews.Of)),
            One("show_job", "a job: state, step, progress", "job", "jobs", "JobService/GetJob", name => new V1.GetJobRequest { Name = name },
                async request => AssistantViews.Of(await jobs.GetJob(request, context))),
            One("show_privacy_budget", "what a data set's privacy budget allows, and what is spent", "dataset", "datasets", "PrivacyService/GetPrivacyBudget",
                name => new V1.GetPrivacyBudgetRequest { Name = name + "/privacyBudget" },
                async request => AssistantViews.Of(await privacy.GetPrivacyBudget(request, context))),
            List("list_methods", "the methods of learning with their options", "ServerService/GetServerInfo", new V1.GetServerInfoRequest(),
                async _ => AssistantViews.List((await methods.ListAsync(context.CancellationToken)).Where(copying.Allows), AssistantViews.Of)),
            One(ShowProfile, "the profile of a data set, with values, where its owner consented", "dataset", "datasets", "DatasetService/GetDatasetProfile",
                name => new V1.GetDatasetProfileRequest { Name = name + "/profile" },
                async request => JsonNode.Parse((await datasets.GetDatasetProfile(request, context)).Json)!),
            One(PreviewRows, "the first real rows of a data set, where its owner consented", "dataset", "datasets", "DatasetService/GetDatasetPreview",
                name => new V1.GetDatasetPreviewRequest { Name = name + "/preview" },
                async request => AssistantViews.Of(await datasets.GetDatasetPreview(request, context))),
        ];

        AssistantTool List<T>(string tool, string what, string method, T request, Func<T, Task<JsonNode>> answer) where T : IMessage => new(
            tool, $"Lists {what}; at most {Most}.", new Dictionary<string, string>(),
            (_, _) => caller.CallAsync(new Look(tool, Full(method), request, () => answer(request)), project, context, isRaw: false));

        AssistantTool One<T>(
            string tool, string what, string parameter, string collection, string method, Func<string, T> request,
            Func<T, Task<JsonNode>> answer)
            where T : IMessage =>
            new(tool, $"Shows {what}.", new Dictionary<string, string> { [parameter] = "Resource name, or id in this project." }, (arguments, cancellation) =>
            {
                var named = arguments[parameter];
                var name = named.Contains('/', StringComparison.Ordinal) ? named : $"{project}/{collection}/{named}";
                var (asked, isRaw) = (request(name), OfRealValues.Contains(tool));
                return caller.CallAsync(new Look(tool, Full(method), asked, AnswerAsync), project, context, isRaw);

                async Task<JsonNode> AnswerAsync()
                {
                    if (isRaw) await consent.DemandAsync(name, cancellation);
                    return await answer(asked);
                }
            });

        static string Full(string method) => "/synthstudio.v1." + method;
    }
}
