using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Mapping;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

internal sealed class AnalysisService(
    Deletions deletions, AnalysisStore analyses, DatasetStore datasets, RealRowGate gate, PrivacyLedger ledger, JobDirectory jobs,
    JobIndex index, ObjectTexts texts, PageTokens pages, ProjectQuotas quotas, TimeProvider time)
    : V1.AnalysisService.AnalysisServiceBase
{
    private const int Priority = 2;
    private const int DefaultColumns = 3, MostColumns = 4, MostNamed = 100;

    public override async Task<V1.Analysis> CreateAnalysis(V1.CreateAnalysisRequest request, ServerCallContext context)
    {
        var analysis = await NewAsync(Check.Present(request.Analysis, "analysis"), request, context);
        // A repeat is not refused.
        if (await analyses.FindAsync(analysis.Name, context.CancellationToken) is null)
            await quotas.CheckSubmissionAsync(analysis.Project, context.CancellationToken);
        var submission = await SubmissionAsync(analysis, context.CancellationToken); // Before anything is stored: the tables must be there.
        analysis = await analyses.CreateOrTakeUpAsync(
            request.RequestId, analysis,
            left => RepeatableCreation.MayBeOf(request.AnalysisId, left.State)
                && left.Creator == analysis.Creator && left.Earlier == analysis.Earlier,
            context.CancellationToken);
        if (analysis.State != ArtifactState.Pending) return ToProto(analysis);
        await RecordAsync(analysis, context.CancellationToken); // Before anything can be computed from the real rows.
        await jobs.SubmitAsync(analysis.Job, submission);
        return ToProto(analysis);
    }

    public override async Task<V1.Analysis> GetAnalysis(V1.GetAnalysisRequest request, ServerCallContext context)
    {
        var analysis = await FindAsync(request.Name, context);
        if (analysis.State == ArtifactState.Pending)
            await jobs.MendAsync(analysis.Job, analysis.CreateTime, () => SubmissionAsync(analysis, context.CancellationToken), context.CancellationToken);
        return ToProto(analysis);
    }

    public override async Task<V1.ListAnalysesResponse> ListAnalyses(V1.ListAnalysesRequest request, ServerCallContext context)
    {
        if (await datasets.FindAsync(request.Parent, context.CancellationToken) is null) throw ApiErrors.NotFound(request.Parent);
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, page => analyses.ListOfDatasetAsync(request.Parent, page, context.CancellationToken));
        return new V1.ListAnalysesResponse { Analyses = { items.Select(ToProto) }, NextPageToken = next };
    }

    public override async Task<Empty> DeleteAnalysis(V1.DeleteAnalysisRequest request, ServerCallContext context)
    {
        var analysis = await FindAsync(request.Name, context);
        if (analysis.State == ArtifactState.Pending && await index.FindAsync(analysis.Job, context.CancellationToken) is { Snapshot.HasEnded: false })
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, analysis.Name, $"{analysis.Name} is running: cancel {analysis.Job} first.");
        await deletions.DeleteAnalysisAsync(analysis.Name, context.CancellationToken);
        return new Empty();
    }

    public override async Task<V1.AnalysisResult> GetAnalysisResult(V1.GetAnalysisResultRequest request, ServerCallContext context)
    {
        var analysis = await FindAsync(ResourceName.Parent(request.Name), context);
        await gate.DemandAsync(analysis.Project, context);
        var result = analysis.Result ?? throw ApiErrors.Precondition(
            ErrorReasons.StateForbids, analysis.Name, $"{analysis.Name} is {analysis.State.ToString().ToLowerInvariant()} and has no result.");
        return new V1.AnalysisResult { Name = request.Name, Json = await texts.ReadAsync(result, context.CancellationToken) };
    }

    /// <summary>
    /// Also a comparison is for those who may see real rows: beside a table that somebody made up, its exact shares tell whether a value
    /// is in the real one, and in how many rows.
    /// </summary>
    private async Task<AnalysisRecord> NewAsync(V1.Analysis wanted, V1.CreateAnalysisRequest request, ServerCallContext context)
    {
        var project = ResourceName.Root(request.Parent);
        await gate.DemandAsync(project, context);
        var now = time.Now();
        var analysis = new AnalysisRecord
        {
            Name = $"{request.Parent}/analyses/{ResourceIds.Choose(context, "analysis_id", request.AnalysisId, request.RequestId)}",
            Project = project,
            Dataset = request.Parent,
            State = ArtifactState.Pending,
            Job = $"{project}/jobs/{ResourceIds.New()}",
            Creator = Caller.Of(context).User,
            CreateTime = now,
            UpdateTime = now,
        };
        switch (wanted.QuestionCase)
        {
            case V1.Analysis.QuestionOneofCase.EarlierDataset:
                return analysis with { Earlier = Check.Reference(wanted.EarlierDataset, ResourcePattern.Dataset, project, "analysis.earlier_dataset") };
            case V1.Analysis.QuestionOneofCase.IdentifyingColumns:
                var question = wanted.IdentifyingColumns;
                if (question.MostColumns is < 0 or > MostColumns) throw ApiErrors.InvalidField("analysis.identifying_columns.most_columns", $"must be 1 to {MostColumns}.");
                if (question.Columns.Count > MostNamed) throw ApiErrors.InvalidField("analysis.identifying_columns.columns", $"may name at most {MostNamed}.");
                return analysis with { Columns = [.. question.Columns], MostColumns = question.MostColumns == 0 ? DefaultColumns : question.MostColumns };
            default:
                throw ApiErrors.InvalidField("analysis.identifying_columns", "or earlier_dataset is required.");
        }
    }

    private async Task<JobSubmission> SubmissionAsync(AnalysisRecord analysis, CancellationToken cancellation)
    {
        var dataset = await FindReadyAsync(analysis.Dataset, cancellation);
        var earlier = analysis.Earlier.Length > 0 ? await FindReadyAsync(analysis.Earlier, cancellation) : null;
        var memory = MemoryNeeds.OfProfile(dataset) + (earlier is null ? 0 : MemoryNeeds.OfProfile(earlier));
        var spec = new AnalysisSpec
        {
            Data = DatasetReader.Input(dataset),
            Earlier = earlier is null ? null : DatasetReader.Input(earlier),
            Columns = analysis.Columns,
            MostColumns = analysis.MostColumns,
        };
        return new JobSubmission(analysis.Name, spec, Priority, WorkRequirements.Cpu with { MemoryBytes = memory });
    }

    private async Task<DatasetRecord> FindReadyAsync(string name, CancellationToken cancellation)
    {
        var dataset = await datasets.FindAsync(name, cancellation) ?? throw ApiErrors.NotFound(name);
        if (dataset.Withheld) throw ApiErrors.Precondition(ErrorReasons.Withheld, name, $"{name} was uploaded as withheld: it is not analysed.");
        return dataset.State == DatasetState.Ready
            ? dataset
            : throw ApiErrors.Precondition(ErrorReasons.StateForbids, name, $"{name} is not ready: it is {dataset.State.ToString().ToLowerInvariant()}.");
    }

    private async Task RecordAsync(AnalysisRecord analysis, CancellationToken cancellation)
    {
        foreach (var real in new[] { analysis.Dataset, analysis.Earlier }.Where(name => name.Length > 0))
            await ledger.RecordNonPrivateAsync(real, "analysis", analysis.Name, analysis.Creator, cancellation);
    }

    /// <summary>The analysis, unless its data set was deleted, or the one that it is compared with.</summary>
    private async Task<AnalysisRecord> FindAsync(string name, ServerCallContext context) =>
        await analyses.FindAsync(name, context.CancellationToken) is { } analysis && await IsThereAsync(analysis.Dataset, context)
        && (analysis.Earlier.Length == 0 || await IsThereAsync(analysis.Earlier, context))
            ? analysis
            : throw ApiErrors.NotFound(name);

    private async Task<bool> IsThereAsync(string dataset, ServerCallContext context) =>
        await datasets.FindAsync(dataset, context.CancellationToken) is not null;

    private static V1.Analysis ToProto(AnalysisRecord analysis)
    {
        var proto = new V1.Analysis
        {
            Name = analysis.Name,
            State = analysis.State switch
            {
                ArtifactState.Pending => V1.AnalysisState.Running,
                ArtifactState.Ready => V1.AnalysisState.Ready,
                ArtifactState.Cancelled => V1.AnalysisState.Cancelled,
                _ => V1.AnalysisState.Failed,
            },
            Error = analysis.Error?.ToProto(),
            Job = analysis.Job,
            Creator = analysis.Creator,
            CreateTime = analysis.CreateTime.ToProto(),
            UpdateTime = analysis.UpdateTime.ToProto(),
            Etag = Etags.Of(analysis.Version),
        };
        if (analysis.Earlier.Length > 0) proto.EarlierDataset = analysis.Earlier;
        else proto.IdentifyingColumns = new V1.IdentifyingColumns { Columns = { analysis.Columns }, MostColumns = analysis.MostColumns };
        return proto;
    }
}
