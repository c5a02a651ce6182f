using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Catalog;
using SynthStudio.Orchestration;
using SynthStudio.Storage;
using SynthStudio.Storage.S3;

namespace SynthStudio.ClusterTorture;

/// <summary>The cluster's database and bucket, past the cluster.</summary>
internal sealed class Stores : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public Stores(TortureCluster cluster)
    {
        Database = PostgresDatabase.Open(cluster.Processes.OwnerDatabase);
        _services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSynthStudioStorage(new StorageOptions
            {
                Root = _folder.Path,
                S3 = new S3StorageOptions
                {
                    Bucket = S3Server.Bucket, Endpoint = cluster.Servers.S3.Endpoint,
                    AccessKey = S3Server.Key, SecretKey = S3Server.Key, Prefix = cluster.Processes.Prefix,
                },
            })
            .AddSynthStudioCatalog(
                Database, LedgerKey.Read(Path.Combine(cluster.Processes.LedgerFolder, "ledger.key")), p => new StoredLedgerAnchor(p.GetRequiredService<IMarkStore>()))
            .BuildServiceProvider();
    }

    public PostgresDataSource Database { get; }

    public IObjectStore Objects => _services.GetRequiredService<IObjectStore>();

    public IProgressLog Progress => _services.GetRequiredService<IProgressLog>();

    public PrivacyLedger Ledger => _services.GetRequiredService<PrivacyLedger>();

    /// <summary>Reads rows.</summary>
    public Task<List<T>> ReadAsync<T>(string statement, Func<DbDataReader, T> map) => Database.ReadAsync(statement, map, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
    }
}
