namespace SynthStudio.Catalog.Audit;

/// <summary>
/// Moves what is kept of chains outside of the database to their new ends, along lines that follow from the end that was kept before and never past
/// others: else a trail that was rewritten or cut would be signed by the next call that adds to it. What is read is what was added since.
/// </summary>
internal sealed class AuditAnchoring(AuditLines lines, ILedgerAnchor anchor, AuditSeal seal)
{
    /// <summary>Signs and keeps the ends of those chains that go on from what was kept.</summary>
    /// <param name="ends">New ends of chains, of lines that are committed.</param>
    /// <param name="cancellation">Stops between chains.</param>
    /// <returns>What is wrong with the others, whose anchors stay where they are.</returns>
    public async Task<IReadOnlyDictionary<string, AuditFault>> AdvanceAsync(
        IReadOnlyCollection<(string Chain, long Sequence, byte[] Hash)> ends, CancellationToken cancellation)
    {
        var faults = new Dictionary<string, AuditFault>(StringComparer.Ordinal);
        var sound = new List<(string, LedgerHead)>(ends.Count);
        foreach (var (chain, sequence, hash) in ends)
        {
            if (await CheckAsync(chain, sequence, hash, cancellation) is { } fault) faults.Add(chain, fault);
            else sound.Add((AuditHead.AnchorName(chain), AuditHead.Sign(seal, chain, sequence, hash).ToAnchor()));
        }

        if (sound.Count > 0) await anchor.AdvanceAsync(sound, cancellation);
        return faults;
    }

    /// <summary>The first fault between what was kept of a chain and a new end; null when the one follows from the other.</summary>
    private async Task<AuditFault?> CheckAsync(string chain, long sequence, byte[] hash, CancellationToken cancellation)
    {
        var verification = new AuditVerification(chain, seal);
        if (await anchor.FindAsync(AuditHead.AnchorName(chain), cancellation) is { } found)
        {
            if (AuditHead.FromAnchor(chain, found) is not { } kept || !kept.IsSignedBy(seal))
                return new AuditFault(found.Sequence, AuditFaultKind.Forged, "What is kept outside the database is no end of a trail that this server signed.");
            if (await lines.HashAsync(chain, kept.Sequence, cancellation) is not { } stored)
                return new AuditFault(kept.Sequence, AuditFaultKind.Missing, $"Line {kept.Sequence} was signed and is gone: lines were cut off, or an older copy was put back.");
            if (!stored.AsSpan().SequenceEqual(kept.Hash))
                return new AuditFault(kept.Sequence, AuditFaultKind.Changed, $"Line {kept.Sequence} is not the one that was signed: the trail was rewritten.");
            if (sequence <= kept.Sequence) return null; // Another process added to the chain and was first.
            verification.StartAfter(kept);
        }

        await foreach (var page in lines.PagesAsync(chain, verification.Sequence, sequence, cancellation))
        {
            foreach (var line in page) verification.Add(line.Sequence, line.Line, line.Hash);
        }

        verification.CheckEnd(sequence, hash);
        return verification.Faults is [var first, ..] ? first : null;
    }
}
