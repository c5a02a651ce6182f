using Google.Api;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Evidence;
using SynthStudio.Api.Idempotency;
using SynthStudio.Api.Identity;
using SynthStudio.Api.Limits;
using SynthStudio.Api.Mapping;
using SynthStudio.Api.Registry;
using SynthStudio.Api.Uploads;
using SynthStudio.Catalog;
using SynthStudio.Evidence;
using SynthStudio.Evidence.Controls;
using SynthStudio.Evidence.Sealing;
using SynthStudio.Storage;

namespace SynthStudio.Api.Services;

internal sealed class EvidenceService(
    EvidencePackStore packs, EvidenceCollector collector, EvidenceSeal seal, ProjectStore projects, GeneratorIndex generators,
    SyntheticDatasetStore synthetics, GeneratorNames names, IObjectStore objects, Downloads downloads, ProjectQuotas quotas,
    TrailWalks walks, PageTokens pages)
    : V1.EvidenceService.EvidenceServiceBase
{
    private const int MostPacks = 1000;

    private static readonly EvidenceFormat[] Formats = System.Enum.GetValues<EvidenceFormat>();

    public override async Task<V1.EvidencePack> CreateEvidencePack(V1.CreateEvidencePackRequest request, ServerCallContext context)
    {
        var wanted = Check.Present(request.EvidencePack, "evidence_pack");
        var frameworks = Frameworks(wanted.Frameworks);
        var subject = await SubjectAsync(wanted.Subject, request.Parent, context.CancellationToken);
        var name = $"{request.Parent}/evidencePacks/{ResourceIds.Choose(context, "evidence_pack_id", request.EvidencePackId, request.RequestId)}";
        if (request.RequestId.Length == 0) await Check.IsFreeAsync(name, packs.FindAsync, context.CancellationToken); // Before the work.
        var project = await projects.FindAsync(request.Parent, context.CancellationToken) ?? throw ApiErrors.NotFound(request.Parent);

        // A repeat is not refused.
        if (await packs.FindAsync(name, context.CancellationToken) is null)
            await quotas.CheckRoomAsync(request.Parent, context.CancellationToken);
        using var place = walks.Enter(request.Parent);

        var creator = Caller.Of(context).User;
        var number = await packs.NextNumberAsync(request.Parent, subject, context.CancellationToken);
        var (facts, attachments, notAttached) = await collector.CollectAsync(project, subject, context.CancellationToken);
        var pack = EvidencePack.Of(name, number, creator, facts, frameworks, attachments, notAttached);
        var record = new EvidencePackRecord
        {
            Name = name, Project = request.Parent, Subject = subject, Frameworks = [.. frameworks.Select(f => f.Id)], Number = number,
            FactsSha256 = pack.FactsSha256, Summary = EvidenceMapping.SummaryOf(pack),
            Files = await StoreAsync(pack, request.Parent, context.CancellationToken), Creator = creator, CreateTime = facts.AsOf,
        };
        record = await RepeatableCreation.CreateOrTakeUpAsync(
            request.RequestId, record,
            async () =>
            {
                if (!await packs.TryCreateAsync(record, MostPacks, context.CancellationToken))
                    throw ApiErrors.TooLarge(request.Parent, $"A project has at most {MostPacks} evidence packs. Delete one that is not needed, or set a retention.");
            },
            () => packs.FindAsync(name, context.CancellationToken),
            left => left.Creator == creator && left.Subject == subject && left.Frameworks.SequenceEqual(record.Frameworks));
        return record.ToProto();
    }

    public override async Task<V1.EvidencePack> GetEvidencePack(V1.GetEvidencePackRequest request, ServerCallContext context) =>
        (await FindAsync(request.Name, context)).ToProto();

    public override async Task<V1.ListEvidencePacksResponse> ListEvidencePacks(V1.ListEvidencePacksRequest request, ServerCallContext context)
    {
        var (items, next) = await pages.ReadAsync(
            context, request.Parent, request.PageSize, request.PageToken, page => packs.ListAsync(request.Parent, page, context.CancellationToken));
        return new V1.ListEvidencePacksResponse { EvidencePacks = { items.Select(item => item.ToProto()) }, NextPageToken = next };
    }

    public override async Task DownloadEvidencePack(
        V1.DownloadEvidencePackRequest request, IServerStreamWriter<HttpBody> responseStream, ServerCallContext context)
    {
        var format = request.Format.ToFormat() ?? throw ApiErrors.InvalidField("format", "must be html, markdown or json.");
        var pack = await FindAsync(request.Name, context);
        var (mediaType, ending) = format switch
        {
            EvidenceFormat.Html => (MediaTypes.Html, "html"),
            EvidenceFormat.Markdown => (MediaTypes.Markdown, "md"),
            _ => (MediaTypes.Json, "json"),
        };
        await downloads.SendAsync([pack.Files[format.ToString()]], mediaType, $"{ResourceName.Id(pack.Name)}.{ending}", request, responseStream, context);
    }

    public override async Task<Empty> DeleteEvidencePack(V1.DeleteEvidencePackRequest request, ServerCallContext context) =>
        await packs.DeleteAsync(request.Name, context.CancellationToken) ? new Empty() : throw ApiErrors.NotFound(request.Name);

    public override Task<V1.ListControlsResponse> ListControls(V1.ListControlsRequest request, ServerCallContext context)
    {
        var frameworks = request.Framework == V1.EvidenceFramework.Unspecified ? Framework.All : [Known(request.Framework, "framework")];
        return Task.FromResult(new V1.ListControlsResponse { Controls = { frameworks.SelectMany(f => f.Controls.Select(c => c.ToProto(f))) } });
    }

    public override Task<V1.EvidenceKey> GetEvidenceKey(V1.GetEvidenceKeyRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.EvidenceKey { PublicKeyPem = seal.PublicKeyPem, Sha256 = seal.Fingerprint });

    private async Task<IReadOnlyDictionary<string, ObjectRef>> StoreAsync(EvidencePack pack, string project, CancellationToken cancellation)
    {
        var store = objects.OfProject(project);
        var files = new Dictionary<string, ObjectRef>(StringComparer.Ordinal);
        foreach (var format in Formats)
        {
            using var content = new MemoryStream(pack.Write(format, seal));
            files[format.ToString()] = await store.PutAsync(
                content,
                format switch
                {
                    EvidenceFormat.Html => MediaTypes.Html,
                    EvidenceFormat.Markdown => MediaTypes.Markdown,
                    _ => MediaTypes.Json,
                },
                cancellation);
        }

        return files;
    }

    private static IReadOnlyList<Framework> Frameworks(RepeatedField<V1.EvidenceFramework> wanted)
    {
        if (wanted.Count == 0) return Framework.All;
        var known = wanted.Select(f => Known(f, "evidence_pack.frameworks")).ToHashSet();
        return [.. Framework.All.Where(known.Contains)];
    }

    private static Framework Known(V1.EvidenceFramework framework, string field) =>
        framework.ToFramework() ?? throw ApiErrors.InvalidField(field, "must be gdpr, hipaa, ccpa or soc2.");

    /// <summary>The generator or synthetic data set that a pack is about, by its own name and there; empty for the whole project.</summary>
    private async Task<string> SubjectAsync(string subject, string project, CancellationToken cancellation)
    {
        const string field = "evidence_pack.subject";
        if (subject.Length == 0) return "";
        if (ResourcePattern.SyntheticDataset.Matches(subject))
        {
            Check.Reference(subject, ResourcePattern.SyntheticDataset, project, field);
            return await synthetics.FindAsync(subject, cancellation) is null ? throw ApiErrors.NotFound(subject) : subject;
        }

        if (!ResourcePattern.Generator.Matches(subject)) throw ApiErrors.InvalidField(field, "must name a generator or a synthetic data set.", ErrorReasons.InvalidName);
        var name = await names.ResolveAsync(Check.Reference(subject, ResourcePattern.Generator, project, field), cancellation);
        return await generators.FindAsync(name, cancellation) is null ? throw ApiErrors.NotFound(subject) : name;
    }

    private async Task<EvidencePackRecord> FindAsync(string name, ServerCallContext context) =>
        await packs.FindAsync(name, context.CancellationToken) ?? throw ApiErrors.NotFound(name);
}
