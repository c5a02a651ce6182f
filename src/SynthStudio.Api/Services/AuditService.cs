using System.Globalization;
using System.Text;
using Google.Api;
using Google.Protobuf;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Mapping;
using SynthStudio.Catalog;
using SynthStudio.Catalog.Audit;

namespace SynthStudio.Api.Services;

internal sealed class AuditService(AuditTrail trail, TrailWalks walks, StreamAccess access, PageTokens pages) : V1.AuditService.AuditServiceBase
{
    private const int ChunkBytes = 64 * 1024;
    private const int LeastReason = 10, LongestReason = 500;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public override Task<V1.ListAuditEntriesResponse> ListAuditEntries(V1.ListAuditEntriesRequest request, ServerCallContext context) =>
        ListAsync(request.Parent, request.PageSize, request.PageToken, request.Filter, context);

    public override Task<V1.ListAuditEntriesResponse> ListServerAuditEntries(
        V1.ListServerAuditEntriesRequest request, ServerCallContext context) =>
        ListAsync(ChainOf(request.Project), request.PageSize, request.PageToken, request.Filter, context);

    public override Task<V1.AuditFindings> VerifyAuditTrail(V1.VerifyAuditTrailRequest request, ServerCallContext context) =>
        VerifyAsync(request.Parent, context);

    public override Task<V1.AuditFindings> VerifyServerAuditTrail(V1.VerifyServerAuditTrailRequest request, ServerCallContext context) =>
        VerifyAsync(ChainOf(request.Project), context);

    public override Task ExportAuditTrail(V1.ExportAuditTrailRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context) =>
        ExportAsync(request.Parent, request, responseStream, context);

    public override Task ExportServerAuditTrail(
        V1.ExportServerAuditTrailRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context) =>
        ExportAsync(ChainOf(request.Project), request, responseStream, context);

    public override async Task<V1.AuditRestore> AcceptAuditRestore(V1.AcceptAuditRestoreRequest request, ServerCallContext context)
    {
        var chain = ChainOf(request.Project);
        var reason = request.Reason.Trim();
        if (reason.Length is < LeastReason or > LongestReason || reason.Any(char.IsControl))
            throw ApiErrors.InvalidField("reason", $"must be {LeastReason} to {LongestReason} characters on one line: which backup was put back, when, and why.");
        try
        {
            var accepted = await trail.AcceptRestoreAsync(
                chain, Auditor.Done(context, chain, request.RequestId), reason,
                request.HasLastKeptSequence ? request.LastKeptSequence : null, request.ValidateOnly, context.CancellationToken);
            return accepted.ToProto();
        }
        catch (AuditRestoreException e)
        {
            throw e.Refusal switch
            {
                AuditRestoreRefusal.NothingLost => ApiErrors.Precondition(ErrorReasons.NothingToAccept, chain, e.Message),
                AuditRestoreRefusal.Unsound => ApiErrors.Precondition(ErrorReasons.TrailUnsound, chain, e.Message),
                AuditRestoreRefusal.LastKept => ApiErrors.InvalidField("last_kept_sequence", e.Message),
                _ => ApiErrors.Unavailable(ErrorReasons.NotAudited, e.Message, RetryDelay),
            };
        }
    }

    private static string ChainOf(string project) => project.Length == 0
        ? AuditTrail.Server
        : ResourcePattern.Project.Matches(project)
            ? project
            : throw ApiErrors.InvalidField("project", "must be a name like projects/{project}, or empty.", ErrorReasons.InvalidName);

    private async Task<V1.AuditFindings> VerifyAsync(string chain, ServerCallContext context) => (await WalkAsync(chain, context)).ToProto();

    private async Task<AuditFindings> WalkAsync(string chain, ServerCallContext context)
    {
        using var place = walks.Enter(chain);
        return await trail.VerifyOnDiskAsync(chain, context.CancellationToken);
    }

    private async Task<V1.ListAuditEntriesResponse> ListAsync(string chain, int size, string token, V1.AuditFilter? wanted, ServerCallContext context)
    {
        var filter = new AuditFilter
        {
            Actor = wanted?.Actor ?? "", Method = wanted?.Method ?? "", Resource = wanted?.Resource ?? "", Outcome = wanted?.Outcome ?? "",
            Since = wanted?.Since?.ToDateTimeOffset(), Until = wanted?.Until?.ToDateTimeOffset(),
        };
        var (items, next) = await pages.ReadAsync(context, $"{chain}\n{wanted}", size, token, async page =>
        {
            var before = page.After is { } after ? long.Parse(after.Name, CultureInfo.InvariantCulture) : (long?)null;
            var entries = await trail.ListAsync(chain, filter, before, page.Size + 1, context.CancellationToken);
            return entries.Count <= page.Size
                ? new Page<AuditEntry>(entries, null)
                : new Page<AuditEntry>(
                    [.. entries.Take(page.Size)],
                    new PageCursor(entries[page.Size - 1].Time, entries[page.Size - 1].Sequence.ToString(CultureInfo.InvariantCulture)));
        });
        return new V1.ListAuditEntriesResponse { AuditEntries = { items.Select(entry => entry.ToProto()) }, NextPageToken = next };
    }

    /// <summary>
    /// Sends the trail as it stands now, if it is sound: what this server signs is what was written. The lines are
    /// those that were hashed, byte for byte.
    /// </summary>
    private async Task ExportAsync(string chain, IMessage request, IServerStreamWriter<HttpBody> stream, ServerCallContext context)
    {
        var grant = access.Of(request, context);
        var found = await WalkAsync(chain, context);
        if (found.Faults is [var fault, ..])
        {
            throw ApiErrors.Precondition(
                ErrorReasons.TrailUnsound, chain, $"The trail is not what was written, so it is not signed and not exported. {fault.Description} Verifying it tells of all faults; its entries can be listed.");
        }

        var text = new StringBuilder(ChunkBytes + 1024);
        text.Append(AuditExport.First(chain, trail.PublicKeyPem)).Append('\n');
        await foreach (var (_, line, hash) in trail.LinesAsync(chain, found.Head?.Sequence ?? 0, context.CancellationToken))
        {
            text.Append(AuditExport.Line(line, hash)).Append('\n');
            if (text.Length >= ChunkBytes) await SendAsync();
        }

        if (found.Head is { } head) text.Append(AuditExport.Last(head)).Append('\n');
        await SendAsync();

        async Task SendAsync()
        {
            await grant.CheckAsync();
            await stream.WriteAsync(
                new HttpBody { ContentType = AuditExport.MediaType, Data = ByteString.CopyFromUtf8(text.ToString()) },
                context.CancellationToken);
            text.Clear();
        }
    }
}
