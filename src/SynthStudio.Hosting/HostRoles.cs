namespace SynthStudio.Hosting;

/// <summary>What a process does. Which one runs is configuration, not code.</summary>
[Flags]
public enum HostRoles
{
    None = 0,

    /// <summary>Hosts the grains that own, schedule and record work.</summary>
    Control = 1,

    /// <summary>Starts worker processes.</summary>
    Compute = 2,

    /// <summary>Serves the public API.</summary>
    Api = 4,

    All = Control | Compute | Api,
}
