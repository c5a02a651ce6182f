using System.Net;

namespace SynthStudio.Orchestration.Tests;

[TestClass]
public sealed class DispatchPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestMethod]
    public void Priority_goes_before_arrival_and_arrival_before_name()
    {
        var queue = new[] { Waiting("a", priority: 3, second: 2), Waiting("b", priority: 3, second: 1), Waiting("c", priority: 1, second: 9) };

        CollectionAssert.AreEqual(new[] { "c", "b", "a" }, DispatchPlan.InOrder(queue).Select(w => w.Item.Job).ToList());
    }

    [TestMethod]
    public void A_job_that_cannot_start_does_not_hold_up_the_ones_behind_it()
    {
        var queue = new[] { Waiting("gpu", accelerator: "cuda"), Waiting("later", notBefore: 5), Waiting("now", priority: 5) };

        Assert.AreEqual("now", DispatchPlan.Next(queue, [Silo("s")], Now)?.Work.Item.Job);
    }

    [TestMethod]
    public void A_job_that_backs_off_starts_when_its_time_has_come()
    {
        var queue = new[] { Waiting("later", notBefore: 5) };

        Assert.IsNull(DispatchPlan.Next(queue, [Silo("s")], Now));
        Assert.IsNotNull(DispatchPlan.Next(queue, [Silo("s")], Now.AddSeconds(5)));
    }

    [TestMethod]
    public void The_silo_with_most_free_slots_is_chosen_and_a_full_or_leaving_one_never()
    {
        var full = Silo("full", 1);
        var leaving = Silo("leaving", 8) with { Draining = true };
        var queue = new[] { Waiting("x"), new QueuedWork(Waiting("held").Item, full.Address.ToParsableString(), Now) };

        Assert.AreEqual("roomy", DispatchPlan.Next(queue, [full, leaving, Silo("small", 2), Silo("roomy", 3)], Now)?.Silo.Name);
        Assert.IsNull(DispatchPlan.Next(queue, [full, leaving], Now));
    }

    [TestMethod]
    public void Memory_and_accelerator_are_hard_needs_and_plain_work_spares_accelerators()
    {
        var cpu = Silo("cpu", 1);
        var cuda = Silo("cuda", 9) with { Accelerator = "cuda" };

        Assert.AreEqual("cpu", DispatchPlan.Next([Waiting("x", accelerator: "cpu")], [cuda, cpu], Now)?.Silo.Name);
        Assert.AreEqual("cuda", DispatchPlan.Next([Waiting("x", accelerator: "cuda")], [cuda, cpu], Now)?.Silo.Name);
        Assert.IsNull(DispatchPlan.Next([Waiting("x", memory: 2000)], [cuda, cpu], Now));
        Assert.AreEqual("NO_CAPABLE_SILO", DispatchPlan.Explain("x", [Waiting("x", memory: 2000)], [cuda, cpu], Now)?.Reason);
    }

    [TestMethod]
    public void A_silo_that_has_the_model_loaded_goes_before_one_with_more_room()
    {
        var loaded = Silo("loaded", 1) with { Models = ["other", "m"] };
        var draw = Waiting("x") with { Item = Waiting("x").Item with { Model = "m" } };

        Assert.AreEqual("loaded", DispatchPlan.Next([draw], [Silo("roomy", 9), loaded], Now)?.Silo.Name);
        Assert.AreEqual("roomy", DispatchPlan.Next([Waiting("x")], [Silo("roomy", 9), loaded], Now)?.Silo.Name);
    }

    private static QueuedWork Waiting(
        string job, int priority = 3, int second = 0, string accelerator = "any", long memory = 0, int? notBefore = null) => new(
        new WorkItem
        {
            Job = job,
            Kind = WorkKind.Training,
            Owner = job,
            Project = "projects/p",
            Priority = priority,
            Requirements = new(accelerator, memory),
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
