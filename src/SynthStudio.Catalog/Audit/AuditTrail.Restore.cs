using Microsoft.Extensions.Logging;

namespace SynthStudio.Catalog.Audit;

public sealed partial class AuditTrail
{
    private const int MostTries = 20;

    /// <summary>
    /// Accepts that an older copy of the database was put back: notes it, with the signed end that the trail no longer goes on from, as an entry whose number
    /// is beyond that end's, and signs the trail from there on. What is kept outside the database never goes back, and no number is given out twice.
    /// </summary>
    /// <param name="chain">The chain.</param>
    /// <param name="what">The entry: who accepts it, and how.</param>
    /// <param name="why">Why, in the operator's words.</param>
    /// <param name="lastKept">Number of the last line that the copy had; null when that is not known.</param>
    /// <param name="checkOnly">Says what would be accepted, and changes nothing.</param>
    /// <param name="cancellation">Stops the call. Until the end is kept outside the database nothing is accepted: repeat it then.</param>
    /// <exception cref="AuditRestoreException">There is no restore to accept.</exception>
    public async Task<AcceptedRestore> AcceptRestoreAsync(
        string chain, AuditEvent what, string why, long? lastKept, bool checkOnly, CancellationToken cancellation = default)
    {
        if (checkOnly) return new AcceptedRestore(0, _time.GetUtcNow(), what.Actor, (await LookAsync(chain, why, lastKept, cancellation)).Restore);

        // Nobody signs an end meanwhile.
        await _oneAnchors.WaitAsync(cancellation);
        try
        {
            for (var attempt = 0; attempt < MostTries; attempt++)
            {
                var (restore, end) = await LookAsync(chain, why, lastKept, cancellation);
                if (await _writer.WriteAfterAsync(chain, what with { Restore = restore }, end, restore.Signed.Sequence, cancellation)
                    is not { } added)
                    continue;
                await _anchor.AdvanceAsync([(AuditHead.AnchorName(chain), AuditHead.Sign(_seal, chain, added.Sequence, added.Hash).ToAnchor())], cancellation);
                _unsound.Remove(chain);
                LogRestoreAccepted(_log, chain, what.Actor, added.Sequence, restore.Lost, why);
                return new AcceptedRestore(added.Sequence, added.Time, what.Actor, restore);
            }

            throw new AuditRestoreException(AuditRestoreRefusal.Busy, "Entries are added to the trail faster than it is looked through. Try again when fewer calls come.");
        }
        finally
        {
            _oneAnchors.Release();
        }
    }

    /// <summary>What there is to accept, and the end of the trail that was looked at.</summary>
    private async Task<(AuditRestore Restore, (long Sequence, byte[] Hash) End)> LookAsync(
        string chain, string why, long? lastKept, CancellationToken cancellation)
    {
        if (await _anchor.FindAsync(AuditHead.AnchorName(chain), cancellation) is not { } found)
            throw Refuse(AuditRestoreRefusal.NothingLost, "No end of this trail was ever signed, so nothing of it is known to be lost.");
        if (AuditHead.FromAnchor(chain, found) is not { } signed || !signed.IsSignedBy(_seal))
            throw Refuse(AuditRestoreRefusal.Unsound, "What is kept outside the database is no end of a trail that this server signed. Give it back the ledger.key that it had.");

        var (verification, end, _) = await GoAlongAsync(chain, found, cancellation);
        if (verification.Faults is [var fault, ..])
            throw Refuse(AuditRestoreRefusal.Unsound, $"Lines of the trail were changed, which no restore of a database does. {fault.Description}");
        verification.CheckHead(signed, _seal);
        if (verification.Faults.Count == 0) throw Refuse(AuditRestoreRefusal.NothingLost, $"The trail goes on from line {signed.Sequence}, the last that was signed: nothing is lost.");

        var most = Math.Min(end.Sequence, signed.Sequence - 1);
        return lastKept is < 0 || lastKept > most
            ? throw Refuse(AuditRestoreRefusal.LastKept, $"must be 0 to {most}: the trail has {end.Sequence} as its last line, and line {signed.Sequence}, the last that was signed, is lost.")
            : (new AuditRestore(signed, lastKept ?? most, lastKept is not null, why), end);

        static AuditRestoreException Refuse(AuditRestoreRefusal refusal, string message) => new(refusal, message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} accepted, as line {Sequence} of the audit trail of {Chain}, that an older copy of the database was put back. {Lost} Reason: {Why}")]
    private static partial void LogRestoreAccepted(ILogger log, string chain, string actor, long sequence, string lost, string why);
}
