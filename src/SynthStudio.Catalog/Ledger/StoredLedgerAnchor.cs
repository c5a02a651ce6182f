using SynthStudio.Storage;

namespace SynthStudio.Catalog;

/// <summary>The anchor beside the objects, shared by all processes of a cluster. Backups of the database do not touch it.</summary>
public sealed class StoredLedgerAnchor(IMarkStore marks) : ILedgerAnchor
{
    public async Task<LedgerHead?> FindAsync(string population, CancellationToken cancellation) =>
        await marks.FindAsync(NameOf(population), cancellation) is { } mark ? new LedgerHead(mark.Value, mark.Word) : null;

    public async Task AdvanceAsync(IReadOnlyList<(string Population, LedgerHead Head)> heads, CancellationToken cancellation)
    {
        foreach (var (population, head) in heads) await marks.RaiseAsync(NameOf(population), new HighWaterMark(head.Sequence, head.Hash), cancellation);
    }

    private static string NameOf(string population) => $"ledger/{population}";
}
