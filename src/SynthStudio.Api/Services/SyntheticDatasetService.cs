using Google.Api;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Formats;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Privacy;
using SynthStudio.Api.Registry;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;

namespace SynthStudio.Api.Services;

internal sealed class SyntheticDatasetService(
    Deletions deletions, IGrainFactory grains, GeneratorNames names, CopyingMethods copying, SyntheticDatasetStore synthetics,
    EvaluationStore evaluations, JobDirectory jobs, WatchStreams watches, RowStreams rows, Downloads downloads, DrawnRows drawn,
    RowDownloads files, PageTokens pages, ProjectQuotas quotas, ApiOptions options, TimeProvider time)
    : V1.SyntheticDatasetService.SyntheticDatasetServiceBase
{
    private const double HottestTemperature = 5;

    public override async Task<V1.SyntheticDataset> CreateSyntheticDataset(V1.CreateSyntheticDatasetRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.SyntheticDataset, "synthetic_dataset");
        Check.Reference(wanted.Generator, ResourcePattern.Generator, request.Parent, "synthetic_dataset.generator");
        if (wanted.Rows < 1 || wanted.Rows > options.MaxRows)
            throw ApiErrors.InvalidField("synthetic_dataset.rows", $"must be 1 to {options.MaxRows}.");
        var now = time.Now();
        var synthetic = new SyntheticDatasetRecord
        {
            Name = $"{request.Parent}/syntheticDatasets/{ResourceIds.Choose(context, "synthetic_dataset_id", request.SyntheticDatasetId, request.RequestId)}",
            Project = request.Parent,
            DisplayName = Check.DisplayName(wanted.DisplayName, "synthetic_dataset.display_name"),
            Generator = await names.ResolveAsync(wanted.Generator, context.CancellationToken), // Of an alias what it stands for now.
            Rows = wanted.Rows,
            Seed = wanted.Seed,
            Given = Given(wanted),
            Temperature = Temperature(wanted),
            Terms = DrawingTermsMapping.ToRecord(wanted),
            Priority = Check.Priority(request.Priority),
            State = ArtifactState.Pending,
            Job = $"{request.Parent}/jobs/{ResourceIds.New()}",
            Creator = Caller.Of(context).User,
            CreateTime = now,
            UpdateTime = now,
        };
        var generator = await grains.GetGrain<IGeneratorGrain>(synthetic.Generator).GetAsync();
        var (submission, cost) = Submission(generator, synthetic); // Before anything is stored: the generator must have a model.
        await copying.RefuseAsync(generator.Definition.Training.Method, generator.Name, context.CancellationToken);
        if (request.ValidateOnly)
        {
            await Check.IsFreeAsync(synthetic.Name, synthetics.FindAnyAsync, context.CancellationToken);
            return Costing(cost);
        }

        if (await synthetics.FindAnyAsync(synthetic.Name, context.CancellationToken) is null) // A repeat is not refused.
        {
            await quotas.CheckAcceleratorAsync(request.Parent, submission.Requirements, context.CancellationToken);
            await quotas.CheckSubmissionAsync(request.Parent, context.CancellationToken);
        }

        synthetic = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, synthetic,
            () => quotas.CreateAsync(synthetic, context.CancellationToken),
            () => synthetics.FindAsync(synthetic.Name, context.CancellationToken),
            left => RepeatableCreation.MayBeOf(request.SyntheticDatasetId, left.State) && left.Creator == synthetic.Creator
                && left.Generator == synthetic.Generator && left.Rows == synthetic.Rows);
        if (synthetic.State == ArtifactState.Pending) await jobs.SubmitAsync(synthetic.Job, submission);
        return Costing(cost);

        V1.SyntheticDataset Costing(string told)
        {
            var proto = synthetic.ToProto();
            proto.PrivacyCost = told;
            return proto;
        }
    }

    public override async Task<V1.SyntheticDataset> GetSyntheticDataset(V1.GetSyntheticDatasetRequest request, ServerCallContext context)
    {
        var synthetic = await synthetics.FindAnyAsync(request.Name, context.CancellationToken) ?? throw ApiErrors.NotFound(request.Name);
        if (synthetic.State == ArtifactState.Pending)
            await jobs.MendAsync(
                synthetic.Job, synthetic.CreateTime,
                async () => Submission(await grains.GetGrain<IGeneratorGrain>(synthetic.Generator).GetAsync(), synthetic).Job,
                context.CancellationToken);
        return synthetic.ToProto();
    }

    public override async Task<V1.ListSyntheticDatasetsResponse> ListSyntheticDatasets(
        V1.ListSyntheticDatasetsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, $"{request.Parent}\n{request.ShowDeleted}", request.PageSize, request.PageToken,
            page => request.ShowDeleted
                ? synthetics.ListAnyAsync(request.Parent, page, context.CancellationToken)
                : synthetics.ListAsync(request.Parent, page, context.CancellationToken));
        return new V1.ListSyntheticDatasetsResponse { SyntheticDatasets = { items.Select(item => item.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.SyntheticDataset> DeleteSyntheticDataset(V1.DeleteSyntheticDatasetRequest request, ServerCallContext context)
    {
        var synthetic = await FindAsync(request.Name, context);
        Etags.Check(request.Etag, synthetic.Name, synthetic.Version);
        if (synthetic.State == ArtifactState.Pending)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, synthetic.Name, $"{synthetic.Name} is being drawn: cancel {synthetic.Job} first.");
        var scored = await evaluations.ListBySyntheticDatasetAsync(synthetic.Name, new PageRequest(1), context.CancellationToken);
        if (scored.Items.Count > 0)
            throw ApiErrors.Precondition(ErrorReasons.StillUsed, synthetic.Name, $"{scored.Items[0].Name} scores it: delete its evaluations first.");
        return (await deletions.DeleteAsync(synthetic, context.CancellationToken)).ToProto();
    }

    public override async Task<V1.SyntheticDataset> UndeleteSyntheticDataset(V1.UndeleteSyntheticDatasetRequest request, ServerCallContext context) =>
        (await deletions.UndeleteSyntheticDatasetAsync(request.Name, context.CancellationToken)).ToProto();

    public override async Task<Empty> PurgeSyntheticDataset(V1.PurgeSyntheticDatasetRequest request, ServerCallContext context)
    {
        await deletions.PurgeAsync(request.Name, context.CancellationToken);
        return new Empty();
    }

    public override async Task WatchSyntheticDataset(
        V1.WatchSyntheticDatasetRequest request, IServerStreamWriter<V1.ProgressEvent> responseStream, ServerCallContext context)
    {
        var job = (await FindAsync(request.Name, context)).Job;
        await watches.SendAsync(job, WorkKind.Generation, job, request.AfterSequence, request, responseStream, context);
    }

    public override async Task StreamRows(
        V1.StreamRowsRequest request, IServerStreamWriter<V1.StreamRowsResponse> responseStream, ServerCallContext context)
    {
        if (request.FirstPart < 0) throw ApiErrors.InvalidField("first_part", "must not be negative.");
        await rows.SendAsync(await FindAsync(request.Name, context), request, responseStream, context);
    }

    public override async Task<V1.ListDownloadLinksResponse> ListDownloadLinks(V1.ListDownloadLinksRequest request, ServerCallContext context)
    {
        var synthetic = await FindReadyAsync(request.Name, context);
        var response = new V1.ListDownloadLinksResponse();
        foreach (var part in synthetic.Parts.OrderBy(p => p.Number))
            response.Links.Add(await downloads.LinkAsync(part.Object, $"{ResourceName.Id(synthetic.Name)}-{part.Number}.csv", synthetic.Name));
        return response;
    }

    public override async Task DownloadSyntheticDataset(
        V1.DownloadSyntheticDatasetRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        var format = RowFormats.Read(request.Format, request.TextColumns, "", request.DefuseFormulas);
        var synthetic = await FindReadyAsync(request.Name, context);
        await files.SendAsync(
            await FindRowsAsync(synthetic, format, request.TextColumns, context),
            format, request.DefuseFormulas, synthetic.Name, request, responseStream, context);
    }

    private async Task<StoredRows> FindRowsAsync(
        SyntheticDatasetRecord synthetic, RowFormat format, IReadOnlyCollection<string> asText, ServerCallContext context)
    {
        try
        {
            return format == RowFormat.Csv ? drawn.Csv(synthetic) : await drawn.TypedAsync(synthetic, asText, context.CancellationToken);
        }
        catch (NoSuchColumnException e)
        {
            throw ApiErrors.InvalidField("text_columns", e.Message);
        }
    }

    private async Task<SyntheticDatasetRecord> FindReadyAsync(string name, ServerCallContext context)
    {
        var synthetic = await FindAsync(name, context);
        return synthetic.State == ArtifactState.Ready
            ? synthetic
            : throw ApiErrors.Precondition(
                ErrorReasons.StateForbids, synthetic.Name, $"{synthetic.Name} is {synthetic.State.ToString().ToLowerInvariant()}, not ready.");
    }

    private async Task<SyntheticDatasetRecord> FindAsync(string name, ServerCallContext context) =>
        await synthetics.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    /// <summary>The job that draws, and what that costs of a privacy budget.</summary>
    private static (JobSubmission Job, string PrivacyCost) Submission(GeneratorSnapshot generator, SyntheticDatasetRecord synthetic)
    {
        var model = generator.Model ?? throw ApiErrors.Precondition(
            ErrorReasons.StateForbids, generator.Name, $"{generator.Name} has no model yet: train it first.");
        var spec = new GenerationSpec
        {
            Model = model,
            Rows = synthetic.Rows,
            Seed = synthetic.Seed,
            Given = synthetic.Given,
            Temperature = synthetic.Temperature,
            Terms = synthetic.Terms,
        };
        return (
            new JobSubmission(synthetic.Name, spec, synthetic.Priority, DrawingNeeds.Of(generator.Definition)),
            generator.IsDeclared ? PrivacyMapping.NoData
                : generator.Origin is not null ? PrivacyMapping.ImportedDrawing
                : generator.Accountant.Guaranteed ? PrivacyMapping.FreeDrawing : PrivacyMapping.NoPromise);
    }

    private static Dictionary<string, string?> Given(V1.SyntheticDataset wanted)
    {
        var given = wanted.Given.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
        foreach (var column in wanted.GivenMissing)
        {
            if (!given.TryAdd(column, null))
                throw ApiErrors.InvalidField("synthetic_dataset.given_missing", $"names {column}, which is given a value or named before.");
        }

        return given;
    }

    private static double Temperature(V1.SyntheticDataset wanted)
    {
        var temperature = wanted.HasTemperature ? wanted.Temperature : 1;
        return temperature is > 0 and <= HottestTemperature
            ? temperature
            : throw ApiErrors.InvalidField("synthetic_dataset.temperature", $"must be greater than 0 and at most {HottestTemperature}.");
    }
}
