using System.Net;

namespace SynthStudio.Orchestration.Tests;

[TestClass]
public sealed class DispatchPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void Priority_goes_before_arrival_and_arrival_before_name()
    {
        var view = View([Waiting("a", second: -1), Waiting("b", second: -2), Waiting("c", priority: 1)]);

        CollectionAssert.AreEqual(new[] { "c", "b", "a" }, Order(view));
    }

    [TestMethod]
    public void Waiting_raises_a_job_until_it_is_among_the_most_urgent()
    {
        var patient = Waiting("patient", priority: 5, second: -(40 * 60));
        var urgent = Waiting("urgent", priority: 1, second: -1);

        CollectionAssert.AreEqual(new[] { "patient", "urgent" }, Order(View([urgent, patient])));
        CollectionAssert.AreEqual(new[] { "urgent", "patient" }, Order(View([urgent, patient]) with { AgeingPeriod = TimeSpan.FromMinutes(11) }));
    }

    [TestMethod]
    public void Projects_take_turns_whoever_came_first()
    {
        var many = Enumerable.Range(0, 4).Select(i => Waiting($"a{i}", second: i - 9));
        var few = Enumerable.Range(0, 2).Select(i => Waiting($"b{i}", project: "projects/q", second: i));

        CollectionAssert.AreEqual(new[] { "a0", "b0", "a1", "b1", "a2", "a3" }, Order(View([.. many, .. few])));
    }

    [TestMethod]
    public void A_project_of_twice_the_weight_gets_twice_the_slots()
    {
        var queue = Enumerable.Range(0, 6).SelectMany(i => new[] { Waiting($"a{i}", second: i - 9), Waiting($"b{i}", project: "projects/q", second: i - 9) });
        var view = View([.. queue]) with { ShareOf = p => new(p == "projects/q" ? 2 : 1, 0) };

        Assert.AreEqual(4, Order(view).Take(6).Count(j => j[0] == 'b'));
    }

    [TestMethod]
    public void With_one_slot_the_project_that_had_less_lately_goes_first()
    {
        var queue = new[] { Waiting("a", second: -9), Waiting("b", project: "projects/q", second: -1) };
        var view = View(queue, Silo("s")) with { UsageOf = p => p == "projects/p" ? 100 : 1 };

        Assert.AreEqual("b", DispatchPlan.Make(view).Assignments.Single().Item.Job);
    }

    [TestMethod]
    public void A_project_at_its_limit_waits_while_others_start()
    {
        var silo = Silo("s", 3);
        var queue = new[] { Held("h", silo), Waiting("a", second: -9), Waiting("b", project: "projects/q") };
        var view = View(queue, silo) with { ShareOf = p => new(1, p == "projects/p" ? 1 : 0) };

        Assert.AreEqual("b", DispatchPlan.Make(view).Assignments.Single().Item.Job);
        Assert.AreEqual(new QueueStanding(2, "PROJECT_LIMIT"), DispatchPlan.Explain("a", view));
    }

    [TestMethod]
    public void A_job_that_cannot_start_does_not_hold_up_the_ones_behind_it()
    {
        var view = View([Waiting("gpu", accelerator: "cuda"), Waiting("later", notBefore: 5), Waiting("now", priority: 5)], Silo("s"));

        Assert.AreEqual("now", DispatchPlan.Make(view).Assignments.Single().Item.Job);
        Assert.AreEqual("BACKING_OFF", DispatchPlan.Explain("later", view)?.Reason);
    }

    [TestMethod]
    public void A_job_that_backs_off_starts_when_it_has_rested()
    {
        var view = View([Waiting("later", notBefore: 5)], Silo("s"));

        Assert.IsEmpty(DispatchPlan.Make(view).Assignments);
        Assert.HasCount(1, DispatchPlan.Make(view with { Resting = new HashSet<string>() }).Assignments);
    }

    [TestMethod]
    public void All_free_slots_are_filled_the_roomiest_silo_first_and_a_leaving_or_cordoned_one_never()
    {
        var (full, roomy) = (Silo("full", 1), Silo("roomy", 3));
        ComputeSilo[] silos = [full, Silo("leaving", 8) with { Draining = true }, Silo("cordoned", 9), Silo("small", 2), roomy];
        var queue = Enumerable.Range(0, 9).Select(i => Waiting($"x{i}")).Append(Held("held", full)).ToArray();
        var view = View(queue, silos) with { Cordoned = new HashSet<string> { "cordoned" } };

        var chosen = DispatchPlan.Make(view).Assignments.Select(a => a.Silo.Name).ToList();

        Assert.AreEqual("roomy", chosen[0]);
        CollectionAssert.AreEquivalent(new[] { "roomy", "roomy", "roomy", "small", "small" }, chosen);
    }

    [TestMethod]
    public void Why_a_job_waits_is_told_by_the_silos_that_could_run_it()
    {
        var (cpu, cuda) = (Silo("cpu"), Silo("cuda", 2) with { Accelerator = "cuda", Accelerators = 1 });
        var queue = new[]
        {
            Held("h1", cpu, memory: 900), Held("h2", cuda, accelerator: "cuda"),
            Waiting("any"), Waiting("gpu", accelerator: "cuda"), Waiting("big", memory: 2000), Waiting("large", memory: 500),
        };

        Assert.AreEqual("NO_FREE_ACCELERATOR", Reason("gpu", View(queue, cpu, cuda)));
        Assert.AreEqual("NO_CAPABLE_SILO", Reason("big", View(queue, cpu, cuda)));
        Assert.AreEqual("NO_FREE_SLOT", Reason("any", View(queue, cpu)));
        Assert.AreEqual("NO_FREE_MEMORY", Reason("large", View(queue, cpu with { Slots = 2 })));
        Assert.AreEqual("SILOS_CORDONED", Reason("gpu", View(queue, cpu, cuda) with { Cordoned = new HashSet<string> { "cuda" } }));
        Assert.AreEqual("ABOUT_TO_START", Reason("any", View(queue, cpu with { Slots = 2 })));
    }

    [TestMethod]
    public void A_silo_that_was_not_heard_of_lately_gets_nothing_and_what_waits_for_it_says_so()
    {
        var (cpu, cuda) = (Silo("cpu"), Silo("cuda") with { Accelerator = "cuda", Accelerators = 1 });
        var view = View([Waiting("any"), Waiting("gpu", accelerator: "cuda")], cpu, cuda) with { Silent = new HashSet<SiloAddress> { cuda.Address } };

        Assert.AreEqual("any", DispatchPlan.Make(view).Assignments.Single().Item.Job);
        Assert.AreEqual("SILOS_SILENT", Reason("gpu", view));
        Assert.AreEqual("SILOS_CORDONED", Reason("gpu", view with { Cordoned = new HashSet<string> { "cuda" } }), "Once it is heard again it still takes nothing.");
        Assert.AreEqual(1, QueueFigures.Of(view).Jobs[new(WorkKind.Training, "cuda", "SILOS_SILENT")]);
    }

    [TestMethod]
    public void Slots_are_open_where_work_is_taken()
    {
        var silos = new[] { Silo("works", 2), Silo("cordoned", 3), Silo("leaves", 4) with { Draining = true }, Silo("silent", 5) };
        var view = View([], silos) with { Cordoned = new HashSet<string> { "cordoned" }, Silent = new HashSet<SiloAddress> { silos[3].Address } };

        var figures = QueueFigures.Of(view).Slots;

        CollectionAssert.AreEquivalent(new[] { 2, 3, 4, 5 }, figures.Where(f => f.State == "all").Select(f => f.Count).ToList());
        Assert.AreEqual(new("works", "cpu", "open", 2), figures.Single(f => f is { State: "open", Count: > 0 }));
        Assert.HasCount(4, figures.Where(f => f.State == "open").ToList(), "None is a figure too.");
    }

    [TestMethod]
    public void Where_accelerator_time_is_spent_what_can_goes_to_a_cpu_and_the_rest_waits_and_says_so()
    {
        var (cpu, cuda) = (Silo("cpu"), Silo("cuda", 9) with { Accelerator = "cuda" });
        ComputeSilo[] silos = [cuda, cpu with { Slots = 9 }];
        QueuedWork[] queue = [Waiting("needs", accelerator: "cuda"), Waiting("likes"), Waiting("plain", accelerator: "cpu"), Waiting("other", project: "projects/q", accelerator: "cuda")];
        var view = View(queue, silos) with { WithoutAcceleratorTime = new HashSet<string> { "projects/p" } };

        CollectionAssert.AreEquivalent(
            new[] { "likes cpu", "plain cpu", "other cuda" }, DispatchPlan.Make(view).Assignments.Select(a => $"{a.Item.Job} {a.Silo.Name}").ToArray());
        Assert.AreEqual("ACCELERATOR_LIMIT", DispatchPlan.Explain("needs", view)?.Reason);
        Assert.AreEqual("ACCELERATOR_LIMIT", DispatchPlan.Explain("likes", view with { Silos = [cuda] })?.Reason);
        Assert.AreEqual("plain cuda", string.Join(", ", DispatchPlan.Make(view with { Queue = queue[..3], Silos = [cuda] }).Assignments.Select(a => $"{a.Item.Job} {a.Silo.Name}")));
        var urgent = View(
            [Held("low", cuda with { Slots = 1 }, priority: 5, accelerator: "cuda"), Waiting("needs", priority: 1, accelerator: "cuda")],
            cuda with { Slots = 1 });
        Assert.HasCount(0, DispatchPlan.Make(urgent with { WithoutAcceleratorTime = new HashSet<string> { "projects/p" } }).Victims, "Nobody gives way to what may not start.");
    }

    [TestMethod]
    public void A_project_holds_as_many_accelerators_at_once_as_it_may_and_what_can_goes_to_a_cpu()
    {
        var (cpu, cuda) = (Silo("cpu", 9), Silo("cuda", 9) with { Accelerator = "cuda", Accelerators = 4 });
        QueuedWork[] queue =
        [
            Held("held", cuda, accelerator: "cuda"), Held("spares", cuda, accelerator: "cpu"),
            Waiting("second", second: -3, accelerator: "cuda"), Waiting("third", second: -2, accelerator: "cuda"), Waiting("likes", second: -1),
            Waiting("other", project: "projects/q", accelerator: "cuda"),
        ];
        var view = View(queue, cpu, cuda) with { ShareOf = p => new(1, 0) { MaxAccelerators = p == "projects/p" ? 2 : 0 } };

        CollectionAssert.AreEquivalent(
            new[] { "second cuda", "likes cpu", "other cuda" }, DispatchPlan.Make(view).Assignments.Select(a => $"{a.Item.Job} {a.Silo.Name}").ToArray());
        var full = view with { Queue = [.. queue, Held("more", cuda, accelerator: "cuda")] };
        Assert.AreEqual("PROJECT_ACCELERATORS", Reason("third", full));
        Assert.AreEqual("ABOUT_TO_START", Reason("likes", full));
        Assert.AreEqual("PROJECT_ACCELERATORS", Reason("likes", full with { Silos = [cuda] }));
        var plan = DispatchPlan.Make(full with { Silos = [Silo("idle", 9) with { Accelerator = "cuda", Accelerators = 4 }] });
        Assert.IsFalse(
            plan.Assignments.Any(a => a.Item.Project == "projects/p"),
            "A silo that just turned work down is not looked at; what it runs counts.");
        var urgent = View(
            [Held("low", cuda with { Slots = 1 }, priority: 5, accelerator: "cuda"), Waiting("needs", priority: 1, accelerator: "cuda")],
            cuda with { Slots = 1 });
        Assert.HasCount(0, DispatchPlan.Make(urgent with { ShareOf = p => new(1, 0) { MaxAccelerators = 1 } }).Victims, "Nobody gives way to what may not start.");
    }

    [TestMethod]
    public void Memory_and_accelerator_are_hard_needs_and_plain_work_spares_accelerators()
    {
        var (cpu, cuda) = (Silo("cpu"), Silo("cuda", 9) with { Accelerator = "cuda" });

        Assert.AreEqual("cpu", SiloFor(Waiting("x", accelerator: "cpu"), cuda, cpu));
        Assert.AreEqual("cuda", SiloFor(Waiting("x", accelerator: "cuda"), cuda, cpu));
        Assert.IsNull(SiloFor(Waiting("x", memory: 2000), cuda, cpu));
    }

    [TestMethod]
    public void Jobs_on_a_silo_never_take_more_memory_together_than_it_has()
    {
        var view = View([.. Enumerable.Range(0, 9).Select(i => Waiting($"x{i}", memory: 300))], Silo("s", 9));

        Assert.HasCount(3, DispatchPlan.Make(view).Assignments);
    }

    [TestMethod]
    [DataRow(0L, 2)]
    [DataRow(40L, 4)]
    [DataRow(30L, 6)]
    public void An_accelerator_is_one_jobs_own_or_shared_by_memory(long share, int expected)
    {
        var silo = Silo("s", 9) with { Accelerator = "cuda", Accelerators = 2, AcceleratorMemoryBytes = 100 };
        var view = View([.. Enumerable.Range(0, 9).Select(i => Waiting($"x{i}", accelerator: "cuda", acceleratorMemory: share))], silo);

        Assert.HasCount(expected, DispatchPlan.Make(view).Assignments);
    }

    [TestMethod]
    public void A_silo_that_has_the_model_loaded_goes_before_one_with_more_room()
    {
        var loaded = Silo("loaded", 1) with { Models = ["other", "m"] };
        var draw = Waiting("x") with { Item = Waiting("x").Item with { Model = "m" } };

        Assert.AreEqual("loaded", SiloFor(draw, Silo("roomy", 9), loaded));
        Assert.AreEqual("roomy", SiloFor(Waiting("x"), Silo("roomy", 9), loaded));
    }

    [TestMethod]
    public void What_failed_on_a_silo_goes_elsewhere_however_much_room_that_silo_has_and_back_to_it_only_when_there_is_no_elsewhere()
    {
        var (sick, other, cuda) = (Silo("sick", 9) with { Models = ["m"] }, Silo("other", 2), Silo("cuda", 3) with { Accelerator = "cuda" });
        var failed = Waiting("x", accelerator: "cpu");
        failed = failed with { Item = failed.Item with { FailedOn = sick.Address.ToParsableString(), Model = "m" } };

        Assert.AreEqual("other", SiloFor(failed, sick, other, cuda));
        Assert.AreEqual("cuda", SiloFor(failed, sick, cuda));
        Assert.AreEqual("sick", SiloFor(failed, sick));
        Assert.AreEqual("sick", SiloFor(failed with { Item = failed.Item with { FailedOn = "" } }, sick, other, cuda));
    }

    [TestMethod]
    public void A_silo_that_rests_gets_nothing_and_what_waits_for_it_says_so()
    {
        var (cpu, cuda) = (Silo("cpu"), Silo("cuda") with { Accelerator = "cuda", Accelerators = 1 });
        var view = View([Waiting("any"), Waiting("gpu", accelerator: "cuda")], cpu, cuda) with { Sick = new HashSet<SiloAddress> { cuda.Address } };

        Assert.AreEqual("any", DispatchPlan.Make(view).Assignments.Single().Item.Job);
        Assert.AreEqual("SILOS_RESTING", Reason("gpu", view));
        Assert.AreEqual("SILOS_SILENT", Reason("gpu", view with { Silent = new HashSet<SiloAddress> { cuda.Address } }), "It may be gone.");
        Assert.AreEqual(0, QueueFigures.Of(view).Slots.Single(f => f is { Silo: "cuda", State: "open" }).Count);
    }

    [TestMethod]
    public void Urgent_work_displaces_the_least_urgent_training_of_a_silo_that_can_run_it()
    {
        var (cpu, cuda) = (Silo("cpu", 2), Silo("cuda", 1) with { Accelerator = "cuda" });
        var queue = new[] { Held("low", cpu, priority: 5), Held("middle", cpu, priority: 4), Held("lowest", cuda, priority: 5), Waiting("urgent", priority: 1, accelerator: "cuda") };

        Assert.AreEqual("lowest", Victims(View(queue, cpu, cuda)).Single());
        Assert.AreEqual("low", Victims(View([.. queue[..3], Waiting("urgent", priority: 1)], cpu)).Single());
    }

    [TestMethod]
    public void As_many_leave_as_urgent_work_needs_the_room_of_and_no_more()
    {
        var (small, large) = (Silo("small", 4), Silo("large", 4));
        var queue = new[]
        {
            Held("newest", small, priority: 5, memory: 100), Held("a", small, priority: 5, memory: 450), Held("b", small, priority: 4, memory: 450),
            Held("x", large, priority: 4, memory: 300), Held("y", large, priority: 4, memory: 300),
            Held("z", large, priority: 4, memory: 400), Waiting("urgent", priority: 1, memory: 900),
        };
        var view = View(queue, small, large);

        CollectionAssert.AreEquivalent(new[] { "a", "b" }, Victims(view));
        CollectionAssert.AreEquivalent(new[] { "x", "y", "z" }, Victims(view with { Undisturbed = new HashSet<string> { "b" } }));
        Assert.AreEqual("b", Victims(view with { GivingWay = new HashSet<string> { "a" } }).Single(), "The rest of those that were begun with.");
        Assert.IsEmpty(Victims(view with { GivingWay = new HashSet<string> { "x", "y", "z" } }), "What leaves is waited for.");
        Assert.IsEmpty(Victims(view with { Undisturbed = new HashSet<string> { "b", "z" } }), "Nobody leaves in vain.");
    }

    [TestMethod]
    public void Nothing_is_displaced_for_an_equal_twice_too_early_or_in_vain()
    {
        var silo = Silo("s", 2);
        var queue = new[] { Held("low", silo, priority: 4), Held("draw", silo, priority: 5) };
        queue[1] = queue[1] with { Item = queue[1].Item with { Kind = WorkKind.Generation } };
        var urgent = View([.. queue, Waiting("urgent", priority: 1)], silo);

        Assert.IsEmpty(Victims(View([.. queue, Waiting("equal", priority: 4)], silo)));
        Assert.AreEqual("low", Victims(urgent).Single());
        Assert.IsEmpty(Victims(urgent with { GivingWay = new HashSet<string> { "low" } }));
        Assert.IsEmpty(Victims(urgent with { Undisturbed = new HashSet<string> { "low" } }));
        Assert.IsEmpty(Victims(View([.. queue, Waiting("urgent", priority: 1, notBefore: 5)], silo)));
        Assert.IsEmpty(Victims(View([.. queue, Waiting("urgent", priority: 1, memory: 2000)], silo)));
        Assert.IsEmpty(Victims(urgent with { Cordoned = new HashSet<string> { "s" } }));
    }

    [TestMethod]
    public void The_queue_is_counted_by_what_waits_for_what_and_by_where_what_runs_runs()
    {
        var (cpu, gpu) = (Silo("cpu"), Silo("cuda1") with { Accelerator = "cuda", Accelerators = 1 });
        var view = View(
            [
                Held("a", cpu), Held("b", gpu), Waiting("c", second: -30), Waiting("d", accelerator: "cpu"), Waiting("e", accelerator: "cuda"), Waiting("f", notBefore: 5),
                Waiting("g", memory: 5000), Waiting("h", project: "projects/q"),
            ],
            cpu, gpu) with { ShareOf = p => new(1, p == "projects/q" ? 1 : 0) };
        var full = view with { Queue = [.. view.Queue, Held("i", cpu) with { Item = Held("i", cpu).Item with { Project = "projects/q" } }] };

        var figures = QueueFigures.Of(full);

        Assert.AreEqual(TimeSpan.FromSeconds(30), figures.OldestWait);
        var again = Waiting("c", second: -30);
        Assert.AreEqual(
            TimeSpan.FromSeconds(5), QueueFigures.Of(View([again with { Item = again.Item with { WaitsSince = Now.AddSeconds(-5) } }], cpu)).OldestWait, "It ran for most of that time.");
        int Of(string accelerator, string reason) => figures.Jobs[new(WorkKind.Training, accelerator, reason)];
        Assert.AreEqual((2, 1), (Of("cpu", ""), Of("cuda", "")), "By the silo's accelerator, not by what they asked for.");
        Assert.AreEqual((1, 1, 1), (Of("any", WaitingReason.NoFreeSlot), Of("cpu", WaitingReason.NoFreeSlot), Of("cuda", WaitingReason.NoFreeSlot)));
        Assert.AreEqual((1, 1, 1), (Of("any", WaitingReason.BackingOff), Of("any", WaitingReason.NoCapableSilo), Of("any", WaitingReason.ProjectLimit)));
        Assert.AreEqual(0, figures.Jobs[new(WorkKind.Generation, "cuda", WaitingReason.NoFreeSlot)], "None is a figure too.");
    }

    private static QueueView View(QueuedWork[] queue, params ComputeSilo[] silos) => new()
    {
        Queue = queue, Silos = silos, Now = Now, Resting = queue.Where(work => work.Item.NotBefore > Now).Select(work => work.Item.Job).ToHashSet(),
    };

    private static List<string> Order(QueueView view) => [.. DispatchPlan.InOrder(view).Select(item => item.Job)];

    private static string? Reason(string job, QueueView view) => DispatchPlan.Explain(job, view)?.Reason;

    private static string? SiloFor(QueuedWork work, params ComputeSilo[] silos) =>
        DispatchPlan.Make(View([work], silos)).Assignments.SingleOrDefault()?.Silo.Name;

    private static List<string> Victims(QueueView view) => [.. DispatchPlan.Make(view).Victims.Select(v => v.Item.Job)];

    private static QueuedWork Held(string job, ComputeSilo silo, int priority = 3, string accelerator = "any", long memory = 0) =>
        Waiting(job, priority, 0, accelerator, memory) with { Holder = silo.Address.ToParsableString(), ExpireTime = Now };

    private static QueuedWork Waiting(
        string job, int priority = 3, int second = 0, string accelerator = "any", long memory = 0, int? notBefore = null, string project = "projects/p",
        long acceleratorMemory = 0) => new(
        new WorkItem
        {
            Job = job,
            Kind = WorkKind.Training,
            Owner = job,
            Project = project,
            Priority = priority,
            Requirements = new(accelerator, memory, acceleratorMemory),
            EnqueueTime = Now.AddSeconds(second),
            NotBefore = notBefore is { } seconds ? Now.AddSeconds(seconds) : null,
        },
        null,
        null);

    private static ComputeSilo Silo(string name, int slots = 1) => new()
    {
        Address = SiloAddress.New(IPAddress.Loopback, name.Length, name.GetHashCode(StringComparison.Ordinal) & 0xFFFF),
        Name = name,
        Accelerator = "cpu",
        Slots = slots,
        MemoryBytes = 1000,
        Leases = [],
    };
}
