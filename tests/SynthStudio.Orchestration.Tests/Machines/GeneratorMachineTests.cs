using FsCheck;
using FsCheck.Fluent;
using static SynthStudio.Orchestration.GeneratorState;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What holds for every sequence of commands to a generator.</summary>
[TestClass]
public sealed class GeneratorMachineTests
{
    /// <summary>Where one command may lead; staying is always allowed.</summary>
    private static readonly Dictionary<GeneratorState, GeneratorState[]> Legal = new()
    {
        [Draft] = [Queued],
        [Queued] = [Starting, Paused, Cancelled],
        [Starting] = [Training, Evaluating, Paused, Queued, Cancelling, Failed, Ready],
        [Training] = [Evaluating, Paused, Queued, Starting, Cancelling, Failed, Ready],
        [Paused] = [Queued, Cancelled],
        [Evaluating] = [Training, Paused, Queued, Starting, Cancelling, Failed, Ready],
        [Ready] = [Queued],
        [Cancelling] = [Cancelled],
        [Cancelled] = [Queued],
        [Failed] = [Queued],
    };

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void No_sequence_leaves_the_graph() => Check((before, after) =>
        after.State != before.State && !Legal[before.State].Contains(after.State) ? $"{before.State} -> {after.State}" : null);

    [TestMethod]
    public void A_model_stays_until_a_newer_one_comes_and_every_model_is_on_record() => Check((before, after) =>
    {
        if (before.Model is not null && after.Model is null) return "The model was lost.";
        if (after.State == Ready && after.Model is null) return "Ready without a model.";
        if (!before.Releases.SequenceEqual(after.Releases.Take(before.Releases.Count))) return "The accountant forgot.";
        var became = before.State != Ready && after.State == Ready;
        return after.Releases.Count == before.Releases.Count + (became ? 1 : 0) ? null : "A release is missing or made up.";
    });

    [TestMethod]
    public void Its_version_grows_with_its_state_and_never_shrinks() => Check((before, after) =>
        after.Version < before.Version || (after.State != before.State && after.Version == before.Version) ? "The version did not follow." : null);

    [TestMethod]
    public void Its_state_is_always_that_of_its_newest_training() => Check((before, after) =>
        after.State == GeneratorMachine.StateOf(after.Training, after.Verifying) ? null : "They differ.");

    [TestMethod]
    public void An_unfinished_training_stands_in_the_way_of_another_and_of_deletion() => Check((before, after) =>
    {
        if (after.Training is not { HasEnded: false }) return null;
        var train = GeneratorMachine.Train(after, "another", 3, Start).Verdict;
        var delete = GeneratorMachine.Delete(after, Start).Verdict;
        return (train, delete) == (Verdict.Refused, Verdict.Refused) ? null : $"{train}, {delete}";
    });

    [TestMethod]
    public void Only_a_draft_changes_what_it_learns_and_each_one_its_name() => Check((_, after) =>
    {
        if (after.Deleted) return null;
        var (definition, training) = (after.Definition, after.Definition.Training);
        var relearn = GeneratorMachine.Update(after, definition with { Training = training with { Seed = training.Seed + 1 } }, Start);
        var rename = GeneratorMachine.Update(after, definition with { DisplayName = definition.DisplayName + "!" }, Start);
        var allowed = after.State == Draft ? Verdict.Accepted : Verdict.Refused;
        return (relearn.Verdict, rename.Verdict) == (allowed, Verdict.Accepted) && rename.Record.Version == after.Version + 1
            ? null
            : $"{after.State}: {relearn.Verdict}, {rename.Verdict}";
    });

    private static void Check(Func<GeneratorRecord, GeneratorRecord, string?> complaint) => Prop.ForAll(Step.Sequences, steps =>
    {
        var generator = GeneratorMachine.Create("projects/p/generators/g", Definition(), Start).Record;
        var now = Start;
        var trainings = 0;
        foreach (var step in steps)
        {
            now += TimeSpan.FromSeconds(step.Wait);
            var next = generator.Training is not { HasEnded: false } training
                ? GeneratorMachine.Train(generator, $"projects/p/jobs/{++trainings}", 3, now).Record
                : GeneratorMachine.Decide(generator, step.On(training), now).Record;
            if (complaint(generator, next) is { } wrong) throw new InvalidOperationException(wrong);
            generator = next;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(80));

    private static GeneratorDefinition Definition() => new()
    {
        Dataset = "projects/p/datasets/d",
        Creator = "users/u",
        Requirements = WorkRequirements.Any,
        Training = new() { Data = new(new("d", "d", 1, ""), "d.csv", ""), Method = "m", Options = new Dictionary<string, string>() },
    };
}
