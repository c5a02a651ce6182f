using Orleans.Placement;

namespace SynthStudio.Orchestration;

/// <summary>
/// Places a grain on the silo that its key names (<see cref="Orleans.Runtime.SiloAddress.ToParsableString"/>) and nowhere else. A hard
/// constraint, unlike the placement hint; the built-in metadata filters compare with the silo that does the placing and cannot say this.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnNamedSiloAttribute() : PlacementFilterAttribute(new OnNamedSiloStrategy());

/// <summary>See <see cref="OnNamedSiloAttribute"/>.</summary>
public sealed class OnNamedSiloStrategy : PlacementFilterStrategy
{
    public OnNamedSiloStrategy()
        : base(order: 1)
    {
    }
}
