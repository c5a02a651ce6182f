using SynthStudio.Catalog;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.LedgerTorture;

/// <summary>Holds the ledger's books against the clients'.</summary>
internal static class Bookkeeping
{
    private const string Done = "ok";

    /// <summary>Audits every ledger, then looks for each answer that a client got.</summary>
    public static async Task<Verdict> CheckAsync(TortureOptions options, int deaths, int restores, int unnoticed)
    {
        var ledger = Place.Open(options.Folder, TimeProvider.System);
        var broken = new List<string>();
        var lines = new Dictionary<(string Population, string What), int>();
        var total = 0L;
        await using var connection = Place.Database(options.Folder).Open().OpenConnection();
        foreach (var population in await ledger.ListPopulationsAsync())
        {
            var most = 0L;
            foreach (var (text, _) in await LedgerReading.LinesAsync(connection, population, default))
            {
                var entry = LedgerLine.Parse(text).Entry;
                most = Math.Max(most, entry is BudgetSet set ? set.Budget.NanoEpsilon : 0);
                var key = (population, WhatOf(entry));
                lines[key] = lines.GetValueOrDefault(key) + 1;
                total++;
            }

            try
            {
                var spending = (await ledger.AuditAsync(population)).State.Most;
                if (spending.NanoEpsilonAt(PrivacyPrice.Allowed(1, 1e-4).AttoDelta) > most) broken.Add($"{population} ends over every budget it had.");
            }
            catch (LedgerException e)
            {
                broken.Add($"{population}: {e.Error}: {e.Message}");
            }
        }

        var (operations, lost, doubled) = (0, 0, lines.Count(l => l.Value > Allowed(lines, l.Key)));
        for (var client = 0; client < options.Clients; client++)
        {
            var journal = ClientJournal.Read(options.Folder, client);
            operations += journal.Count(e => e.Answer is not null);
            var reserved = journal.Where(e => e.Operation.Kind == OperationKind.Reserve && e.Answer == Done).Select(e => e.Operation.Job).ToHashSet();
            foreach (var (operation, answer) in journal.Where(e => e.Answer is not null))
            {
                if (Expected(client, operation) is not { } what) continue;
                var found = (await PopulationMap.FindAsync(connection, Place.Datasets[operation.Dataset], default)).Count(p => lines.ContainsKey((p, what)));
                if (answer == Done && found == 0)
                {
                    lost++;
                    if (lost <= 5) broken.Add($"client {client}: {operation} was answered, and is not there.");
                }

                if (answer != Done && operation.Kind == OperationKind.Reserve && found > 0 && !reserved.Contains(operation.Job)) doubled++;
            }
        }

        return new Verdict(operations, total, deaths, lost, doubled, broken, restores, unnoticed);
    }

    /// <summary>How often a line may be there: a job that gave a reservation back may reserve again.</summary>
    private static int Allowed(Dictionary<(string Population, string What), int> lines, (string Population, string What) line) => line.What.Split(' ') switch
    {
        ["budget"] => int.MaxValue,
        ["reserved", var job] => 1 + lines.GetValueOrDefault((line.Population, $"released {job}")),
        ["touched" or "released", var job] => lines.GetValueOrDefault((line.Population, $"reserved {job}")),
        _ => 1,
    };

    private static string? Expected(int client, Operation operation) => operation.Kind switch
    {
        OperationKind.Reserve => $"reserved {TortureClient.JobName(client, operation.Job)}",
        OperationKind.Touch => $"touched {TortureClient.JobName(client, operation.Job)}",
        OperationKind.Commit => $"committed {TortureClient.JobName(client, operation.Job)}",
        OperationKind.Release => $"released {TortureClient.JobName(client, operation.Job)}",
        OperationKind.NonPrivate => $"non_private {client}-{operation.Number}",
        _ => null,
    };

    private static string WhatOf(LedgerEntry entry) => entry switch
    {
        NonPrivateRelease open => $"non_private {open.Subject}",
        BudgetSet => "budget",
        PartitionDeclared => "partition",
        _ => $"{entry.Kind} {LedgerAudit.JobOf(entry)}",
    };
}
