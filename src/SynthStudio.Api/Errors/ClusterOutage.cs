using Orleans.Serialization;

namespace SynthStudio.Api.Errors;

/// <summary>Tells the cluster's absence from its answers.</summary>
internal static class ClusterOutage
{
    /// <summary>Whether a grain could not be asked, or its stores were away: the same call may succeed later.</summary>
    public static bool Is(Exception e) => IsAlone(e) || e is StoreUnavailableException or TimeoutException
        // Of the runtime, never of a grain of ours: silos and gateways that go, directories and placement that know them too long.
        or OrleansException
        // Ours can all be sent. What cannot is a library's at the silo: its database at the grain's activation, a time-out of Orleans'
        // placement.
        or CodecNotFoundException;

    /// <summary>
    /// Whether no silo that this process knows of has such grains: all that compute or control are gone, or not heard of yet.
    /// </summary>
    private static bool IsAlone(Exception e) => e is ArgumentException { Source: "Orleans.Core" } && e.Message.StartsWith("Could not find an implementation for interface", StringComparison.Ordinal);
}
