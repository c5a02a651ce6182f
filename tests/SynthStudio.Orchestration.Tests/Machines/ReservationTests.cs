using System.Net;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Large jobs among small ones.</summary>
[TestClass]
public sealed class ReservationTests
{
    private const int Overdue = -11 * 60;
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void A_stream_of_small_jobs_does_not_keep_a_large_one_waiting_for_ever()
    {
        var silo = Silo("s", 4);
        var large = Waiting("large", memory: 700);
        List<QueuedWork> running = [Held("x0", silo, 250), Held("x1", silo, 250), Held("x2", silo, 250)];

        // Every five minutes the oldest small job ends, and there are always two new ones, also of a project that has nothing yet.
        int? started = null;
        for (var round = 0; round < 12 && started is null; round++)
        {
            running.RemoveAt(0);
            var now = Now.AddMinutes(5 * round);
            var fresh = new[] { "projects/p", "projects/q" }.Select(p => Waiting($"{p} {round}", memory: 250, project: p, at: now));
            var plan = DispatchPlan.Make(View([large, .. running, .. fresh], silo) with { Now = now });
            if (plan.Assignments.Any(a => a.Item.Job == "large")) started = round;
            running.AddRange(plan.Assignments.Select(a => new QueuedWork(a.Item, a.Silo.Address.ToParsableString(), now)));
        }

        Assert.AreEqual(4, started, "Kept free from 10 minutes on; of the three that run then two have ended at minute 20.");
    }

    [TestMethod]
    public void What_it_waits_for_and_why_others_do_is_told()
    {
        var silo = Silo("s", 4);
        var view = View([Held("x", silo, 250), Waiting("large", Overdue, memory: 800), Waiting("small", memory: 250), Waiting("smallest")], silo);

        Assert.AreEqual("HAS_RESERVATION", DispatchPlan.Explain("large", view)?.Reason);
        Assert.AreEqual("RESERVED_FOR_OTHERS", DispatchPlan.Explain("small", view)?.Reason);
        Assert.AreEqual("NO_FREE_MEMORY", DispatchPlan.Explain("large", view with { ReserveAfter = TimeSpan.FromMinutes(12) })?.Reason);
        Assert.AreEqual("ABOUT_TO_START", DispatchPlan.Explain("small", view with { ReserveAfter = TimeSpan.FromMinutes(12) })?.Reason);
        CollectionAssert.AreEqual(new[] { "smallest" }, Assigned(view), "What takes nothing of it goes beside it.");
        CollectionAssert.AreEqual(new[] { "large" }, Assigned(view with { Queue = [.. view.Queue.Skip(1).Take(2)] }), "The large one fits.");
    }

    [TestMethod]
    public void The_last_slot_is_kept_too()
    {
        var silo = Silo("s", 2);

        Assert.IsEmpty(Assigned(View([Held("x", silo, 250), Waiting("large", Overdue, memory: 800), Waiting("smallest")], silo)));
    }

    [TestMethod]
    public void A_whole_accelerator_is_kept_from_those_that_share_and_the_processors_are_not()
    {
        var silo = Silo("s", 9) with { Accelerator = "cuda", Accelerators = 1, AcceleratorMemoryBytes = 100 };
        var queue = new[]
        {
            Held("x", silo, accelerator: "cuda", acceleratorMemory: 30), Waiting("whole", Overdue, accelerator: "cuda"),
            Waiting("part", accelerator: "cuda", acceleratorMemory: 30), Waiting("plain", accelerator: "cpu"),
        };

        CollectionAssert.AreEqual(new[] { "plain" }, Assigned(View(queue, silo)));
        CollectionAssert.AreEqual(new[] { "whole", "plain" }, Assigned(View(queue[1..], silo)));
        CollectionAssert.AreEquivalent(new[] { "part", "plain" }, Assigned(View(queue, silo) with { ReserveAfter = TimeSpan.FromHours(1) }));
    }

    [TestMethod]
    public void One_silo_is_kept_the_one_that_is_free_soonest_and_the_others_work_on()
    {
        var (busy, calm, small) = (Silo("busy", 9), Silo("calm", 9), Silo("small", 9) with { MemoryBytes = 500 });
        QueuedWork[] queue =
        [
            Held("b1", busy, 250), Held("b2", busy, 250), Held("c1", calm, 300), Waiting("large", Overdue, memory: 800),
            .. Enumerable.Range(0, 4).Select(i => Waiting($"x{i}", memory: 250)),
        ];

        var silos = DispatchPlan.Make(View(queue, busy, calm, small)).Assignments.Select(a => a.Silo.Name).Order();

        CollectionAssert.AreEqual(new[] { "busy", "busy", "small", "small" }, silos.ToList());
    }

    [TestMethod]
    public void More_urgent_work_does_not_wait_for_a_reservation_and_nobody_gives_way_in_vain()
    {
        var silo = Silo("s", 2);
        QueuedWork[] queue = [Held("x", silo, 250), Held("y", silo, 250), Waiting("large", Overdue, memory: 800)];

        CollectionAssert.AreEqual(new[] { "urgent" }, Assigned(View([queue[0], queue[2], Waiting("urgent", priority: 1, memory: 250)], silo)));
        Assert.HasCount(1, DispatchPlan.Make(View([.. queue, Waiting("urgent", priority: 1)], silo)).Victims);
        Assert.IsEmpty(DispatchPlan.Make(View([.. queue, Waiting("equal", priority: 2)], silo)).Victims);
        QueuedWork[] lower = [Held("x", silo, 250, priority: 5), Held("y", silo, 250, priority: 5), queue[2]];
        Assert.HasCount(2, DispatchPlan.Make(View([.. lower, Waiting("equal", priority: 2)], silo)).Victims, "Both give way to the large one, neither to the equal one.");
    }

    [TestMethod]
    public void Nothing_is_kept_for_what_may_not_start_or_never_fits()
    {
        var silo = Silo("s", 4);
        QueuedWork[] Beside(QueuedWork large) => [Held("x", silo, 250), large, Waiting("small", memory: 250)];

        CollectionAssert.AreEqual(new[] { "small" }, Assigned(View(Beside(Waiting("large", Overdue, memory: 2000)), silo)));
        CollectionAssert.AreEqual(new[] { "small" }, Assigned(View(Beside(Waiting("large", Overdue, memory: 800, notBefore: 5)), silo)));
        CollectionAssert.AreEqual(
            new[] { "small" },
            Assigned(View(Beside(Waiting("large", Overdue, memory: 800, project: "projects/full")), silo) with
            {
                ShareOf = p => new(1, 0) { MaxRunning = p == "projects/full" ? 1 : 0 },
            } is var view
                ? view with { Queue = [.. view.Queue, Held("h", silo, project: "projects/full")] }
                : view));
    }

    private static List<string> Assigned(QueueView view) => [.. DispatchPlan.Make(view).Assignments.Select(a => a.Item.Job)];

    private static QueueView View(QueuedWork[] queue, params ComputeSilo[] silos) => new()
    {
        Queue = queue, Silos = silos, Now = Now, Resting = queue.Where(work => work.Item.NotBefore > Now).Select(work => work.Item.Job).ToHashSet(),
    };

    private static QueuedWork Held(
        string job, ComputeSilo silo, long memory = 0, string accelerator = "any", long acceleratorMemory = 0, int priority = 3, string project = "projects/p") =>
        Waiting(job, 0, memory, accelerator, acceleratorMemory, priority, project: project) with { Holder = silo.Address.ToParsableString(), ExpireTime = Now };

    private static QueuedWork Waiting(
        string job, int second = 0, long memory = 0, string accelerator = "any", long acceleratorMemory = 0, int priority = 3, int? notBefore = null,
        string project = "projects/p", DateTimeOffset? at = null) => new(
        new WorkItem
        {
            Job = job,
            Kind = WorkKind.Training,
            Owner = job,
            Project = project,
            Priority = priority,
            Requirements = new(accelerator, memory, acceleratorMemory),
            EnqueueTime = (at ?? Now).AddSeconds(second),
            NotBefore = notBefore is { } seconds ? Now.AddSeconds(seconds) : null,
        },
        null,
        null);

    private static ComputeSilo Silo(string name, int slots) => new()
    {
        Address = SiloAddress.New(IPAddress.Loopback, name.Length, name.GetHashCode(StringComparison.Ordinal) & 0xFFFF),
        Name = name,
        Accelerator = "cpu",
        Slots = slots,
        MemoryBytes = 1000,
        Leases = [],
    };
}
