using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace SynthStudio.Orchestration;

/// <summary>
/// Lets through the silos that are known to do more than compute. Where none is, as just after a start, those that have said nothing yet:
/// there must be a place. Registered on every silo.
/// </summary>
internal sealed class OnControlSiloDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <summary>The key of the silo metadata that holds the <see cref="SiloRole"/>.</summary>
    public const string RoleKey = "synthstudio.role";

    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos) =>
        Choose(silos, silo => metadata.GetSiloMetadata(silo).Metadata.GetValueOrDefault(RoleKey));

    /// <summary>The silos to choose from.</summary>
    /// <param name="silos">All.</param>
    /// <param name="roleOf">What a silo said of its role; null before it is heard.</param>
    internal static IEnumerable<SiloAddress> Choose(IEnumerable<SiloAddress> silos, Func<SiloAddress, string?> roleOf)
    {
        var byRole = silos.ToLookup(roleOf);
        SiloAddress[] known = [.. byRole.Where(role => role.Key is not (null or nameof(SiloRole.Compute))).SelectMany(silo => silo)];
        return known.Length > 0 ? known : byRole[null];
    }
}
