using System.Text.Json;
using Google.Api;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Formats;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Privacy;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

internal sealed class DatasetService(
    Deletions deletions, DatasetStore datasets, GeneratorIndex generators, EvaluationStore evaluations, DatasetReader reader,
    SchemaFiles schemas, ObjectTexts texts, ColumnSensitivities sensitivities, PrivacyLedger ledger, RealRowGate gate, RealRows real,
    RowDownloads files, Auditor auditor, DataPolicyStore policies, AnalysisStore analyses, PageTokens pages, ProjectQuotas quotas,
    TimeProvider time)
    : V1.DatasetService.DatasetServiceBase
{
    private const int MostAnalyses = 1000;

    public override async Task<V1.ListDatasetsResponse> ListDatasets(V1.ListDatasetsRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, $"{request.Parent}\n{request.ShowDeleted}", request.PageSize, request.PageToken,
            page => request.ShowDeleted
                ? datasets.ListAnyAsync(request.Parent, page, context.CancellationToken)
                : datasets.ListAsync(request.Parent, page, context.CancellationToken));
        var badges = await ledger.BadgesAsync([.. items.Select(dataset => dataset.Name)], context.CancellationToken);
        return new V1.ListDatasetsResponse { Datasets = { items.Select(dataset => WithBadge(dataset, badges)) }, NextPageToken = next };
    }

    public override async Task<V1.Dataset> GetDataset(V1.GetDatasetRequest request, ServerCallContext context)
    {
        var dataset = await datasets.FindAnyAsync(request.Name, context.CancellationToken) ?? throw ApiErrors.NotFound(request.Name);
        await reader.EnsureSubmittedAsync(dataset, context.CancellationToken); // Mends a completion that died before its job was submitted.
        return WithBadge(dataset, await ledger.BadgesAsync([dataset.Name], context.CancellationToken));
    }

    public override async Task<V1.Dataset> UpdateDataset(V1.UpdateDatasetRequest request, ServerCallContext context)
    {
        var wanted = request.Dataset;
        var paths = UpdateMasks.Resolve(request.UpdateMask, "display_name", "schema_json");
        var isNamed = request.UpdateMask is { Paths.Count: > 0 };
        var dataset = await FindAsync(wanted.Name, context);
        Etags.Check(wanted.Etag, dataset.Name, dataset.Version);
        var changed = dataset with { UpdateTime = time.Now() };
        if (paths.Contains("display_name") && (isNamed || wanted.DisplayName.Length > 0))
            changed = changed with { DisplayName = Check.DisplayName(wanted.DisplayName, "dataset.display_name") };
        if (paths.Contains("schema_json") && (isNamed || wanted.SchemaJson.Length > 0))
        {
            await schemas.CheckAsync(wanted.SchemaJson, "dataset.schema_json", context.CancellationToken);
            changed = changed with { SchemaJson = wanted.SchemaJson };
        }

        if (changed.SchemaJson == dataset.SchemaJson || dataset.State == DatasetState.Empty)
            return (await datasets.UpdateAsync(changed, context.CancellationToken)).ToProto();
        if (dataset.State == DatasetState.Profiling)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, dataset.Name, $"{dataset.Name} is being read: change its schema when that has ended.");
        await quotas.CheckSubmissionAsync(dataset.Project, context.CancellationToken);
        changed = await reader.StartAsync(changed, context.CancellationToken);
        await reader.EnsureSubmittedAsync(changed, context.CancellationToken);
        return changed.ToProto();
    }

    public override async Task<V1.Dataset> DeleteDataset(V1.DeleteDatasetRequest request, ServerCallContext context)
    {
        var dataset = await FindAsync(request.Name, context);
        Etags.Check(request.Etag, dataset.Name, dataset.Version);
        if (dataset.State == DatasetState.Empty)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, dataset.Name, $"{dataset.Name} is uploading: delete its upload instead.");
        if (await generators.AnyOfDatasetAsync(dataset.Name, context.CancellationToken))
            throw ApiErrors.Precondition(ErrorReasons.StillUsed, dataset.Name, $"Generators learned {dataset.Name}: delete them first.");
        if (await evaluations.FindOfDatasetAsync(dataset.Name, context.CancellationToken) is { } evaluation)
            throw ApiErrors.Precondition(ErrorReasons.StillUsed, dataset.Name, $"{evaluation.Name} names {dataset.Name}: delete its evaluations first.");
        var looks = await analyses.ListOfDatasetAsync(dataset.Name, new PageRequest(MostAnalyses), context.CancellationToken);
        if (looks.Items.FirstOrDefault(analysis => analysis.State == ArtifactState.Pending) is { } running)
            throw ApiErrors.Precondition(ErrorReasons.StillUsed, dataset.Name, $"{running.Name} is running: cancel {running.Job} or wait for its end.");
        return (await deletions.DeleteAsync(dataset, context.CancellationToken)).ToProto();
    }

    public override async Task<V1.Dataset> UndeleteDataset(V1.UndeleteDatasetRequest request, ServerCallContext context) =>
        (await deletions.UndeleteDatasetAsync(request.Name, context.CancellationToken)).ToProto();

    public override async Task<Empty> PurgeDataset(V1.PurgeDatasetRequest request, ServerCallContext context)
    {
        await deletions.PurgeAsync(request.Name, context.CancellationToken);
        return new Empty();
    }

    public override async Task<V1.DatasetProfile> GetDatasetProfile(V1.GetDatasetProfileRequest request, ServerCallContext context)
    {
        var dataset = await FindAsync(ResourceName.Parent(request.Name), context);
        if (dataset.Withheld)
            throw ApiErrors.Precondition(ErrorReasons.Withheld, dataset.Name, $"{dataset.Name} was uploaded as withheld: it has no profile.");
        if (dataset.Profile is not { } profile)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, dataset.Name, $"{dataset.Name} has no profile yet.");
        await ledger.RecordNonPrivateAsync(dataset.Name, "profile", request.Name, Caller.Of(context).User, context.CancellationToken); // Before it leaves.
        var json = await texts.ReadAsync(profile, context.CancellationToken);
        if (await gate.MayAsync(dataset.Project, Caller.Of(context).User, context.CancellationToken))
            return new V1.DatasetProfile { Name = request.Name, Json = json };
        return new V1.DatasetProfile
        {
            Name = request.Name,
            Json = ProfileGuard.Guard(json, await sensitivities.ListTellingAsync(dataset, context.CancellationToken)),
            Guarded = true,
        };
    }

    public override async Task<V1.DatasetSensitivity> GetDatasetSensitivity(
        V1.GetDatasetSensitivityRequest request, ServerCallContext context)
    {
        var dataset = await FindAsync(ResourceName.Parent(request.Name), context);
        if (dataset is { Withheld: false, Profile: not null }) // Before it leaves.
            await ledger.RecordNonPrivateAsync(dataset.Name, "profile", request.Name, Caller.Of(context).User, context.CancellationToken);
        var told = await SensitivityAsync(dataset, context);
        if (await gate.MayAsync(dataset.Project, Caller.Of(context).User, context.CancellationToken)) return told;
        foreach (var finding in told.Columns.SelectMany(column => column.Findings)) FindingGuard.Guard(finding);
        return told;
    }

    public override async Task<V1.DatasetSensitivity> UpdateDatasetSensitivity(V1.UpdateDatasetSensitivityRequest request, ServerCallContext context)
    {
        var wanted = request.DatasetSensitivity;
        var dataset = await FindAsync(ResourceName.Parent(wanted.Name), context);
        Etags.Check(wanted.Etag, dataset.Name, dataset.Version);
        var marks = await sensitivities.ChangeAsync(dataset, wanted.Columns, context.CancellationToken);
        dataset = await datasets.UpdateAsync(dataset with { Sensitivity = marks, UpdateTime = time.Now() }, context.CancellationToken);
        var changed = new V1.DatasetSensitivity { Name = wanted.Name, Etag = Etags.Of(dataset.Version) };
        changed.Columns.Add(marks.Select(mark => new V1.ColumnSensitivity { Column = mark.Key, Mark = System.Enum.Parse<V1.Sensitivity>(mark.Value!) }));
        return changed; // Without what is found: that is a look at the data, and noted as one.
    }

    public override async Task<V1.ListDatasetVersionsResponse> ListDatasetVersions(V1.ListDatasetVersionsRequest request, ServerCallContext context)
    {
        var versions = await datasets.ListVersionsAsync(await FindAsync(request.Name, context), context.CancellationToken);
        var badges = await ledger.BadgesAsync([.. versions.Select(dataset => dataset.Name)], context.CancellationToken);
        return new V1.ListDatasetVersionsResponse { Datasets = { versions.Select(dataset => WithBadge(dataset, badges)) } };
    }

    public override async Task<V1.DatasetPreview> GetDatasetPreview(V1.GetDatasetPreviewRequest request, ServerCallContext context)
    {
        var dataset = await FindAsync(ResourceName.Parent(request.Name), context);
        await gate.DemandAsync(dataset.Project, context);
        if (dataset.Withheld)
            throw ApiErrors.Precondition(ErrorReasons.Withheld, dataset.Name, $"{dataset.Name} was uploaded as withheld: nothing of it is shown.");
        if (dataset.Preview is not { } stored)
        {
            throw ApiErrors.Precondition(
                ErrorReasons.StateForbids, dataset.Name, $"{dataset.Name} has no preview: it is not read yet, or was read by an older version; a change of its schema has it read again.");
        }

        await ledger.RecordNonPrivateAsync(dataset.Name, "preview", request.Name, Caller.Of(context).User, context.CancellationToken); // Before it leaves.
        using var preview = JsonDocument.Parse(await texts.ReadAsync(stored, context.CancellationToken));
        var shown = new V1.DatasetPreview { Name = request.Name };
        shown.Columns.Add(preview.RootElement.GetProperty("columns").EnumerateArray().Select(column => column.GetString()));
        foreach (var row in preview.RootElement.GetProperty("rows").EnumerateArray())
        {
            var cells = new V1.PreviewRow();
            foreach (var cell in row.EnumerateArray())
                cells.Cells.Add(cell.GetString() is { } text ? new V1.PreviewCell { Text = text } : new V1.PreviewCell());
            shown.Rows.Add(cells);
        }

        return shown;
    }

    public override async Task DownloadDataset(V1.DownloadDatasetRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        var format = RowFormats.Read(request.Format, request.TextColumns, "", request.DefuseFormulas);
        var dataset = await gate.FindReadableAsync(request.Name, context);
        try
        {
            await real.ReadAsync(
                dataset, request.TextColumns,
                async (rows, stop) =>
                {
                    await gate.FindReadableAsync(request.Name, context); // Who might when the job was submitted might not any more.

                    // Before they leave.
                    await auditor.BeginRowsAsync(context, dataset.Name);
                    await ledger.RecordNonPrivateAsync(dataset.Name, "download", $"{dataset.Name}/download", Caller.Of(context).User, context.CancellationToken);
                    await files.SendAsync(rows, format, request.DefuseFormulas, dataset.Name, request, responseStream, context, demand: () =>
                    {
                        stop.ThrowIfCancellationRequested();
                        return gate.DemandAsync(dataset.Project, context);
                    });
                },
                context.CancellationToken);
        }
        catch (RowsNotReadException e)
        {
            throw ApiErrors.Precondition(e.Reason ?? ErrorReasons.Cancelled, dataset.Name, e.Message);
        }
        catch (NoSuchColumnException e)
        {
            throw ApiErrors.InvalidField("text_columns", e.Message);
        }
    }

    public override async Task<V1.DataPolicy> GetDataPolicy(V1.GetDataPolicyRequest request, ServerCallContext context) => new()
    {
        Name = request.Name,
        RealRows = RealRowGate.ToProto(await policies.FindAsync(ResourceName.Root(request.Name), context.CancellationToken)),
    };

    public override async Task<V1.DataPolicy> UpdateDataPolicy(V1.UpdateDataPolicyRequest request, ServerCallContext context)
    {
        var wanted = request.DataPolicy;
        var policy = RealRowGate.ToPolicy(wanted.RealRows, "data_policy.real_rows");
        await policies.SetAsync(ResourceName.Root(wanted.Name), policy, time.Now(), context.CancellationToken);
        return new V1.DataPolicy { Name = wanted.Name, RealRows = wanted.RealRows };
    }

    private async Task<V1.DatasetSensitivity> SensitivityAsync(DatasetRecord dataset, ServerCallContext context) => new()
    {
        Name = $"{dataset.Name}/sensitivity",
        Columns = { await sensitivities.ReadAsync(dataset, context.CancellationToken) },
        Etag = Etags.Of(dataset.Version),
    };

    private static V1.Dataset WithBadge(DatasetRecord dataset, IReadOnlyDictionary<string, PrivacyBadge> badges)
    {
        var proto = dataset.ToProto();
        if (badges.TryGetValue(dataset.Name, out var badge)) proto.PrivacyBadge = badge.ToProto();
        return proto;
    }

    private async Task<DatasetRecord> FindAsync(string name, ServerCallContext context) =>
        await datasets.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);
}
