using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace SynthStudio.Orchestration.Tests;

/// <summary>
/// States of grains as a server of commit 54f2c18 stored them, before data sets had declared parts, projects quotas and trainings a start: what a newer version
/// must go on from. A change that adds members adds states of the version that lacked them; these stay.
/// </summary>
[TestClass]
public sealed class StoredStateTests
{
    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer(builder => builder
        .AddAssembly(typeof(WorkSpec).Assembly).AddAssembly(typeof(JobGrain).Assembly)).BuildServiceProvider().GetRequiredService<Serializer>();

    [TestMethod]
    public void A_profiling_that_ended()
    {
        var job = Job("job-profiled");
        Assert.AreEqual(WorkState.Succeeded, job.State);
        Assert.AreEqual("visits.csv", ((ProfilingSpec)job.Spec).Data.FileName);
        Assert.AreEqual(3000, job.Result!.Metrics["rows"]);
        CollectionAssert.IsSubsetOf(new[] { "profile", "schema", "fingerprints" }, job.Result.Artifacts.Keys.ToList());
        Assert.AreEqual(WorkLimits.None, job.Limits);
    }

    [TestMethod]
    public void A_drawing_that_ended()
    {
        var job = Job("job-drawn");
        var drawn = (GenerationSpec)job.Spec;
        Assert.AreEqual(100, drawn.Rows);
        Assert.IsNotEmpty(drawn.Terms, "What the API wrote of given values, and the worker reads.");
        Assert.AreEqual(100, job.Parts.Single().Rows);
        Assert.AreEqual(1, drawn.Temperature);
    }

    [TestMethod]
    public void A_private_training_that_has_touched_its_data()
    {
        var generator = Generator("generator-private-touched");
        Assert.AreEqual(GeneratorState.Training, generator.State);
        Assert.AreEqual(PrivacyLeaseState.Touched, generator.Lease!.State);
        Assert.AreEqual((1.0, 1e-6), (generator.Lease.Terms.Epsilon, generator.Lease.Terms.Delta));
        Assert.IsNull(generator.Lease.Terms.PartJson, "The whole table.");
        Assert.IsNull(generator.Definition.Training.Start, "Learned anew.");
    }

    [TestMethod]
    public void A_private_model_and_what_it_promises()
    {
        var generator = Generator("generator-private-ready");
        Assert.AreEqual(GeneratorState.Ready, generator.State);
        Assert.IsNotNull(generator.Model);
        Assert.AreEqual(PrivacyLeaseState.Committed, generator.Lease!.State);
        Assert.IsTrue(generator.Statement!.Guaranteed);
        Assert.IsGreaterThan(0.99, generator.Statement.Epsilon);
        Assert.HasCount(1, generator.Releases);
    }

    [TestMethod]
    public void A_training_in_its_midst_with_its_checkpoints()
    {
        var training = Generator("generator-training").Training!;
        Assert.AreEqual(WorkState.Running, training.State);
        Assert.HasCount(2, training.Checkpoints);
        Assert.IsGreaterThan(training.Checkpoints[1].Step, training.Checkpoints[0].Step);
        Assert.AreEqual((2, 2L), (training.Attempt, training.Epoch.Value));
        Assert.IsTrue(training.Checkpoints.All(c => c.Object.Sha256.Length == 64));
        Assert.AreEqual(0, training.Outages, "Nobody counted them.");
    }

    [TestMethod]
    public void A_model_with_its_report()
    {
        var generator = Generator("generator-ready");
        Assert.AreEqual("copula", generator.Definition.Training.Method);
        Assert.IsTrue(generator.Definition.Training.Report);
        Assert.IsNotNull(generator.Definition.Training.Data.Split);
        Assert.AreEqual(WorkState.Succeeded, generator.Training!.State);
        Assert.IsNull(generator.Origin, "Trained here.");
    }

    [TestMethod]
    public void The_scheduler_knows_a_share_without_quotas_that_did_not_exist()
    {
        var share = Read<SchedulerState>("scheduler").Shares["projects/shop"];
        Assert.AreEqual(new ProjectShare(2, 4), share);
        Assert.AreEqual((0L, 0L), (share.MaxRowsPerDay, share.MaxStoredBytes));
    }

    /// <summary>Silos of the version before read what this one sends: it leaves out, or they skip, what they do not know.</summary>
    [TestMethod]
    public void What_was_read_can_be_written_and_read_again()
    {
        foreach (var name in new[] { "generator-private-ready", "generator-training", "generator-ready" })
            Assert.AreEqual($"{Generator(name) with { Past = [] }}".Length, $"{Again(Read<OwnerState<GeneratorRecord>>(name)).Record! with { Past = [] }}".Length);
    }

    private static WorkRecord Job(string name) => Read<OwnerState<WorkRecord>>(name).Record!;

    private static GeneratorRecord Generator(string name) => Read<OwnerState<GeneratorRecord>>(name).Record!;

    private static T Read<T>(string name) => Serializer.Deserialize<T>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Contracts", "States", $"{name}.bin")))!;

    private static T Again<T>(T value) => Serializer.Deserialize<T>(Serializer.SerializeToArray(value))!;
}
