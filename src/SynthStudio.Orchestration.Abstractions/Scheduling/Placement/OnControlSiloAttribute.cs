using Orleans.Placement;

namespace SynthStudio.Orchestration;

/// <summary>Keeps a grain off silos that only compute: those come and go with the machines that have accelerators.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnControlSiloAttribute() : PlacementFilterAttribute(new OnControlSiloStrategy());

/// <summary>See <see cref="OnControlSiloAttribute"/>.</summary>
public sealed class OnControlSiloStrategy : PlacementFilterStrategy
{
    public OnControlSiloStrategy()
        : base(order: 2)
    {
    }
}
