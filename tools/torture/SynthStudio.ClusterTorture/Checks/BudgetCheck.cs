using SynthStudio.Orchestration;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.ClusterTorture;

/// <summary>The promise about budgets: the ledger says of each training what came of it, once, and of nothing else anything.</summary>
internal static class BudgetCheck
{
    public static async Task<Finding> RunAsync(Journal journal, JobBooks books, Stores stores)
    {
        var broken = new List<string>();
        var held = await stores.ReadAsync(
            "SELECT job, population, dataset, state FROM privacy_reservations",
            r => (Job: r.GetString(0), Population: r.GetString(1), Dataset: r.GetString(2), State: Enum.Parse<ReservationState>(r.GetString(3))));
        var ofJob = held.ToLookup(h => h.Job);
        foreach (var job in journal.Jobs.Values.Where(j => j.PrivateDataset.Length > 0))
        {
            var log = books.Logs.GetValueOrDefault(job.Name) ?? [];
            if (log.Count == 0) continue; // Told of as a job that is not there.
            if (!ofJob[job.Name].Any()) broken.Add($"{job.Name} has reserved nothing");
            var began = log.Any(e => e.State == WorkState.Starting);
            foreach (var one in ofJob[job.Name])
            {
                if (one.Dataset != job.PrivateDataset || !IsRight(log[^1].State, began, one.State))
                    broken.Add($"{job.Name} ended {log[^1].State} ({(began ? "" : "never ")}begun), and its reservation is {one.State}");
            }
        }

        broken.AddRange(held.Where(h => journal.Jobs.GetValueOrDefault(h.Job) is not { PrivateDataset.Length: > 0 }).Select(h => $"{h.Job} reserved, and nobody asked for it"));
        await LookForModelsAsync(journal, books, stores, broken);
        await AuditAsync(stores, held.ToLookup(h => h.Population, h => h.Job), broken);
        return new("no budget is lost or spent twice: the ledger against the jobs", held.Count, broken);
    }

    /// <summary>Every hash, decision and sum of every population again, and its reservations against the table of them.</summary>
    private static async Task AuditAsync(Stores stores, ILookup<string, string> jobs, List<string> broken)
    {
        foreach (var population in await stores.Ledger.ListPopulationsAsync())
        {
            try
            {
                var audit = await stores.Ledger.AuditAsync(population);
                if (!audit.Reservations.Keys.ToHashSet().SetEquals(jobs[population])) broken.Add($"{population}: its lines and its reservations are of different jobs");
                if (audit.State.PrivateReleases != audit.Reservations.Values.Count(r => r.State == ReservationState.Committed))
                    broken.Add($"{population}: {audit.State.PrivateReleases} releases of {audit.Reservations.Values.Count(r => r.State == ReservationState.Committed)} jobs");
            }
            catch (Exception e) when (e is LedgerException or LedgerUnsafeException)
            {
                broken.Add($"{population}: {e.Message}");
            }
        }
    }

    /// <summary>A model without a promise is noted once in each population of its data set.</summary>
    private static async Task LookForModelsAsync(Journal journal, JobBooks books, Stores stores, List<string> broken)
    {
        var noted = (await stores.ReadAsync("SELECT operation FROM privacy_entries WHERE operation LIKE 'non_private model %'", r => r.GetString(0))).ToHashSet();
        foreach (var job in journal.Jobs.Values.Where(j => j is { Kind: JobKind.Training, PrivateDataset: "" }))
        {
            if (books.Logs.GetValueOrDefault(job.Name) is [.., { State: WorkState.Succeeded }] && !noted.Contains($"non_private model {job.Subject} of {job.Name}"))
                broken.Add($"the model of {job.Name} is not in the ledger");
        }
    }

    private static bool IsRight(WorkState end, bool began, ReservationState state) => end switch
    {
        WorkState.Succeeded => state == ReservationState.Committed,
        _ when began => state == ReservationState.Touched,
        _ => state is ReservationState.Released or ReservationState.Touched, // Let at the data, and lost before that was told.
    };
}
