using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace SynthStudio.Orchestration;

/// <summary>Lets through the silo that the grain's key names, if it is a candidate. Registered on every silo.</summary>
public sealed class OnNamedSiloDirector : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        var named = target.GrainIdentity.Key.ToString();
        return silos.Where(silo => silo.ToParsableString() == named);
    }
}
