using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace SynthStudio.Orchestration;

/// <summary>Lets through every silo that did not say that it only computes. Registered on every silo.</summary>
internal sealed class OnControlSiloDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <summary>The key of the silo metadata that holds the <see cref="SiloRole"/>.</summary>
    public const string RoleKey = "synthstudio.role";

    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        silos.Where(silo => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(RoleKey) != nameof(SiloRole.Compute));
}
