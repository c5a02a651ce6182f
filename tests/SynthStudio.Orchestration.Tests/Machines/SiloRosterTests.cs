using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Which silo operators mean by a name.</summary>
[TestClass]
public sealed class SiloRosterTests
{
    [TestMethod]
    public void A_name_is_that_of_the_silo_that_was_heard_last_when_a_restarted_one_takes_its_own_place()
    {
        var time = new FakeTimeProvider();
        var roster = new SiloRoster(time, TimeSpan.FromMinutes(1));
        var (dead, alive) = (Silo(generation: 1), Silo(generation: 2));
        Assert.IsNull(roster.Find("rack-7"));

        roster.Hear(dead);
        Assert.AreEqual(dead, roster.Find("rack-7"));
        time.Advance(TimeSpan.FromSeconds(3));
        roster.Hear(alive);

        Assert.AreEqual(alive, roster.Find("rack-7"));
        Assert.HasCount(2, roster.All, "The dead one is still listed until the cluster knows that it is.");
    }

    [TestMethod]
    public void A_silo_is_silent_when_it_was_not_heard_within_the_patience_and_until_it_is_heard_again()
    {
        var time = new FakeTimeProvider();
        var roster = new SiloRoster(time, TimeSpan.FromMinutes(1));
        var silo = Silo(generation: 1);
        roster.Hear(silo);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsEmpty(roster.Silent);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.AreEqual(silo.Address, roster.Silent.Single());

        roster.Hear(silo);
        Assert.IsEmpty(roster.Silent);
    }

    [TestMethod]
    public void A_silo_rests_for_a_minute_when_different_jobs_failed_on_it_one_after_another_for_reasons_of_its_own()
    {
        var time = new FakeTimeProvider();
        var roster = new SiloRoster(time, TimeSpan.FromHours(1));
        var silo = Silo(generation: 1);
        roster.Hear(silo);

        Assert.IsNull(End("a", 1, failed: true));
        Assert.IsNull(End("a", 2, failed: true), "It may be the job.");
        Assert.IsNull(End("b", 1, failed: true));
        Assert.IsNull(End("c", 1, failed: false), "It can.");
        Assert.IsNull(End("d", 1, failed: true));
        Assert.IsNull(End("e", 1, failed: true));
        Assert.IsEmpty(roster.Sick);
        Assert.AreEqual(silo, End("f", 1, failed: true));

        roster.Hear(silo);
        Assert.AreEqual(silo.Address, roster.Sick.Single());
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsNull(roster.Blame(Address(silo), "f", new(1)), "A reconciler says it again.");
        Assert.IsEmpty(roster.Sick);
        Assert.AreEqual(silo, End("g", 1, failed: true), "It is not mended.");

        ComputeSilo? End(string job, long epoch, bool failed)
        {
            roster.Ended(Address(silo), job, new(epoch));
            return failed ? roster.Blame(Address(silo), job, new(epoch)) : null;
        }
    }

    [TestMethod]
    [DataRow(-5)]
    [DataRow(5)]
    public void Rests_and_silence_last_as_long_as_ever_when_the_clock_is_set(int hours)
    {
        var time = new SteppedClock();
        var roster = new SiloRoster(time, TimeSpan.FromMinutes(2));
        var silo = Silo(generation: 1);
        roster.Hear(silo);
        roster.LetRest(silo.Address);
        foreach (var job in new[] { "a", "b", "c" })
        {
            roster.Ended(Address(silo), job, new(1));
            roster.Blame(Address(silo), job, new(1));
        }

        time.Step = TimeSpan.FromHours(hours);
        Assert.IsEmpty(roster.Rested);
        Assert.HasCount(1, roster.Sick);
        Assert.IsEmpty(roster.Silent);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.HasCount(1, roster.Rested);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsEmpty(roster.Sick);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.HasCount(1, roster.Silent);
    }

    [TestMethod]
    public void Nobody_is_blamed_for_what_did_not_end_there()
    {
        var roster = new SiloRoster(new FakeTimeProvider(), TimeSpan.FromHours(1));
        var silo = Silo(generation: 1);
        roster.Hear(silo);
        foreach (var job in new[] { "a", "b", "c" })
        {
            roster.Ended("", job, new(1));
            Assert.IsNull(roster.Blame(Address(silo), job, new(1)));
            Assert.IsNull(roster.Blame("nowhere", job, new(1)));
        }

        Assert.IsEmpty(roster.Sick);
    }

    private static string Address(ComputeSilo silo) => silo.Address.ToParsableString();

    private static ComputeSilo Silo(int generation) => new()
    {
        Address = SiloAddress.New(IPAddress.Loopback, 11111, generation), Name = "rack-7", Accelerator = "cpu", Slots = 1, MemoryBytes = 1000, Leases = [],
    };
}
