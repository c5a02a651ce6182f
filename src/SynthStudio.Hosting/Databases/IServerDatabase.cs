using Microsoft.Extensions.DependencyInjection;

namespace SynthStudio.Hosting;

/// <summary>Where the catalog and the grains of a server are kept, and how its silos find each other.</summary>
internal interface IServerDatabase : IAsyncDisposable
{
    /// <summary>Adds the catalog.</summary>
    void AddCatalog(IServiceCollection services);

    /// <summary>Gives a silo its membership, grain storage and reminders.</summary>
    void AddSilo(ISiloBuilder silo);

    /// <summary>Lets a process without a silo find the cluster's.</summary>
    void Join(IClientBuilder client);
}
