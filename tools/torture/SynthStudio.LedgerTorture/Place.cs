using SynthStudio.Catalog;
using SynthStudio.Orchestration;
using SynthStudio.Privacy.Ledger;

namespace SynthStudio.LedgerTorture;

/// <summary>The files of a run, and ledgers on them.</summary>
internal static class Place
{
    public const string Project = "projects/torture";

    /// <summary>Of each pair the second holds the rows of the first and others: it has two populations where the first has one.</summary>
    public static readonly string[] Datasets = [.. Enumerable.Range(0, 4).Select(i => $"{Project}/datasets/d{i}")];

    /// <summary>A file of the folder, or the PostgreSQL database that it names.</summary>
    public static ITortureDatabase Database(string folder) => File.Exists(PostgresFile(folder))
        ? new PostgresTorture(File.ReadAllText(PostgresFile(folder)))
        : new SqliteTorture(Path.Combine(folder, "catalog.db"));

    /// <summary>Makes the folder's runs use a PostgreSQL database.</summary>
    public static void UsePostgres(string folder, string connectionString) => File.WriteAllText(PostgresFile(folder), connectionString);

    /// <summary>How the first data set is divided.</summary>
    public static Partition Wards { get; } = Partition.ByHash("ward", 3);

    /// <summary>A ledger on the files of a run.</summary>
    public static PrivacyLedger Open(string folder, TimeProvider time, Action<LedgerStep>? onStep = null, PlantedFault fault = PlantedFault.None)
    {
        var services = new LedgerServices(
            Database(folder).Open(), LedgerKey.Open(Path.Combine(folder, "safe", "ledger.key")), new SqliteLedgerAnchor(Path.Combine(folder, "safe", "anchor.db")), time)
        {
            OnStep = onStep,
        };
        return new PrivacyLedger(Faults.Plant(services, fault));
    }

    /// <summary>The terms of the n-th operation of a client: always the same, so that a repeat asks for the same.</summary>
    public static PrivacyTerms Terms(int client, int number, int dataset) => new()
    {
        Epsilon = 0.01 + (0.001 * ((client + number) % 40)), Delta = 1e-9,
        PartJson = dataset == 0 && number % 2 == 0 ? Wards.Parts[number / 2 % 3].ToJson() : null,
    };

    private static string PostgresFile(string folder) => Path.Combine(folder, "postgres.txt");

    /// <summary>What the noise of a job did: less than its box.</summary>
    public static PrivacyStatement Statement(PrivacyTerms terms) => new()
    {
        Guaranteed = true, Epsilon = terms.Epsilon, Delta = terms.Delta, EventJson = """[{"type":"gaussian","noise_multiplier":600}]""",
    };
}
