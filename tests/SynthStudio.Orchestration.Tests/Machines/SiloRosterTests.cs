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

    private static ComputeSilo Silo(int generation) => new()
    {
        Address = SiloAddress.New(IPAddress.Loopback, 11111, generation), Name = "rack-7", Accelerator = "cpu", Slots = 1, MemoryBytes = 1000, Leases = [],
    };
}
