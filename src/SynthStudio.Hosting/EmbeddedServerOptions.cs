namespace SynthStudio.Hosting;

/// <summary>How a program hosts the whole service in its own process.</summary>
public sealed class EmbeddedServerOptions
{
    /// <summary>Folder for everything the server keeps.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Loopback port of gRPC; 0 takes a free one.</summary>
    public int GrpcPort { get; init; }

    /// <summary>Loopback port of gRPC-Web and JSON; 0 takes a free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>Whether it starts workers; without, jobs wait in the data folder's queue.</summary>
    public bool Compute { get; init; } = true;

    /// <summary>Whether generators may be of methods that give back the rows they learned (<see cref="Api.FeatureFlags.CopyingMethods"/>): for who serves nobody else.</summary>
    public bool AllowCopyingMethods { get; init; }

    /// <summary>Threads of a worker; 0 lets libtorch choose.</summary>
    public int Threads { get; init; }
}
