using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Transfers;
using Wanted = SynthStudio.V1.Transfer;

namespace SynthStudio.Api.Services;

internal sealed class TransferService(
    TransferStore transfers, ConnectionStore connections, UploadService uploads, SyntheticDatasetStore synthetics, RealRowGate datasets,
    EndpointReader endpoints, ProjectQuotas quotas, TransferOptions options, PageTokens pages, TimeProvider time)
    : V1.TransferService.TransferServiceBase
{
    private const int LongestQuery = 20_000, LongestKey = 1024, LongestIdentifier = 63;
    private const string QueryFileName = "query.csv", DefaultSchema = "public";

    public override async Task<V1.Transfer> CreateTransfer(V1.CreateTransferRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.Transfer, "transfer");
        var name = $"{request.Parent}/transfers/{ResourceIds.Choose(context, "transfer_id", request.TransferId, request.RequestId)}";
        if (request.RequestId.Length == 0) await Check.IsFreeAsync(name, transfers.FindAsync, context.CancellationToken); // Before its data set is made.
        var (endpoint, secret) = await EndpointAsync(wanted, request.Parent, context);
        var transfer = new TransferRecord
        {
            Name = name,
            Project = request.Parent,
            Spec = (await SpecAsync(wanted, endpoint, request, context)) with { Connection = wanted.Connection },
            Endpoint = endpoint,
            SealedSecret = secret is null ? null : connections.Seal(secret, name),
            Creator = Caller.Of(context).User,
            CreateTime = time.Now(),
        };
        transfer = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, transfer,
            () => CreateAsync(transfer, context),
            () => transfers.FindAsync(name, context.CancellationToken),
            left => left.Creator == transfer.Creator && IsSame(left.ToProto(), transfer.ToProto()));
        return transfer.ToProto();
    }

    public override async Task<V1.Transfer> GetTransfer(V1.GetTransferRequest request, ServerCallContext context) =>
        (await FindAsync(request.Name, context)).ToProto();

    public override async Task<V1.ListTransfersResponse> ListTransfers(V1.ListTransfersRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, page => transfers.ListAsync(request.Parent, page, context.CancellationToken));
        return new V1.ListTransfersResponse { Transfers = { items.Select(item => item.ToProto()) }, NextPageToken = next };
    }

    public override async Task<V1.Transfer> CancelTransfer(V1.CancelTransferRequest request, ServerCallContext context) =>
        (await transfers.CancelAsync(request.Name, context.CancellationToken) ?? await FindAsync(request.Name, context)).ToProto();

    private async Task<TransferRecord> FindAsync(string name, ServerCallContext context) =>
        await transfers.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);

    private async Task CreateAsync(TransferRecord transfer, ServerCallContext context)
    {
        if (await transfers.TryCreateAsync(transfer, options.MaxPerProject, context.CancellationToken)) return;
        if ((transfer.Spec.Query?.Upload ?? transfer.Spec.Object?.Upload) is { } upload)
            await uploads.DeleteUpload(new V1.DeleteUploadRequest { Name = upload }, context);
        throw ApiErrors.QuotaExceeded(
            transfer.Project, "transfers", left: 0, $"{transfer.Project} has {options.MaxPerProject} transfers that have not ended, as many as a project may have. Wait for one, or cancel it.");
    }

    /// <summary>From where, and the secret that was brought; null when a connection has it.</summary>
    private async Task<(TransferEndpoint Endpoint, string? Secret)> EndpointAsync(Wanted wanted, string project, ServerCallContext context)
    {
        switch (wanted.EndpointCase)
        {
            case Wanted.EndpointOneofCase.Connection:
                var name = Check.Reference(wanted.Connection, ResourcePattern.Connection, project, "transfer.connection");
                return ((await connections.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name)).Endpoint, null);
            case Wanted.EndpointOneofCase.Postgres:
                return endpoints.Read(wanted.Postgres, "transfer.postgres");
            case Wanted.EndpointOneofCase.Bucket:
                return endpoints.Read(wanted.Bucket, "transfer.bucket");
            default:
                throw ApiErrors.InvalidField("transfer.endpoint", "must be a connection, a database (postgres) or a bucket.");
        }
    }

    private async Task<TransferSpec> SpecAsync(Wanted wanted, TransferEndpoint endpoint, V1.CreateTransferRequest request, ServerCallContext context)
    {
        switch (wanted.ActionCase)
        {
            case Wanted.ActionOneofCase.QueryImport:
                DemandDatabase(endpoint, "transfer.query_import");
                return new TransferSpec { Query = await ReadAsync(wanted.QueryImport, request, context) };
            case Wanted.ActionOneofCase.ObjectImport:
                DemandBucket(endpoint, "transfer.object_import");
                return new TransferSpec { Object = await ReadAsync(wanted.ObjectImport, request, context) };
            case Wanted.ActionOneofCase.TableExport:
                DemandDatabase(endpoint, "transfer.table_export");
                return new TransferSpec { Table = await ReadAsync(wanted.TableExport, request, context) };
            case Wanted.ActionOneofCase.ObjectExport:
                DemandBucket(endpoint, "transfer.object_export");
                return new TransferSpec { Export = await ReadAsync(wanted.ObjectExport, request, context) };
            default:
                throw ApiErrors.InvalidField("transfer.action", "must be query_import, object_import, table_export or object_export.");
        }
    }

    private static void DemandDatabase(TransferEndpoint endpoint, string field)
    {
        if (endpoint.Postgres is null) throw ApiErrors.InvalidField(field, "needs a database; the endpoint is a bucket.");
    }

    private static void DemandBucket(TransferEndpoint endpoint, string field)
    {
        if (endpoint.Bucket is null) throw ApiErrors.InvalidField(field, "needs a bucket; the endpoint is a database.");
    }

    private async Task<QueryImport> ReadAsync(V1.QueryImport wanted, V1.CreateTransferRequest request, ServerCallContext context)
    {
        const string field = "transfer.query_import";
        if (wanted.Query.Length is 0 or > LongestQuery || wanted.Query.Contains('\0', StringComparison.Ordinal))
            throw ApiErrors.InvalidField($"{field}.query", $"must be one SELECT, 1 to {LongestQuery} characters long.");
        if (wanted.MaxRows < 0 || wanted.MaxRows > options.MaxRows) throw ApiErrors.InvalidField($"{field}.max_rows", $"must be 1 to {options.MaxRows}; 0 means that.");
        var timeout = wanted.StatementTimeout?.ToTimeSpan() ?? options.MaxTime;
        if (timeout < TimeSpan.FromSeconds(1) || timeout > options.MaxTime) throw ApiErrors.InvalidField($"{field}.statement_timeout", $"must be 1 s to {options.MaxTime}.");
        var upload = await UploadAsync(wanted.Dataset, QueryFileName, request, context);
        return new QueryImport(upload.Name, upload.Dataset, wanted.Query, wanted.MaxRows == 0 ? options.MaxRows : wanted.MaxRows, timeout.TotalSeconds);
    }

    private async Task<ObjectImport> ReadAsync(V1.ObjectImport wanted, V1.CreateTransferRequest request, ServerCallContext context)
    {
        CheckKey(wanted.Key, "transfer.object_import.key");
        var sha256 = Check.Sha256(wanted.Sha256, "transfer.object_import.sha256") ?? "";
        var upload = await UploadAsync(wanted.Dataset, wanted.Key[(wanted.Key.LastIndexOf('/') + 1)..], request, context);
        return new ObjectImport(upload.Name, upload.Dataset, wanted.Key, sha256);
    }

    private async Task<TableExport> ReadAsync(V1.TableExport wanted, V1.CreateTransferRequest request, ServerCallContext context)
    {
        const string field = "transfer.table_export";
        await CheckSourceAsync(wanted.Source, $"{field}.source", request.Parent, context);
        return new TableExport(
            wanted.Source, Identifier(wanted.Schema.Length == 0 ? DefaultSchema : wanted.Schema, $"{field}.schema"), Identifier(wanted.Table, $"{field}.table"),
            wanted.Overwrite, [.. wanted.TextColumns]);
    }

    private async Task<ObjectExport> ReadAsync(V1.ObjectExport wanted, V1.CreateTransferRequest request, ServerCallContext context)
    {
        const string field = "transfer.object_export";
        await CheckSourceAsync(wanted.Source, $"{field}.source", request.Parent, context);
        CheckKey(wanted.Key, $"{field}.key");
        return new ObjectExport(wanted.Source, wanted.Key, wanted.Overwrite)
        {
            Format = RowFormats.Read(wanted.Format, wanted.TextColumns, field, wanted.DefuseFormulas),
            TextColumns = [.. wanted.TextColumns], DefuseFormulas = wanted.DefuseFormulas,
        };
    }

    /// <summary>Rows that are drawn, or real ones for whom the data policy names.</summary>
    private async Task CheckSourceAsync(string source, string field, string project, ServerCallContext context)
    {
        if (ResourcePattern.Dataset.Matches(source))
        {
            await datasets.FindReadableAsync(Check.Reference(source, ResourcePattern.Dataset, project, field), context);
            return;
        }

        Check.Reference(source, ResourcePattern.SyntheticDataset, project, field);
        var drawn = await synthetics.FindAsync(source, context.CancellationToken) ?? throw ApiErrors.NotFound(source);
        if (drawn.State != ArtifactState.Ready)
            throw ApiErrors.Precondition(ErrorReasons.StateForbids, source, $"{source} is {drawn.State.ToString().ToLowerInvariant()}, not ready.");
    }

    private static void CheckKey(string key, string field)
    {
        if (key.Length is 0 or > LongestKey || key.Any(char.IsControl) || key.EndsWith('/')) throw ApiErrors.InvalidField(field, $"must be the key of an object, 1 to {LongestKey} characters.");
    }

    private static string Identifier(string name, string field) =>
        name.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(name) > LongestIdentifier || name.Any(char.IsControl)
            ? throw ApiErrors.InvalidField(field, $"must be 1 to {LongestIdentifier} bytes without control characters.")
            : name;

    /// <summary>Whether a call that died made what another one asks for.</summary>
    private static bool IsSame(V1.Transfer left, V1.Transfer wanted) => Equals(Request(left), Request(wanted));

    private static V1.Transfer Request(V1.Transfer transfer)
    {
        var asked = transfer.Clone();
        (asked.State, asked.RowCount, asked.SizeBytes, asked.Attempt, asked.Error) = (V1.TransferState.Unspecified, 0, 0, 0, null);
        (asked.CreateTime, asked.StartTime, asked.EndTime) = (null, null, null);
        return asked;
    }

    /// <summary>The upload that is to be written, and its data set, made as for any other file.</summary>
    private async Task<V1.Upload> UploadAsync(V1.ImportedDataset? wanted, string fileName, V1.CreateTransferRequest request, ServerCallContext context)
    {
        await quotas.CheckQueueAsync(request.Parent, context.CancellationToken); // Its end submits a job, and cannot be refused then.
        wanted ??= new V1.ImportedDataset();
        return await uploads.CreateUpload(
            new V1.CreateUploadRequest
            {
                Parent = request.Parent,
                UploadId = wanted.DatasetId,
                RequestId = request.RequestId,
                Upload = new V1.Upload
                {
                    FileName = fileName, DisplayName = wanted.DisplayName, SchemaJson = wanted.SchemaJson, Withheld = wanted.Withheld,
                    PreviousVersion = wanted.PreviousVersion,
                },
            },
            context);
    }
}
