using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog.Tests;

/// <summary>
/// JSON in the catalog's columns as a server of commit 54f2c18 wrote it. A newer version reads it, and so do replicas of the version before
/// while both run.
/// </summary>
[TestClass]
public sealed class StoredJsonTests
{
    [TestMethod]
    public void A_generator()
    {
        var generator = CatalogJson.Read<GeneratorSnapshot>(Stored("generator.json"));
        Assert.AreEqual(GeneratorState.Ready, generator.State);
        Assert.AreEqual("mst", generator.Definition.Training.Method);
        Assert.AreEqual((1.0, 1e-6), (generator.Definition.Training.Privacy!.Epsilon, generator.Definition.Training.Privacy.Delta));
        Assert.AreEqual(64, generator.Model!.Sha256.Length);
        Assert.IsTrue(generator.Accountant.Statement!.Guaranteed);
        Assert.AreEqual(WorkState.Succeeded, generator.Training!.State);
    }

    [TestMethod]
    public void A_job()
    {
        var job = CatalogJson.Read<JobSnapshot>(Stored("job.json"));
        Assert.AreEqual((WorkKind.Training, WorkState.Succeeded, 2, 2L), (job.Kind, job.State, job.Attempt, job.Epoch.Value));
        Assert.AreEqual(3000, job.Result!.Metrics["rows"]);
    }

    [TestMethod]
    public void Events_of_a_training()
    {
        var events = Stored("events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(CatalogJson.Read<ProgressEvent>).ToList();
        CollectionAssert.AreEqual(new[] { 76L, 77, 78, 79 }, events.Select(e => e.Sequence).ToArray());
        Assert.AreEqual("Checkpoint at step 174", events[2].Message);
        Assert.AreEqual(175, events[3].Metrics["optimiser_step"]);
        Assert.IsGreaterThan(TimeSpan.FromSeconds(28), events[3].Remaining!.Value);
    }

    [TestMethod]
    public void What_was_spent_of_a_population()
    {
        var ledger = CatalogJson.Read<LedgerState>(Stored("population.json"));
        Assert.AreEqual((1, 1), (ledger.PrivateReleases, ledger.NonPrivateReleases));
        Assert.AreEqual(10_000_000_000, ledger.Budget!.Value.NanoEpsilon);
    }

    [TestMethod]
    public void Fingerprints_of_a_table_that_was_profiled_by_whole_rows_only()
    {
        var fingerprints = TableFingerprints.FromJson(Stored("fingerprints.json"));
        Assert.IsTrue(fingerprints.Rows.IsWhole);
        Assert.IsGreaterThan(30, fingerprints.Rows.Values.Length);
        Assert.AreEqual(0, fingerprints.Rows.Repeated);
        Assert.IsTrue(fingerprints.AreRelatedTo(fingerprints));
    }

    private static string Stored(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Stored", file));
}
