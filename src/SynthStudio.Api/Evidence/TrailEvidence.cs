using SynthStudio.Api.Assistant;
using SynthStudio.Api.Auditing;
using SynthStudio.Api.Authorization;
using SynthStudio.Api.Transfers;
using SynthStudio.Catalog.Audit;
using SynthStudio.Evidence.Facts;

namespace SynthStudio.Api.Evidence;

/// <summary>Verifies a project's audit trail, and counts what is in it: calls by how they ended, and those of which it does not say so.</summary>
internal sealed class TrailEvidence(AuditTrail trail, TimeProvider time)
{
    private const string System = "system", Done = "OK";

    /// <summary>Calls that began later may well be carried out yet, as the one that asks for this; those that move bytes take as long as that takes.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(1), LongestMove = TimeSpan.FromDays(1);

    private static readonly string[] OfRealData =
    [
        ExportSources.RealRowsExported,
        .. ProjectTools.OfRealValues.Select(tool => TrailFacts.AssistantLook + tool),
        .. RpcRules.ByMethod
            .Where(rule => rule.Value.Audited is Audited.RealData or Audited.RealRows)
            .Select(rule => rule.Key[(rule.Key.LastIndexOf('.') + 1)..])
            .Order(StringComparer.Ordinal),
    ];

    public async Task<TrailFacts> ReadAsync(string project, CancellationToken cancellation)
    {
        var found = await trail.VerifyOnDiskAsync(project, cancellation);
        var (done, refused) = (new SortedDictionary<string, long>(StringComparer.Ordinal), new SortedDictionary<string, long>(StringComparer.Ordinal));
        var downloads = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var actors = new HashSet<string>(StringComparer.Ordinal);
        var begun = new Dictionary<long, (string Method, DateTimeOffset Time)>();
        var (removed, last) = (0L, (DateTimeOffset?)null);
        await foreach (var (_, line, _) in trail.LinesAsync(project, found.Head?.Sequence, cancellation)) // What came since was not verified.
        {
            if (!AuditLine.TryRead(line, out var entry)) continue; // The verification tells of it.
            last = entry.Time;
            if (entry.Event.Actor != System) actors.Add(entry.Event.Actor);
            if (entry.Event.Outcome == AuditEvent.BegunOutcome)
            {
                begun[entry.Sequence] = (entry.Event.Method, entry.Time);
                continue;
            }

            // Written twice, as nobody heard of the first time: the call has been counted.
            if (entry.Event.Begun is { } first && !begun.Remove(first)) continue;
            var (counts, key) = entry.Event.Outcome == Done
                ? (done, entry.Event.Method)
                : (refused, entry.Event.Reason.Length > 0 ? entry.Event.Reason : entry.Event.Outcome);
            counts[key] = counts.GetValueOrDefault(key) + 1;
            if (entry.Event is { Method: TrailFacts.Download, Outcome: Done, Resource: var table })
                downloads[table] = downloads.GetValueOrDefault(table) + 1;
            if (entry.Event is { Actor: System, Outcome: Done } && TrailFacts.IsDeletion(entry.Event.Method)) removed++;
        }

        var now = time.GetUtcNow();
        return new TrailFacts
        {
            Source = new FactSource($"{project}/auditTrail", last, found.Head is { } end ? Convert.ToHexStringLower(end.Hash) : null),
            Entries = found.Lines, IsSound = found.IsSound, AnchoredSequence = found.Anchored,
            Faults = [.. found.Faults.Select(f => f.Description)],
            Restores = [.. found.Restores.Select(r => $"{r.Restore.Lost} Accepted by {r.Actor} on {r.Time:yyyy-MM-dd} as line {r.Sequence}: {r.Restore.Why}")],
            Done = done, Refused = refused,
            Unended = begun.Values.Count(call => call.Time < now - (MovesBytes(call.Method) ? LongestMove : LongestCall)),
            OfRealData = OfRealData, Downloads = downloads, RemovedByRetention = removed, Actors = actors.Count,
        };
    }

    private static bool MovesBytes(string method) => method.StartsWith("UploadService/", StringComparison.Ordinal) || method == "GeneratorService/ImportGenerator";
}
