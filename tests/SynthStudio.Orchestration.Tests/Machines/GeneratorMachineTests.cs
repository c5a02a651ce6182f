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
        [Queued] = [Starting, Paused, Cancelled, Failed],
        [Starting] = [Training, Evaluating, Paused, Queued, Cancelling, Failed, Ready],
        [Training] = [Evaluating, Paused, Queued, Starting, Cancelling, Failed, Ready],
        [Paused] = [Queued, Cancelled, Failed],
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
    public void One_that_was_imported_has_its_model_from_the_beginning_and_learns_nothing()
    {
        var definition = new GeneratorDefinition
        {
            Dataset = "", Creator = "users/u", Requirements = WorkRequirements.Any,
            Training = new TrainingSpec { Data = DataInput.None, Method = "cart", Options = new Dictionary<string, string>() },
        };
        var model = new ObjectRef("sha256/ab", "ab", 2, "application/zip");

        var imported = GeneratorMachine.Import("projects/p/generators/g", definition, model, new PackageOrigin { Signer = "them" }, Start).Record;

        Assert.AreEqual((Ready, model, "them", 1L), (imported.State, imported.Model, imported.Origin!.Signer, imported.Version));
        Assert.IsEmpty(imported.Releases, "Nothing was released from a table of this server.");
        Assert.AreEqual(Verdict.Refused, GeneratorMachine.Train(imported, new("projects/p/jobs/j", 3, WorkLimits.None), Start).Verdict);
        Assert.AreEqual(Verdict.Refused, GeneratorMachine.Update(imported, definition with { Dataset = "projects/p/datasets/d" }, Start).Verdict);
        Assert.AreEqual("New", GeneratorMachine.Update(imported, definition with { DisplayName = "New" }, Start).Record.Definition.DisplayName);
        Assert.IsNotNull(GeneratorMachine.Delete(imported, Start.AddDays(7), Start).Record.DeleteTime);
    }

    [TestMethod]
    public void One_that_reads_no_data_is_trained_as_others_and_releases_nothing() => Check(
        (before, after, effects) =>
        {
            if (after.Training is { } training && training.Spec.Inputs.Any()) return "It waits for a table that there is none of.";
            if (after.Releases.Count > 0 || after.Lease is not null) return "Something counts as told of somebody.";
            if (effects.Any(e => e is CommitReservation or ReleaseReservation or RecordNonPrivateModel)) return "The ledger was told of it.";
            return after.State == Ready && after.Model is null ? "Ready without a model." : Legal[before.State].Append(before.State).Contains(after.State) ? null : $"{before.State} -> {after.State}";
        },
        Definition(null) with { Dataset = "", Training = Definition(null).Training with { Data = DataInput.None } });

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
        var train = GeneratorMachine.Train(after, new("another", 3, WorkLimits.None), Start).Verdict;
        var (delete, purge) = (GeneratorMachine.Delete(after, Start, Start).Verdict, GeneratorMachine.Purge(after, Start).Verdict);
        return (train, delete, purge) == (Verdict.Refused, Verdict.Refused, Verdict.Refused) ? null : $"{train}, {delete}, {purge}";
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

    [TestMethod]
    public void A_lease_moves_forward_only_and_what_a_worker_may_have_seen_is_never_given_back() => CheckPrivate((before, after, effects) =>
    {
        if (before.Lease is not { } old || after.Lease is not { } lease) return before.Lease is null && after.Lease is null && after.State != Draft ? "No lease." : null;
        if (old.Job != lease.Job) return lease.State == PrivacyLeaseState.Reserved && lease.SpentEpsilon == 0 ? null : "A new training has a lease of another.";
        if (old.Terms != lease.Terms) return "The terms changed.";
        if (lease.SpentEpsilon < old.SpentEpsilon) return "What was spent became less.";
        var moves = (old.State, lease.State) is var move && move switch
        {
            (PrivacyLeaseState.Reserved, _) => move.Item2 != PrivacyLeaseState.Committed || after.Training!.Attempt > 0,
            (PrivacyLeaseState.Touched, PrivacyLeaseState.Touched or PrivacyLeaseState.Committed) => true,
            _ => move.Item1 == move.Item2,
        };
        if (!moves) return $"{old.State} -> {lease.State}";
        var seen = after.Training!.Attempt > 0;
        return seen == lease.State is PrivacyLeaseState.Touched or PrivacyLeaseState.Committed ? null : $"Attempt {after.Training.Attempt} with a lease that is {lease.State}.";
    });

    [TestMethod]
    public void Every_private_training_that_ends_tells_the_ledger_once_how() => CheckPrivate((before, after, effects) =>
    {
        var ended = after.Training is { HasEnded: true } && before.Training is not { HasEnded: true };
        var told = effects.Where(e => e is CommitReservation or ReleaseReservation or RecordNonPrivateModel).ToList();
        if (!ended) return told.Count == 0 ? null : "It tells before the end.";
        return (after.State, told) switch
        {
            (Ready, [CommitReservation { Statement: { Guaranteed: true, Epsilon: <= 1, Delta: <= 1e-6 } }]) => null,
            (Failed or Cancelled, [ReleaseReservation]) => null,
            _ => $"{after.State}: {string.Join(", ", told)}",
        };
    });

    [TestMethod]
    public void A_private_model_has_a_statement_within_its_terms() => CheckPrivate((before, after, effects) =>
        after.Model is null || after.Statement is { Guaranteed: true, Epsilon: <= 1, Delta: <= 1e-6 } ? null : $"The model promises {after.Statement}.");

    [TestMethod]
    public void Every_event_of_a_private_training_says_what_was_spent() => CheckPrivate((before, after, effects) =>
        effects.OfType<AppendEvent>().All(e => e.Epsilon >= (before.Lease?.Job == after.Lease?.Job ? before.Lease?.SpentEpsilon ?? 0 : 0)) ? null : "An event is silent, or says less.");

    [TestMethod]
    public void A_training_without_a_promise_is_on_record_as_one() => Check((before, after, effects) =>
    {
        if (after.Lease is not null || effects.Any(e => e is CommitReservation or ReleaseReservation)) return "It has a lease.";
        if (effects.OfType<AppendEvent>().Any(e => e.Epsilon is not null)) return "An event claims a promise.";
        var became = before.State != Ready && after.State == Ready;
        return effects.OfType<RecordNonPrivateModel>().Count() == (became ? 1 : 0) ? null : "The ledger was not told of the model, or of one that is none.";
    }, privacy: null);

    [TestMethod]
    public void The_ledger_hears_of_an_end_before_the_catalog_shows_it()
    {
        Check(IsLate, privacy: null);
        CheckPrivate(IsLate);

        static string? IsLate(GeneratorRecord before, GeneratorRecord after, IReadOnlyList<WorkEffect> effects) =>
            effects.SkipWhile(e => e is not ProjectWork).Any(e => e is CommitReservation or ReleaseReservation or RecordNonPrivateModel) ? "Who dies in between leaves nobody to tell the ledger." : null;
    }

    private static void CheckPrivate(Func<GeneratorRecord, GeneratorRecord, IReadOnlyList<WorkEffect>, string?> complaint) =>
        Check(complaint, new PrivacyTerms { Epsilon = 1, Delta = 1e-6 });

    private static void Check(Func<GeneratorRecord, GeneratorRecord, string?> complaint)
    {
        Check((before, after, _) => complaint(before, after), privacy: null);
        CheckPrivate((before, after, _) => complaint(before, after));
    }

    private static void Check(
        Func<GeneratorRecord, GeneratorRecord, IReadOnlyList<WorkEffect>, string?> complaint, PrivacyTerms? privacy) =>
        Check(complaint, Definition(privacy));

    private static void Check(
        Func<GeneratorRecord, GeneratorRecord, IReadOnlyList<WorkEffect>, string?> complaint,
        GeneratorDefinition definition) => Prop.ForAll(Step.Sequences, steps =>
    {
        var generator = GeneratorMachine.Create("projects/p/generators/g", definition, Start).Record;
        var now = Start;
        var trainings = 0;
        foreach (var step in steps)
        {
            now += TimeSpan.FromSeconds(step.Wait);
            var next = generator.Training is not { HasEnded: false } training
                ? GeneratorMachine.Train(generator, new($"projects/p/jobs/{++trainings}", 3, WorkLimits.None), now)
                : GeneratorMachine.Decide(generator, step.On(training), now);
            if (complaint(generator, next.Record, next.Effects) is { } wrong) throw new InvalidOperationException(wrong);
            generator = next.Record;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(80));

    private static GeneratorDefinition Definition(PrivacyTerms? privacy) => new()
    {
        Dataset = "projects/p/datasets/d",
        Creator = "users/u",
        Requirements = WorkRequirements.Any,
        Training = new() { Data = new(new("d", "d", 1, ""), "d.csv", ""), Method = "m", Options = new Dictionary<string, string>(), Privacy = privacy },
    };
}
