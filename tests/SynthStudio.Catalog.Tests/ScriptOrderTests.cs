namespace SynthStudio.Catalog.Tests;

/// <summary>
/// A script's version is its place among those of its folder, which every database that has it remembers: the places are written down here.
/// </summary>
[TestClass]
public sealed class ScriptOrderTests
{
    private const string Rule = """
        A database remembers how many scripts it has run, by their places in this list and not by the numbers of their files, in which there
        are gaps. A script that fills a gap moves all that come after it, and so does one that goes or gets another name: databases that are
        there would run the last one again, and never the new one. Give a new script a greater number than all others have, and write its name
        down at the end of the list.
        """;

    private static readonly string[] Sqlite =
    [
        "0001_initial", "0002_references", "0003_drawing_terms", "0004_privacy_ledger", "0005_evaluation_settings",
        "0006_accelerator_memory", "0007_population_groups", "0008_audit", "0009_usage", "0010_accounts",
        "0011_project_keys", "0012_datasets", "0013_webhooks", "0014_project_lifecycle", "0015_transfers",
        "0016_evidence", "0017_assistant", "0018_people", "0019_accelerator_leases", "0020_storage_claims",
        "0021_drawn_from", "0022_stored_bytes", "0023_stored_sums", "0025_dataset_numbers", "0026_pieces_and_makers",
        "0027_inviters", "0028_tries",
    ];

    private static readonly string[] Postgres =
    [
        "0001_initial", "0002_population_groups", "0003_audit", "0004_usage", "0005_accounts", "0006_project_keys",
        "0007_datasets", "0008_webhooks", "0009_project_lifecycle", "0010_transfers", "0011_evidence", "0012_assistant",
        "0013_people", "0014_accelerator_leases", "0015_storage_claims", "0016_drawn_from", "0017_stored_bytes",
        "0018_stored_sums", "0020_dataset_numbers", "0021_pieces_and_makers", "0022_inviters", "0023_tries",
    ];

    private static readonly string[] OfOrleans = ["0001_initial"];

    [TestMethod]
    public void Scripts_keep_their_places_and_new_ones_come_last()
    {
        AssertKept("Migrations/Sqlite/", Sqlite);
        AssertKept("Migrations/Postgres/", Postgres);
        AssertKept("Migrations/OrleansSqlite/", OfOrleans);
        AssertKept("Migrations/OrleansPostgres/", OfOrleans);
    }

    [TestMethod]
    public void Migrations_of_PostgreSQL_are_numbered_by_those_places() => CollectionAssert.AreEqual(
        Enumerable.Range(1, Postgres.Length).Select(place => $"catalog {place}").Append("orleans 1").ToArray(),
        PostgresMigration.All.Select(migration => migration.ToString()).ToArray());

    private static void AssertKept(string folder, string[] written) => CollectionAssert.AreEqual(
        written.Select(name => $"{folder}{name}.sql").ToArray(), SqliteMigrator.ListScripts(folder).ToArray(), Rule);
}
