using FsCheck;
using FsCheck.Fluent;
using static SynthStudio.Orchestration.WorkState;

namespace SynthStudio.Orchestration.Tests;

/// <summary>What holds for every sequence of commands.</summary>
[TestClass]
public sealed class WorkMachineTests
{
    /// <summary>Where one command may lead; staying is always allowed. A newer lease may end one and begin the next in one go.</summary>
    private static readonly Dictionary<WorkState, WorkState[]> Legal = new()
    {
        [Queued] = [Starting, Paused, Cancelled, Failed],
        [Starting] = [Running, Pausing, Paused, Queued, Cancelling, Failed, Succeeded],
        [Running] = [Pausing, Paused, Queued, Starting, Cancelling, Failed, Succeeded],
        [Pausing] = [Paused, Cancelling, Failed, Succeeded],
        [Paused] = [Queued, Cancelled, Failed],
        [Cancelling] = [Cancelled],
        [Cancelled] = [],
        [Failed] = [],
        [Succeeded] = [],
    };

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void No_sequence_leaves_the_graph_and_epochs_never_go_back() => Check((before, command, after, now) =>
    {
        if (after.State != before.State && !Legal[before.State].Contains(after.State)) return $"{before.State} -> {after.State}";
        if (after.Epoch < before.Epoch) return "The epoch went back.";
        if (after.Attempt < before.Attempt) return "An attempt was forgotten.";
        return after.HasEnded == (after.EndTime is not null) ? null : "An end without a time, or a time without an end.";
    });

    [TestMethod]
    public void Ended_work_stays_as_it_is() => Check((before, command, after, now) =>
        before.HasEnded && !ReferenceEquals(before, after) ? "It changed." : null);

    [TestMethod]
    public void A_stale_lease_changes_nothing() => Check((before, command, after, now) =>
    {
        var epoch = command switch { ApplyUpdate u => u.Epoch, LoseLease l => l.Epoch, GiveWay g => g.Epoch, TakeOrder t => t.Epoch, _ => (LeaseEpoch?)null };
        var stale = epoch < before.Epoch || (command is not TakeOrder && epoch is not null && epoch != before.Epoch);
        return stale && !ReferenceEquals(before, after) ? $"{command} changed it." : null;
    });

    [TestMethod]
    public void The_same_command_twice_is_the_same_command_once() => Check((before, command, after, now) =>
    {
        var again = WorkMachine.Decide(after, command, now);
        return command is ApplyUpdate { Update: WorkProgressed or WorkLogged } || ReferenceEquals(again.Record, after) || again.Record == after
            ? null
            : $"{command} again leads to {again.Record.State}.";
    });

    [TestMethod]
    public void Every_change_is_told_and_a_job_in_the_queue_was_put_there() => Check((before, command, after, now) =>
    {
        var decision = WorkMachine.Decide(before, command, now);
        if (before.State != after.State && !decision.Effects.OfType<AppendEvent>().Any(e => e.State == after.State)) return "Nobody was told.";
        if (before.State != Queued && after.State == Queued && !decision.Effects.OfType<EnqueueWork>().Any()) return "It is not in the queue.";
        var left = before.BelongsInQueue && !after.BelongsInQueue;
        return left && !decision.Effects.Any(e => e is ReleaseLease or WithdrawWork) ? "It is still in the queue." : null;
    });

    [TestMethod]
    public void A_refused_command_has_no_effect_but_giving_back_the_lease() => Check((before, command, after, now) =>
    {
        var decision = WorkMachine.Decide(before, command, now);
        return decision.Verdict is Verdict.Refused or Verdict.Stale or Verdict.Repeated && command is not TakeOrder && decision.Effects.Count > 0
            ? "It had effects."
            : null;
    });

    [TestMethod]
    public void The_sequences_lead_everywhere()
    {
        var reached = new HashSet<WorkState>();
        Check((before, command, after, now) =>
        {
            reached.Add(after.State);
            return null;
        });

        CollectionAssert.AreEquivalent(Enum.GetValues<WorkState>(), reached.ToList());
    }

    [TestMethod]
    public void Lost_again_and_again_without_progress_the_work_itself_is_suspected()
    {
        var work = New();
        for (var i = 1; i <= RetryPolicy.MaxLosses; i++)
        {
            Assert.AreEqual(Queued, work.State);
            work = Decide(work, new TakeOrder(new(i), "silo"));
            work = Decide(work, new LoseLease(new(i), "gone"));
        }

        Assert.AreEqual(Failed, work.State);
        Assert.AreEqual("WORKER_LOST", work.Error!.Reason);
    }

    [TestMethod]
    public void Durable_progress_forgives_lost_leases()
    {
        var work = New();
        for (var i = 1; i <= 10; i++)
        {
            work = Decide(work, new TakeOrder(new(i), "silo"));
            work = Decide(work, new ApplyUpdate(new(i), new WorkCheckpointed(new(new("c", "c", 1, ""), i))));
            work = Decide(work, new LoseLease(new(i), "gone"));
        }

        Assert.AreEqual(Queued, work.State);
        Assert.AreEqual(10, work.Checkpoint!.Step);
    }

    [TestMethod]
    public void The_last_two_checkpoints_are_kept_and_a_lost_one_makes_room()
    {
        var work = Decide(New(), new TakeOrder(new(1), "silo"));
        CheckpointRef[] checkpoints = [.. Enumerable.Range(1, 4).Select(i => new CheckpointRef(new($"c{i}", "c", 1, ""), i))];
        foreach (var checkpoint in checkpoints[..3]) work = Decide(work, new ApplyUpdate(new(1), new WorkCheckpointed(checkpoint)));
        CollectionAssert.AreEqual(new[] { checkpoints[2], checkpoints[1] }, work.Checkpoints.ToList());

        work = Decide(work, new ApplyUpdate(new(1), new WorkCheckpointLost(checkpoints[2], "is damaged")));
        work = Decide(work, new ApplyUpdate(new(1), new WorkCheckpointed(checkpoints[3])));

        CollectionAssert.AreEqual(new[] { checkpoints[3], checkpoints[1] }, work.Checkpoints.ToList());
    }

    [TestMethod]
    public void A_newer_lease_says_that_the_one_before_was_lost()
    {
        var work = Decide(New(), new TakeOrder(new(1), "a"));

        var taken = Decide(work, new TakeOrder(new(2), "b"));

        Assert.AreEqual((Starting, 2L, "b", 1), (taken.State, taken.Epoch.Value, taken.Silo, taken.Losses));
        Assert.AreEqual(WorkDirective.Abandon, WorkMachine.DirectiveFor(taken, new(1)));
        Assert.AreEqual(WorkDirective.Continue, WorkMachine.DirectiveFor(taken, new(2)));
    }

    [TestMethod]
    public void Failures_are_tried_again_after_2_4_and_8_seconds_and_then_no_more()
    {
        var work = New();
        var waits = new List<double?>();
        for (var i = 1; i <= 4; i++)
        {
            work = Decide(work, new TakeOrder(new(i), "silo"));
            work = Decide(work, new ApplyUpdate(new(i), new WorkFailed(new(WorkErrorClass.Resource, "DISK", "Full."))));
            waits.Add((work.NotBefore - Start)?.TotalSeconds);
        }

        CollectionAssert.AreEqual(new double?[] { 2, 4, 8, null }, waits);
        Assert.AreEqual(Failed, work.State);
    }

    [TestMethod]
    [DataRow(WorkError.StorageUnavailable)]
    [DataRow(WorkError.StorageFull)]
    public void A_store_that_is_away_for_long_fails_nothing_and_is_asked_every_five_minutes_in_the_end(string reason)
    {
        var work = New();
        var waits = new List<double?>();
        for (var i = 1; i <= 12; i++)
        {
            work = Fail(work, i, reason);
            waits.Add((work.NotBefore - Start)?.TotalSeconds);
        }

        CollectionAssert.AreEqual(new double?[] { 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300 }, waits);
        Assert.AreEqual((Queued, 0, 12), (work.State, work.Failures, work.Outages));
        for (var i = 13; i <= 15; i++) work = Fail(work, i, "DISK");
        Assert.AreEqual(Queued, work.State, "Its own failures are counted apart.");
        Assert.AreEqual(Failed, Fail(work, 16, "DISK").State);
    }

    [TestMethod]
    [DataRow(WorkError.StorageRefused, 6)]
    [DataRow(WorkError.StorageFull, 12)]
    [DataRow(WorkError.StorageUnavailable, 290)]
    public void A_store_that_refuses_or_is_full_or_away_for_good_ends_a_job_at_last(string reason, int most)
    {
        var work = New();
        for (var i = 1; i <= most; i++) work = Fail(work, i, reason);
        Assert.AreEqual(Queued, work.State);

        work = Fail(work, most + 1, reason);
        Assert.AreEqual((Failed, reason), (work.State, work.Error!.Reason));
    }

    [TestMethod]
    public void Durable_progress_ends_the_count_of_outages_and_a_limit_of_time_ends_a_job_that_waits_for_its_store()
    {
        var work = Fail(Fail(New(), 1, WorkError.StorageUnavailable), 2, WorkError.StorageUnavailable);
        var late = WorkMachine.Decide(work, new CheckLimits(new(Total: TimeSpan.FromHours(1))), Start.AddHours(2)).Record;
        Assert.AreEqual((Failed, "TOTAL_TIME_EXCEEDED"), (late.State, late.Error!.Reason));

        work = Decide(work, new TakeOrder(new(3), "silo"));
        Assert.AreEqual(2, work.Outages);
        Assert.AreEqual(0, Decide(work, new ApplyUpdate(new(3), new WorkCheckpointed(new(new("c", "c", 1, ""), 1)))).Outages);
    }

    private static WorkRecord Fail(WorkRecord work, int epoch, string reason)
    {
        work = Decide(work, new TakeOrder(new(epoch), "silo"));
        return Decide(work, new ApplyUpdate(new(epoch), new WorkFailed(new(WorkErrorClass.Resource, reason, "Not now."))));
    }

    private static WorkRecord Decide(WorkRecord work, WorkCommand command) => WorkMachine.Decide(work, command, Start).Record;

    private static WorkRecord New() => WorkMachine.Submit(new WorkRecord
    {
        Job = "projects/p/jobs/j",
        Owner = "projects/p/generators/g",
        Subject = "projects/p/generators/g",
        Spec = new TrainingSpec { Data = new(new("d", "d", 1, ""), "d.csv", ""), Method = "m", Options = new Dictionary<string, string>() },
        Priority = 3,
        Requirements = WorkRequirements.Any,
        CreateTime = Start,
    }).Record;

    /// <summary>Runs random sequences; <paramref name="complaint"/> says what is wrong with a transition, or null.</summary>
    private static void Check(Func<WorkRecord, WorkCommand, WorkRecord, DateTimeOffset, string?> complaint) => Prop.ForAll(Step.Sequences, steps =>
    {
        var work = New();
        var now = Start;
        foreach (var step in steps)
        {
            now += TimeSpan.FromSeconds(step.Wait);
            var command = step.On(work);
            var next = WorkMachine.Decide(work, command, now).Record;
            if (complaint(work, command, next, now) is { } wrong) throw new InvalidOperationException($"{wrong} ({work.State}, {command})");
            work = next;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(60));
}
