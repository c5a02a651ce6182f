using SynthStudio.Catalog;
using SynthStudio.Orchestration;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.LedgerTorture;

/// <summary>Audits the ledgers of a server: every hash, every decision, every sum, and the anchor.</summary>
internal static class ServerAudit
{
    /// <summary>Prints a line a population; answers 0 when all are right.</summary>
    public static async Task<int> RunAsync(string data, string ledgerFolder)
    {
        var ledger = new PrivacyLedger(
            new SqliteDataSource($"Data Source={Path.Combine(data, "synthstudio.db")};Mode=ReadWrite"), LedgerKey.Open(Path.Combine(ledgerFolder, "ledger.key")),
            new SqliteLedgerAnchor(Path.Combine(ledgerFolder, "anchor.db")), TimeProvider.System);
        var wrong = 0;
        foreach (var population in await ledger.ListPopulationsAsync())
        {
            try
            {
                var audit = await ledger.AuditAsync(population);
                Console.WriteLine($"{population}: {audit.Sequence} lines, {audit.Reservations.Count} reservations, right");
            }
            catch (Exception e) when (e is LedgerException or LedgerUnsafeException)
            {
                wrong++;
                Console.WriteLine($"{population}: {e.Message}");
            }
        }

        return wrong == 0 ? 0 : 1;
    }
}
