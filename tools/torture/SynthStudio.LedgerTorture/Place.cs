using SynthStudio.Catalog;
using SynthStudio.Orchestration;

namespace SynthStudio.LedgerTorture;

/// <summary>The files of a run, and ledgers on them.</summary>
internal static class Place
{
    public const string Project = "projects/torture";

    /// <summary>Of each pair the second holds the rows of the first and others: it has two populations where the first has one.</summary>
    public static readonly string[] Datasets = [.. Enumerable.Range(0, 4).Select(i => $"{Project}/datasets/d{i}")];

    public static string Database(string folder) => Path.Combine(folder, "catalog.db");

    public static SqliteDataSource Source(string folder) => new($"Data Source={Database(folder)}");

    /// <summary>A ledger on the files of a run.</summary>
    public static PrivacyLedger Open(string folder, TimeProvider time, Action<LedgerStep>? onStep = null, PlantedFault fault = PlantedFault.None)
    {
        var services = new LedgerServices(
            Source(folder), LedgerKey.Open(Path.Combine(folder, "safe", "ledger.key")), new SqliteLedgerAnchor(Path.Combine(folder, "safe", "anchor.db")), time)
        {
            OnStep = onStep,
        };
        return new PrivacyLedger(Faults.Plant(services, fault));
    }

    /// <summary>The terms of the n-th operation of a client: always the same, so that a repeat asks for the same.</summary>
    public static PrivacyTerms Terms(int client, int number) => new() { Epsilon = 0.01 + (0.001 * ((client + number) % 40)), Delta = 1e-9 };

    /// <summary>What the noise of a job did: less than its box.</summary>
    public static PrivacyStatement Statement(PrivacyTerms terms) => new()
    {
        Guaranteed = true, Epsilon = terms.Epsilon, Delta = terms.Delta, EventJson = """[{"type":"gaussian","noise_multiplier":600}]""",
    };
}
