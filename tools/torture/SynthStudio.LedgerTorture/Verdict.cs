namespace SynthStudio.LedgerTorture;

/// <summary>What the ledger's books say beside those of the clients.</summary>
/// <param name="Operations">Operations that were answered.</param>
/// <param name="Lines">Lines of all ledgers.</param>
/// <param name="Deaths">Processes that were killed in the middle of an operation, or all at once.</param>
/// <param name="Lost">Answered operations that the ledger does not have.</param>
/// <param name="Double">Operations that the ledger has more than once, or that it has although they were refused.</param>
/// <param name="Broken">What the audit found: lines that could not follow those before them; empty when it found nothing.</param>
/// <param name="Restores">Older copies of the database that were put back.</param>
/// <param name="Unnoticed">Of those, how many were not noticed.</param>
public sealed record Verdict(
    int Operations, long Lines, int Deaths, int Lost, int Double, IReadOnlyList<string> Broken, int Restores, int Unnoticed)
{
    public bool IsGood => Lost == 0 && Double == 0 && Broken.Count == 0 && Unnoticed == 0;

    public override string ToString() =>
        $"{Operations} operations, {Lines} lines, {Deaths} deaths: {Lost} lost, {Double} double, {Broken.Count} findings of the audit, "
        + $"{Restores - Unnoticed} of {Restores} restored copies noticed.{string.Concat(Broken.Select(b => Environment.NewLine + "  " + b))}";
}
