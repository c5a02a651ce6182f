using SynthStudio.Orchestration;

namespace SynthStudio.Hosting;

/// <summary>What a process does in the service.</summary>
public enum ServerRole
{
    /// <summary>Everything: the API and a silo.</summary>
    All,

    /// <summary>The API only, as a client of the cluster's silos.</summary>
    Api,

    /// <summary>A silo only: grains and, unless switched off, workers.</summary>
    Silo,

    /// <summary>A silo that decides and runs no workers.</summary>
    Control,

    /// <summary>A silo that runs workers and hosts no grain that decides.</summary>
    Compute,
}

/// <summary>What follows from a role.</summary>
internal static class ServerRoleExtensions
{
    /// <summary>Answers on its ports how it is, and nothing else.</summary>
    public static bool IsSiloOnly(this ServerRole role) => role is ServerRole.Silo or ServerRole.Control or ServerRole.Compute;

    public static SiloRole ToSiloRole(this ServerRole role) => role switch
    {
        ServerRole.Control => SiloRole.Control,
        ServerRole.Compute => SiloRole.Compute,
        _ => SiloRole.All,
    };
}
