using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Configuration;
using SynthStudio.Catalog;
using SynthStudio.Storage;

namespace SynthStudio.Hosting;

/// <summary>A PostgreSQL database that all processes of a cluster share, through one pool in each.</summary>
internal sealed class ClusterDatabase : IServerDatabase
{
    private const string KeyFile = "ledger.key";

    /// <summary>
    /// A silo is asked for a sign of life this often, and after three times without one it is declared dead: in about ten seconds, later
    /// where those who ask are short of processor themselves. One that was declared dead and goes on all the same ends itself.
    /// </summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(3);

    private readonly PostgresDataSource _source;
    private readonly LedgerKey _ledgerKey;
    private readonly ClusterSettings _settings;

    private ClusterDatabase(PostgresDataSource source, LedgerKey ledgerKey, ClusterSettings settings) =>
        (_source, _ledgerKey, _settings) = (source, ledgerKey, settings);

    /// <summary>Connects, and makes sure that the database has this program's schema.</summary>
    /// <exception cref="ServerStartException">It cannot be reached, its schema is another, or the ledger's key is missing.</exception>
    public static async Task<ClusterDatabase> OpenAsync(ServerOptions options, CancellationToken cancellation)
    {
        var key = ReadKey(Path.Combine(options.LedgerFolder, KeyFile));
        var source = DatabaseConnection.Open(options.Database.ConnectionString);
        try
        {
            await new PostgresMigrator(source).CheckAsync(cancellation);
            return new ClusterDatabase(source, key, options.Cluster);
        }
        catch (Exception e)
        {
            await source.DisposeAsync();
            throw e is NpgsqlException failure ? DatabaseConnection.Explain(failure) : e;
        }
    }

    public void AddCatalog(IServiceCollection services) => services.AddSynthStudioCatalog(
        _source, _ledgerKey, provider => new StoredLedgerAnchor(provider.GetRequiredService<IMarkStore>()));

    public void AddSilo(ISiloBuilder silo)
    {
        var port = _settings.SiloPort > 0 ? _settings.SiloPort : FreePort.Find();
        silo.Configure<ClusterOptions>(Name);
        silo.Configure<SiloOptions>(options => options.SiloName = _settings.NameOfSilo(port)); // Orleans' own is another after each start.
        silo.Configure<EndpointOptions>(endpoint =>
        {
            if (_settings.AdvertisedAddress.Length > 0) endpoint.AdvertisedIPAddress = IPAddress.Parse(_settings.AdvertisedAddress);
            endpoint.SiloPort = port;
            endpoint.GatewayPort = _settings.GatewayPort > 0 ? _settings.GatewayPort : FreePort.Find();
            if (_settings.ListenAddress.Length == 0) return;

            var listen = IPAddress.Parse(_settings.ListenAddress);
            endpoint.SiloListeningEndpoint = new IPEndPoint(listen, endpoint.SiloPort);
            endpoint.GatewayListeningEndpoint = new IPEndPoint(listen, endpoint.GatewayPort);
        });
        silo.Configure<ClusterMembershipOptions>(membership => membership.ProbeTimeout = ProbeTimeout);
        silo.UseAdoNetClustering(membership =>
        {
            membership.Invariant = PostgresDatabase.Invariant;
            membership.DataSource = _source;
        });
        silo.UseGrainDatabase(PostgresDatabase.Invariant, _source);
    }

    public void Join(IClientBuilder client)
    {
        client.Configure<ClusterOptions>(Name);
        client.UseAdoNetClustering(gateways =>
        {
            gateways.Invariant = PostgresDatabase.Invariant;
            gateways.DataSource = _source;
        });
        client.UseConnectionRetryFilter<WaitForSilos>();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private void Name(ClusterOptions cluster)
    {
        cluster.ClusterId = _settings.Name;
        cluster.ServiceId = "synthstudio"; // Part of every grain's identity in the database: never another.
    }

    private static LedgerKey ReadKey(string file)
    {
        try
        {
            return LedgerKey.Read(file);
        }
        catch (IOException e)
        {
            throw new ServerStartException(
                $"SynthStudio:LedgerFolder must hold {KeyFile}, the key of the privacy ledger, the same 32 random bytes for all processes. {e.Message}", e);
        }
    }
}
