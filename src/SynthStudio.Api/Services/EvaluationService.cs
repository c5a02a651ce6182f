using Google.Api;
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

internal sealed class EvaluationService(
    Deletions deletions, EvaluationStore evaluations, EvaluationInputs inputs, PrivacyLedger ledger, JobDirectory jobs, JobIndex index, WatchStreams watches,
    GuardedReports reports, RealRowGate gate, PageTokens pages, ProjectQuotas quotas, TimeProvider time)
    : V1.EvaluationService.EvaluationServiceBase
{
    public override async Task<V1.Evaluation> CreateEvaluation(V1.CreateEvaluationRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Evaluation, "evaluation");
        Check.Reference(wanted.Dataset, ResourcePattern.Dataset, request.Parent, "evaluation.dataset");
        if (wanted.HoldoutDataset.Length > 0)
            Check.Reference(wanted.HoldoutDataset, ResourcePattern.Dataset, request.Parent, "evaluation.holdout_dataset");
        var synthetic = Synthetic(wanted, request.Parent);
        // It may be a real table, whose crowds would be counted.
        if (ResourcePattern.Dataset.Matches(synthetic)) await gate.DemandAsync(request.Parent, context);
        var now = time.Now();
        var evaluation = new EvaluationRecord
        {
            Name = $"{request.Parent}/evaluations/{ResourceIds.Choose(context, "evaluation_id", request.EvaluationId, request.RequestId)}",
            Project = request.Parent,
            DisplayName = Check.DisplayName(wanted.DisplayName, "evaluation.display_name"),
            Dataset = wanted.Dataset,
            Holdout = wanted.HoldoutDataset,
            SyntheticDataset = synthetic,
            Seed = wanted.Seed,
            OutsideGuarantee = wanted.OutsideGuarantee,
            Settings = EvaluationSettingsMapping.ToRecord(wanted),
            Priority = Check.Priority(request.Priority),
            State = ArtifactState.Pending,
            Job = $"{request.Parent}/jobs/{ResourceIds.New()}",
            Creator = Caller.Of(context).User,
            CreateTime = now,
            UpdateTime = now,
        };
        if (request.ValidateOnly)
        {
            await inputs.CheckAsync(evaluation, context.CancellationToken);
            await Check.IsFreeAsync(evaluation.Name, evaluations.FindAsync, context.CancellationToken);
            return evaluation.ToProto();
        }

        // A repeat is not refused.
        if (await evaluations.FindAsync(evaluation.Name, context.CancellationToken) is null)
            await quotas.CheckSubmissionAsync(request.Parent, context.CancellationToken);
        var submission = await SubmissionAsync(evaluation, context); // Before anything is stored: all tables must be there.
        evaluation = await evaluations.CreateOrTakeUpAsync(
            request.RequestId, evaluation,
            left => RepeatableCreation.MayBeOf(request.EvaluationId, left.State)
                && left.Creator == evaluation.Creator && left.Dataset == evaluation.Dataset,
            context.CancellationToken);
        if (evaluation.State != ArtifactState.Pending) return evaluation.ToProto();
        await RecordAsync(evaluation, context.CancellationToken); // Before anything can be computed from the real rows.
        await jobs.SubmitAsync(evaluation.Job, submission);
        return evaluation.ToProto();
    }

    public override async Task<V1.Evaluation> GetEvaluation(V1.GetEvaluationRequest request, ServerCallContext context)
    {
        var evaluation = await FindAsync(request.Name, context);
        if (evaluation.State == ArtifactState.Pending)
            await jobs.MendAsync(evaluation.Job, evaluation.CreateTime, () => SubmissionAsync(evaluation, context), context.CancellationToken);
        return evaluation.ToProto();
    }

    public override async Task<V1.ListEvaluationsResponse> ListEvaluations(V1.ListEvaluationsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken,
            page => evaluations.ListAsync(request.Parent, page, context.CancellationToken));
        return new V1.ListEvaluationsResponse { Evaluations = { items.Select(item => item.ToProto()) }, NextPageToken = next };
    }

    public override async Task<Empty> DeleteEvaluation(V1.DeleteEvaluationRequest request, ServerCallContext context)
    {
        var evaluation = await FindAsync(request.Name, context);
        Etags.Check(request.Etag, evaluation.Name, evaluation.Version);
        if (evaluation.State == ArtifactState.Pending && await index.FindAsync(evaluation.Job, context.CancellationToken) is { Snapshot.HasEnded: false })
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, evaluation.Name, $"{evaluation.Name} is running: cancel {evaluation.Job} first.");
        await deletions.DeleteEvaluationAsync(evaluation.Name, context.CancellationToken);
        return new Empty();
    }

    public override async Task WatchEvaluation(
        V1.WatchEvaluationRequest request, IServerStreamWriter<V1.ProgressEvent> responseStream, ServerCallContext context)
    {
        var job = (await FindAsync(request.Name, context)).Job;
        await watches.SendAsync(job, WorkKind.Evaluation, job, request.AfterSequence, request, responseStream, context);
    }

    public override async Task<V1.EvaluationReport> GetEvaluationReport(V1.GetEvaluationReportRequest request, ServerCallContext context)
    {
        var report = await StoredAsync(await FindAsync(ResourceName.Parent(request.Name), context), context.CancellationToken);
        var (json, isGuarded) = await reports.ReadAsync(report, context);
        return new V1.EvaluationReport { Name = request.Name, Json = json, Guarded = isGuarded };
    }

    public override async Task DownloadEvaluationReport(
        V1.DownloadEvaluationReportRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context) =>
        await reports.SendAsync(
            await StoredAsync(await FindAsync(ResourceName.Parent(request.Name), context), context.CancellationToken),
            request.Format, request, responseStream, context);

    /// <summary>The pages lie among the artifacts of the job that made the report; reports of older workers have none.</summary>
    private async Task<StoredReport> StoredAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        var isOfUpload = ResourcePattern.Dataset.Matches(evaluation.SyntheticDataset);
        string[] tables = [evaluation.Dataset, evaluation.Holdout, isOfUpload ? evaluation.SyntheticDataset : ""];
        var made = evaluation.Report is null ? null : (await index.FindAsync(evaluation.Job, cancellation))?.Snapshot.Result?.Artifacts;
        return new StoredReport(
            evaluation.Name, [.. tables.Where(name => name.Length > 0).Distinct()], isOfUpload, evaluation.Report, made, what => NoReport(evaluation, what));
    }

    private static RpcException NoReport(EvaluationRecord evaluation, string what) => ApiErrors.Precondition(
        ErrorReasons.StateForbids, evaluation.Name, $"{evaluation.Name} is {evaluation.State.ToString().ToLowerInvariant()} and has no {what}.");

    private async Task<EvaluationRecord> FindAsync(string name, ServerCallContext context) =>
        await evaluations.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    private async Task<JobSubmission> SubmissionAsync(EvaluationRecord evaluation, ServerCallContext context) =>
        new(evaluation.Name, await inputs.SpecAsync(evaluation, context.CancellationToken), evaluation.Priority,
            WorkRequirements.Cpu with { MemoryBytes = await inputs.MemoryAsync(evaluation, context.CancellationToken) });

    /// <summary>A report tells of its real tables without any noise: their ledgers note it. An uploaded table may be one, too.</summary>
    private async Task RecordAsync(EvaluationRecord evaluation, CancellationToken cancellation)
    {
        foreach (var real in new[] { evaluation.Dataset, evaluation.Holdout, evaluation.SyntheticDataset }.Where(name => ResourcePattern.Dataset.Matches(name)))
            await ledger.RecordNonPrivateAsync(real, "evaluation_report", evaluation.Name, evaluation.Creator, cancellation);
    }

    private static string Synthetic(V1.Evaluation wanted, string project) => wanted.SyntheticCase switch
    {
        V1.Evaluation.SyntheticOneofCase.SyntheticDataset =>
            Check.Reference(wanted.SyntheticDataset, ResourcePattern.SyntheticDataset, project, "evaluation.synthetic_dataset"),
        V1.Evaluation.SyntheticOneofCase.SyntheticUpload =>
            Check.Reference(wanted.SyntheticUpload, ResourcePattern.Dataset, project, "evaluation.synthetic_upload"),
        _ => throw ApiErrors.InvalidField("evaluation.synthetic_dataset", "or synthetic_upload is required."),
    };
}
