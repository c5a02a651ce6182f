namespace SynthStudio.Orchestration.Tests;

/// <summary>Giving way, and limits of time, one by one.</summary>
[TestClass]
public sealed class WorkSchedulingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LeaseEpoch First = new(1);

    [TestMethod]
    public void A_training_that_gives_way_is_asked_for_a_checkpoint_and_goes_to_the_end_of_its_line()
    {
        var running = Running();

        var asked = WorkMachine.Decide(running, new GiveWay(First), At(60)).Record;
        var left = WorkMachine.Decide(asked, new ApplyUpdate(First, new WorkPaused(false)), At(61));

        Assert.AreEqual(WorkState.Running, asked.State);
        Assert.AreEqual(WorkDirective.Pause, WorkMachine.DirectiveFor(asked, First));
        Assert.AreEqual(WorkState.Queued, left.Record.State);
        Assert.AreEqual(At(61), left.Record.EnqueueTime);
        Assert.AreEqual(WorkDirective.Continue, WorkMachine.DirectiveFor(Take(left.Record, 2), new(2)), "It was asked once more.");
    }

    [TestMethod]
    public void A_user_who_pauses_meanwhile_gets_a_pause()
    {
        var asked = WorkMachine.Decide(Running(), new GiveWay(First), At(60)).Record;
        var pausing = WorkMachine.Decide(asked, new PauseWork(), At(60)).Record;

        Assert.AreEqual(WorkState.Paused, WorkMachine.Decide(pausing, new ApplyUpdate(First, new WorkPaused(false)), At(61)).Record.State);
    }

    [TestMethod]
    public void Only_trainings_give_way_and_only_under_the_newest_lease()
    {
        var draw = Running(new GenerationSpec { Model = new("m", "m", 1, ""), Rows = 1, Given = new Dictionary<string, string?>() });

        Assert.AreEqual(Verdict.Refused, WorkMachine.Decide(draw, new GiveWay(First), At(60)).Verdict);
        Assert.AreEqual(Verdict.Stale, WorkMachine.Decide(Running(), new GiveWay(new(2)), At(60)).Verdict);
    }

    [TestMethod]
    [DataRow(59, WorkState.Queued)]
    [DataRow(61, WorkState.Failed)]
    public void Work_waits_no_longer_than_it_may(int seconds, WorkState expected)
    {
        var queued = WorkMachine.Submit(Work() with { Limits = new(Queue: TimeSpan.FromMinutes(1)) }).Record;

        var looked = WorkMachine.Decide(queued, new CheckLimits(WorkLimits.None), At(seconds));

        Assert.AreEqual(expected, looked.Record.State);
        Assert.AreEqual(expected == WorkState.Failed ? "QUEUE_TIME_EXCEEDED" : null, looked.Record.Error?.Reason);
    }

    [TestMethod]
    public void Work_that_ran_for_hours_and_is_queued_again_has_its_whole_time_to_wait_and_keeps_its_place()
    {
        const int Hours = 5 * 3600;
        var limits = new CheckLimits(new(Queue: TimeSpan.FromMinutes(1)));
        var lost = WorkMachine.Decide(Running(), new LoseLease(First, "it is gone"), At(Hours)).Record;
        var drained = WorkMachine.Decide(Running(), new ApplyUpdate(First, new WorkPaused(true)), At(Hours)).Record;
        var failed = WorkMachine.Decide(Running(), new ApplyUpdate(First, new WorkFailed(new(WorkErrorClass.Resource, "OUT", "out"))), At(Hours)).Record;

        foreach (var queued in (WorkRecord[])[lost, drained, failed])
        {
            Assert.AreEqual(Start, queued.EnqueueTime);
            Assert.AreEqual(WorkState.Queued, WorkMachine.Decide(queued, limits, At(Hours + 59)).Record.State);
            var end = (queued.NotBefore ?? At(Hours)).AddSeconds(61);
            Assert.AreEqual("QUEUE_TIME_EXCEEDED", WorkMachine.Decide(queued, limits, end).Record.Error?.Reason);
            Assert.AreEqual(WorkState.Queued, WorkMachine.Decide(queued, limits, end.AddSeconds(-2)).Record.State, "To back off is not to wait for a silo.");
        }
    }

    [TestMethod]
    public void An_attempt_that_takes_too_long_is_killed_and_tried_again()
    {
        var running = Running();

        var looked = WorkMachine.Decide(running, new CheckLimits(new(Attempt: TimeSpan.FromMinutes(1))), At(61));

        Assert.AreEqual(WorkState.Queued, looked.Record.State);
        Assert.AreEqual("ATTEMPT_TIME_EXCEEDED", looked.Record.Error?.Reason);
        Assert.IsTrue(looked.Effects.OfType<NudgeWorker>().Any(), "The worker is not told.");
        Assert.AreEqual(WorkDirective.Abandon, WorkMachine.DirectiveFor(looked.Record, First));
    }

    [TestMethod]
    public void The_whole_may_not_take_longer_than_its_limit_and_the_works_own_limit_counts()
    {
        var running = Running() with { Limits = new(Total: TimeSpan.FromMinutes(2)) };
        var defaults = new CheckLimits(new(Total: TimeSpan.FromMinutes(1)));

        Assert.AreEqual(WorkState.Running, WorkMachine.Decide(running, defaults, At(119)).Record.State);
        var ended = WorkMachine.Decide(running, defaults, At(121));
        Assert.AreEqual(WorkState.Failed, ended.Record.State);
        Assert.IsTrue(ended.Effects.OfType<ReleaseLease>().Any(), "The slot stays taken.");
        Assert.AreEqual(WorkDirective.Abandon, WorkMachine.DirectiveFor(ended.Record, First));
    }

    [TestMethod]
    [DataRow("WORKER_NOT_STARTED", true, true)]
    [DataRow("INPUT_OUTPUT", true, true)]
    [DataRow("DISK_FULL", true, false)]
    [DataRow("STORAGE_FULL", false, true)]
    [DataRow("WORKER_CRASHED", false, true)]
    [DataRow("WORKER_CRASHED", true, false)]
    [DataRow("OUT_OF_MEMORY", true, false)]
    public void The_queue_is_told_where_work_failed_and_whether_the_silo_is_to_blame_until_it_got_further(string reason, bool began, bool expected)
    {
        var first = began ? Running() : Take(WorkMachine.Submit(Work()).Record, 1);
        var failed = WorkMachine.Decide(first, new ApplyUpdate(First, new WorkFailed(new(WorkErrorClass.Resource, reason, "Why."))), At(1)).Record;

        Assert.AreEqual(("", false), (Running().ToItem().FailedOn, Running().ToItem().SiloAtFault));
        Assert.AreEqual(("s", expected), (failed.ToItem().FailedOn, failed.ToItem().SiloAtFault));
        var lost = WorkMachine.Decide(Take(failed, 2), new LoseLease(new(2), "it is gone"), At(2)).Record;
        Assert.AreEqual(("s", false), (lost.ToItem().FailedOn, lost.ToItem().SiloAtFault));
        var further = WorkMachine.Decide(Take(failed, 2), new ApplyUpdate(new(2), new WorkCheckpointed(new(new("c", "c", 1, ""), 5))), At(2)).Record;
        Assert.AreEqual("", further.ToItem().FailedOn);
    }

    [TestMethod]
    public void A_store_that_fails_work_that_has_begun_is_the_same_everywhere()
    {
        var failed = WorkMachine.Decide(
            Running(), new ApplyUpdate(First, new WorkFailed(new(WorkErrorClass.Resource, WorkError.StorageFull, "Why."))), At(1)).Record;

        Assert.AreEqual((WorkState.Queued, "", false), (failed.State, failed.ToItem().FailedOn, failed.ToItem().SiloAtFault));
    }

    private static DateTimeOffset At(int seconds) => Start.AddSeconds(seconds);

    private static WorkRecord Running(WorkSpec? spec = null) => WorkMachine.Decide(
        Take(WorkMachine.Submit(Work(spec)).Record, 1), new ApplyUpdate(First, new WorkStarted("s", 1, "cpu")), Start).Record;

    private static WorkRecord Take(WorkRecord work, long epoch) => WorkMachine.Decide(work, new TakeOrder(new(epoch), "s"), Start).Record;

    private static WorkRecord Work(WorkSpec? spec = null) => new()
    {
        Job = "projects/p/jobs/j",
        Owner = "projects/p/generators/g",
        Subject = "projects/p/generators/g",
        Spec = spec ?? new TrainingSpec { Data = new(new("d", "d", 1, ""), "d.csv", ""), Method = "m", Options = new Dictionary<string, string>() },
        Priority = 3,
        Requirements = WorkRequirements.Any,
        CreateTime = Start,
    };
}
