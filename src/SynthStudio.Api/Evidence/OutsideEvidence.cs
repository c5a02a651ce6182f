using SynthStudio.Api.Lifecycle;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog.Assistant;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Evidence.Facts;

namespace SynthStudio.Api.Evidence;

/// <summary>Reads from where rows came, where they went, and which language models may be told of them. No secrets.</summary>
internal sealed class OutsideEvidence(ConnectionStore connections, TransferStore transfers, AssistantConsentStore consents)
{
    /// <param name="project">The project.</param>
    /// <param name="isAbout">Whether a data set or synthetic data set is of the pack's subject.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<ConnectionFacts>> ConnectionsAsync(string project, Func<string, bool> isAbout, CancellationToken cancellation)
    {
        var configured = await ProjectContentsReader.ReadAllAsync(page => connections.ListAsync(project, page, cancellation));
        var moved = (await ProjectContentsReader.ReadAllAsync(page => transfers.ListAsync(project, page, cancellation)))
            .Where(t => (t.State == TransferState.Succeeded || t.Rows > 0 || t.Bytes > 0) && isAbout(Imported(t) ?? Exported(t) ?? "")).ToList();
        return
        [
            .. configured.Select(c => (c.Endpoint, Source: new FactSource(c.Name, c.CreateTime)))
                .Concat(moved.Select(t => (t.Endpoint, Source: new FactSource(t.Name, t.EndTime ?? t.CreateTime))))
                .GroupBy(place => (Host: HostOf(place.Endpoint), Tls: TlsOf(place.Endpoint)))
                .Select(place => new ConnectionFacts(
                    place.First().Source, place.Key.Host, place.Key.Tls,
                    Names(place.Key, Imported), Names(place.Key, Drawn), Names(place.Key, Real))),
        ];

        IReadOnlyList<string> Names((string Host, string Tls) place, Func<TransferRecord, string?> name) =>
            [
                .. moved.Where(t => (HostOf(t.Endpoint), TlsOf(t.Endpoint)) == place)
                    .Select(name).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ];
    }

    public async Task<IReadOnlyList<ConsentFacts>> ConsentsAsync(IEnumerable<string> datasets, CancellationToken cancellation)
    {
        var given = new List<ConsentFacts>();
        foreach (var dataset in datasets)
        {
            if (await consents.FindAsync(dataset, cancellation) is { } consent)
                given.Add(new ConsentFacts(new FactSource($"{dataset}/assistantConsent", consent.GrantTime), dataset, consent.Recipients));
        }

        return given;
    }

    private static string? Imported(TransferRecord transfer) => transfer.Spec.Query?.Dataset ?? transfer.Spec.Object?.Dataset;

    private static string? Exported(TransferRecord transfer) => transfer.Spec.Table?.Source ?? transfer.Spec.Export?.Source;

    private static string? Drawn(TransferRecord transfer) => ExportSources.IsOfRealRows(transfer.Spec) ? null : Exported(transfer);

    private static string? Real(TransferRecord transfer) => ExportSources.IsOfRealRows(transfer.Spec) ? Exported(transfer) : null;

    private static string HostOf(TransferEndpoint endpoint) => endpoint switch
    {
        { Postgres: { } database } => database.Host,
        { Bucket: { Url.Length: > 0 } bucket } => new Uri(bucket.Url).Host,
        { Bucket: { } bucket } => $"Amazon S3, {bucket.Region}",
        _ => "",
    };

    private static string TlsOf(TransferEndpoint endpoint) =>
        endpoint.Postgres?.Tls.ToString()
            ?? (endpoint.Bucket is { Url: var url } && url.StartsWith("http:", StringComparison.OrdinalIgnoreCase)
                ? nameof(TransportSecurity.None)
                : ConnectionFacts.Verified);
}
