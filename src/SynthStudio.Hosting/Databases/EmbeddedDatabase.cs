using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using SynthStudio.Catalog;

namespace SynthStudio.Hosting;

/// <summary>Two SQLite files in the data folder, and a cluster of one.</summary>
internal sealed class EmbeddedDatabase : IServerDatabase
{
    private readonly DataFolder _folder;
    private readonly string? _ledgerFolder;
    private readonly string _siloName;
    private readonly SqliteDataSource _grains;

    private EmbeddedDatabase(DataFolder folder, string? ledgerFolder, string siloName)
    {
        (_folder, _ledgerFolder, _siloName) = (folder, ledgerFolder, siloName);
        _grains = new SqliteDataSource(folder.GrainDatabase);
    }

    /// <summary>Makes the files, or brings them to the newest schema.</summary>
    /// <exception cref="CatalogSchemaException">A file is not ours, or a newer program wrote it.</exception>
    public static EmbeddedDatabase Open(ServerOptions options, DataFolder folder)
    {
        CatalogSchema.Apply(folder.Database);
        OrleansSqliteSchema.Apply(folder.GrainDatabase);
        return new EmbeddedDatabase(folder, options.LedgerFolder.Length > 0 ? options.LedgerFolder : null, options.Cluster.NameOfSilo());
    }

    public void AddCatalog(IServiceCollection services) => services.AddSynthStudioCatalog(_folder.Database, _ledgerFolder);

    public void AddSilo(ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(FreePort.Find(), gatewayPort: 0, serviceId: "synthstudio", clusterId: "local");
        silo.Configure<SiloOptions>(options => options.SiloName = _siloName);
        silo.Configure<EndpointOptions>(endpoint => endpoint.GatewayPort = 0); // the only client is this process
        silo.UseGrainDatabase(OrleansSqliteSchema.Invariant, _grains);
    }

    public void Join(IClientBuilder client) => throw new InvalidOperationException("A data folder has no cluster to join."); // Check refuses the settings.

    public ValueTask DisposeAsync() => _grains.DisposeAsync();
}
