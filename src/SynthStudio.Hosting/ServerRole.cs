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
}
