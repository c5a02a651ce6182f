using Google.Api;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Packages;
using SynthStudio.Api.Privacy;
using SynthStudio.Api.Registry;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

internal sealed class GeneratorService(
    Deletions deletions, IGrainFactory grains, GeneratorIndex index, GeneratorDefinitions definitions, CopyingMethods copying,
    ColumnSensitivities sensitivities, GeneratorNames names, GeneratorAliasStore aliases, SyntheticDatasetStore synthetics,
    JobDirectory jobs, UploadFlow uploads, GeneratorImports imports, TrainingEstimates estimates, WatchStreams watches, Downloads downloads,
    GuardedReports reports, PageTokens pages, MappedGenerators mapped, GeneratorHealth health, ProjectQuotas quotas, TimeProvider time)
    : V1.GeneratorService.GeneratorServiceBase
{
    public override async Task<V1.Generator> CreateGenerator(V1.CreateGeneratorRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Generator, "generator");
        var definition = await definitions.NewAsync(wanted, request.Parent, Caller.Of(context).User, context.CancellationToken);
        var warnings = await sensitivities.CheckAsync(definition, context.CancellationToken);
        var name = $"{request.Parent}/generators/{ResourceIds.Choose(context, "generator_id", request.GeneratorId, request.RequestId)}";
        if (await aliases.FindAsync(GeneratorNames.AliasOf(name), context.CancellationToken) is not null)
            throw ApiErrors.AlreadyExists(GeneratorNames.AliasOf(name));
        if (request.ValidateOnly)
        {
            await Check.IsFreeAsync(name, index.FindAnyAsync, context.CancellationToken);
            var preview = definition.ToPreview(name, time.Now());
            preview.Warnings.Add(warnings);
            preview.Estimate = await estimates.OfAsync(definition, demandsBudget: false, context.CancellationToken);
            return preview;
        }

        await quotas.CheckGeneratorAsync(request.Parent, name, context.CancellationToken);
        try
        {
            var created = (await Grain(name).CreateAsync(definition)).ToProto();
            created.Warnings.Add(warnings);
            return created;
        }
        catch (WorkStateException)
        {
            throw ApiErrors.AlreadyExists(name); // With another definition, or it was deleted: names are not used twice.
        }
    }

    public override async Task<V1.Generator> GetGenerator(V1.GetGeneratorRequest request, ServerCallContext context) =>
        mapped.Map(await Grain(await NameAsync(request.Name, context)).GetAnyAsync());

    public override async Task<V1.GeneratorHealth> GetGeneratorHealth(V1.GetGeneratorHealthRequest request, ServerCallContext context) => await health.OfAsync(
        await Grain(await NameAsync(ResourceName.Parent(request.Name), context)).GetAsync(), Caller.Of(context).IsAdmin, context.CancellationToken);

    public override async Task<V1.ListGeneratorsResponse> ListGenerators(V1.ListGeneratorsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, $"{request.Parent}\n{request.ShowDeleted}", request.PageSize, request.PageToken,
            page => request.ShowDeleted
                ? index.ListAnyAsync(request.Parent, page, context.CancellationToken)
                : index.ListAsync(request.Parent, page, cancellation: context.CancellationToken));
        return new V1.ListGeneratorsResponse { Generators = { items.Select(generator => generator.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.Generator> UpdateGenerator(V1.UpdateGeneratorRequest request, ServerCallContext context)
    {
        var generator = await Grain(await NameAsync(request.Generator.Name, context)).GetAsync();
        Etags.Check(request.Generator.Etag, generator.Name, generator.Version);
        var changed = await definitions.ChangeAsync(generator.Definition, request.Generator, request.UpdateMask, context.CancellationToken);
        return (await Grain(generator.Name).UpdateAsync(changed, generator.Version)).ToProto();
    }

    public override async Task<V1.Generator> DeleteGenerator(V1.DeleteGeneratorRequest request, ServerCallContext context)
    {
        var generator = await Grain(request.Name).GetAsync();
        Etags.Check(request.Etag, generator.Name, generator.Version);
        await CheckNoAliasAsync(generator.Name, context.CancellationToken);
        var drawn = await synthetics.ListByGeneratorAsync(generator.Name, new PageRequest(1), context.CancellationToken);
        if (drawn.Items.Count > 0)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.StillUsed, generator.Name, $"{drawn.Items[0].Name} was drawn from {generator.Name}: delete its synthetic data sets first.");
        }

        var deleted = await deletions.DeleteGeneratorAsync(generator.Name);
        try
        {
            await CheckNoAliasAsync(generator.Name, CancellationToken.None);
        }
        catch (RpcException)
        {
            // The alias came between: who set it found the generator still there.
            await deletions.UndeleteGeneratorAsync(generator.Name, CancellationToken.None);
            throw;
        }

        return deleted.ToProto();
    }

    private async Task CheckNoAliasAsync(string generator, CancellationToken cancellation)
    {
        if (await aliases.ListOfGeneratorAsync(generator, cancellation) is [var alias, ..])
            throw ApiErrors.Precondition(ErrorReasons.StillUsed, generator, $"{alias.Name} stands for {generator}: point it elsewhere or delete it first.");
    }

    public override async Task<V1.Generator> UndeleteGenerator(V1.UndeleteGeneratorRequest request, ServerCallContext context) =>
        (await deletions.UndeleteGeneratorAsync(request.Name, context.CancellationToken)).ToProto();

    public override async Task<Empty> PurgeGenerator(V1.PurgeGeneratorRequest request, ServerCallContext context)
    {
        await deletions.PurgeAsync(request.Name, context.CancellationToken);
        return new Empty();
    }

    public override async Task<V1.Generator> TrainGenerator(V1.TrainGeneratorRequest request, ServerCallContext context)
    {
        var id = request.RequestId.Length > 0 ? ResourceIds.FromRequest(context, request.RequestId) : ResourceIds.New();
        var job = $"{ResourceName.Root(request.Name)}/jobs/{id}";
        var priority = Check.Priority(request.Priority);
        var limits = Check.Limits(request.Limits, "limits");
        var name = await NameAsync(request.Name, context);
        var known = await Grain(name).GetAsync();
        if (known.Origin is not null)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.StateForbids, name, $"{name} was imported with its model and has no data set to learn. Create a generator on a data set, with start_from to learn on from it.");
        }

        await copying.RefuseAsync(known.Definition.Training.Method, name, context.CancellationToken);
        var warnings = await sensitivities.CheckAsync(known.Definition, context.CancellationToken); // The owner may have marked columns since.
        if (request.ValidateOnly)
        {
            var draft = await FindTrainableAsync(name);
            var checkedOnly = draft.ToProto();
            checkedOnly.Warnings.Add(warnings);
            checkedOnly.Estimate = await estimates.OfAsync(draft.Definition, demandsBudget: true, context.CancellationToken);
            return checkedOnly;
        }

        if (known.Training?.Name != job) // A repeat is not refused.
        {
            await quotas.CheckAcceleratorAsync(ResourceName.Root(name), known.Definition.Requirements, context.CancellationToken);
            await quotas.CheckSubmissionAsync(ResourceName.Root(name), context.CancellationToken);
        }

        var generator = await Grain(name).TrainAsync(job, priority, Caller.Of(context).User, limits);
        jobs.Add(job, WorkKind.Training, name);
        var answer = generator.ToProto();
        answer.Warnings.Add(warnings);
        return answer;
    }

    public override async Task<V1.Generator> PauseGenerator(V1.PauseGeneratorRequest request, ServerCallContext context) =>
        (await Grain(await NameAsync(request.Name, context)).PauseAsync()).ToProto();

    public override async Task<V1.Generator> ResumeGenerator(V1.ResumeGeneratorRequest request, ServerCallContext context) =>
        (await Grain(await NameAsync(request.Name, context)).ResumeAsync()).ToProto();

    public override async Task<V1.Generator> CancelGeneratorTraining(V1.CancelGeneratorTrainingRequest request, ServerCallContext context)
    {
        var name = await NameAsync(request.Name, context);
        await Grain(name).CancelJobAsync((await TrainingAsync(name)).Name);
        return (await Grain(name).GetAsync()).ToProto();
    }

    public override async Task WatchGenerator(
        V1.WatchGeneratorRequest request, IServerStreamWriter<V1.ProgressEvent> responseStream, ServerCallContext context)
    {
        var name = await NameAsync(request.Name, context);
        var training = await TrainingAsync(name);
        await watches.SendAsync(training.Name, WorkKind.Training, name, request.AfterSequence, request, responseStream, context);
    }

    public override async Task<V1.Generator> ImportGenerator(V1.ImportGeneratorRequest request, ServerCallContext context)
    {
        var upload = await uploads.FindAsync(Check.Reference(request.Upload, ResourcePattern.Upload, request.Parent, "upload"), context.CancellationToken);
        if (upload.Dataset.Length > 0) throw ApiErrors.InvalidField("upload", "must be one of a package (purpose UPLOAD_PURPOSE_GENERATOR_PACKAGE), not of a data set.");
        var name = $"{request.Parent}/generators/{ResourceIds.Choose(context, "generator_id", request.GeneratorId, request.RequestId)}";
        if (await aliases.FindAsync(GeneratorNames.AliasOf(name), context.CancellationToken) is not null)
            throw ApiErrors.AlreadyExists(GeneratorNames.AliasOf(name));
        await quotas.CheckGeneratorAsync(request.Parent, name, context.CancellationToken);
        var generator = await imports.ImportAsync(
            name, Check.DisplayName(request.DisplayName, "display_name"), upload, request.AllowUnsigned, Caller.Of(context).User, context.CancellationToken);
        return generator.ToProto();
    }

    public override async Task ExportGenerator(V1.ExportGeneratorRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        var generator = await Grain(await NameAsync(request.Name, context)).GetAsync();
        var model = generator.Model ?? throw ApiErrors.Precondition(ErrorReasons.StateForbids, request.Name, $"{request.Name} has no model yet: train it first.");
        await downloads.SendAsync([model], model.MediaType, $"{ResourceName.Id(request.Name)}.synth", request, responseStream, context, new SigningEdit(imports.Sign(generator, model, time.Now())));
    }

    public override async Task DownloadGeneratorReport(
        V1.DownloadGeneratorReportRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        var generator = await Grain(await NameAsync(request.Name, context)).GetAsync();
        var made = generator.Training?.Result?.Artifacts;
        var report = new StoredReport(
            request.Name, [generator.Definition.Dataset], IsOfUpload: false, made?.GetValueOrDefault("report"), made,
            _ => ApiErrors.Precondition(
                ErrorReasons.StateForbids, request.Name, $"{request.Name} has no report: its newest training has not ended, or held back no rows to compare with."));
        await reports.SendAsync(report, request.Format, request, responseStream, context);
    }

    private async Task<GeneratorSnapshot> FindTrainableAsync(string name)
    {
        var generator = await Grain(name).GetAsync();
        return generator.Training is { HasEnded: false }
            ? throw new WorkStateException(name, generator.State.ToString().ToUpperInvariant(), "be trained")
            : generator;
    }

    /// <summary>The generator that is meant, also by an alias.</summary>
    private ValueTask<string> NameAsync(string name, ServerCallContext context) => names.ResolveAsync(name, context.CancellationToken);

    private IGeneratorGrain Grain(string name) => grains.GetGrain<IGeneratorGrain>(name);

    private async Task<JobSnapshot> TrainingAsync(string name) => (await Grain(name).GetAsync()).Training
        ?? throw ApiErrors.Precondition(ErrorReasons.StateForbids, name, $"{name} was never trained.");
}
