using System.Net;
using Orleans.Runtime;

namespace SynthStudio.Orchestration.Tests;

/// <summary>Which silos decide.</summary>
[TestClass]
public sealed class PlacementTests
{
    private static readonly SiloAddress Control = Silo(1), Both = Silo(2), Compute = Silo(3), Unknown = Silo(4);

    [TestMethod]
    public void Grains_go_to_silos_that_are_known_to_control_and_before_one_is_known_to_none_that_only_computes()
    {
        CollectionAssert.AreEquivalent(new[] { Control, Both }, Chosen(Control, Both, Compute, Unknown));
        CollectionAssert.AreEquivalent(new[] { Unknown }, Chosen(Compute, Unknown));
        Assert.IsEmpty(Chosen(Compute));
    }

    private static SiloAddress[] Chosen(params SiloAddress[] silos) => [.. OnControlSiloDirector.Choose(
        silos, silo => silo == Control ? nameof(SiloRole.Control) : silo == Both ? nameof(SiloRole.All) : silo == Compute ? nameof(SiloRole.Compute) : null)];

    private static SiloAddress Silo(int port) => SiloAddress.New(IPAddress.Loopback, port, 1);
}
