using System.Collections.Concurrent;
using System.Security.Cryptography;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Testing;

/// <summary>The servers that a cluster stands on.</summary>
public sealed record ClusterServers(PostgresServer Postgres, S3Server S3, RedisServer Redis)
{
    /// <summary>Those that all tests of this process share.</summary>
    public static async Task<ClusterServers> SharedAsync() =>
        new(await PostgresServer.SharedAsync(), await S3Server.SharedAsync(), await RedisServer.SharedAsync());
}

/// <summary>A cluster of processes on a PostgreSQL database, a bucket and Redis keys of their own, set up as its operator would.</summary>
public sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<ServedProcess> _processes = [];
    private Dictionary<string, string> _settings = [];
    private string _service = "";

    private ClusterProcesses()
    {
    }

    /// <summary>How the service connects to the database; not the schema's owner.</summary>
    public string Database => _settings["Database:ConnectionString"];

    /// <summary>How the owner of the schema connects.</summary>
    public string OwnerDatabase { get; private set; } = "";

    /// <summary>File of the administrator's key.</summary>
    public string KeyFile => _folder["admin.key"];

    /// <summary>Folder of the privacy ledger's key.</summary>
    public string LedgerFolder => _folder["secrets"];

    /// <summary>What the cluster's keys in the bucket begin with.</summary>
    public string Prefix => _settings["S3:Prefix"];

    /// <summary>Makes the database, its roles and the first key by <c>synth migrate</c>, and starts nothing yet.</summary>
    /// <param name="servers">Where; null takes the shared ones.</param>
    /// <param name="synth">The command line that migrates; null takes this version's.</param>
    public static async Task<ClusterProcesses> CreateAsync(ClusterServers? servers = null, string? synth = null)
    {
        var cluster = new ClusterProcesses();
        try
        {
            await cluster.PrepareAsync(servers ?? await ClusterServers.SharedAsync(), synth ?? Repository.Synth);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a silo.</summary>
    /// <param name="settings">More settings of its own.</param>
    public Task<ServedProcess> StartSiloAsync(params IEnumerable<(string Name, string Value)> settings) => StartSiloAsync([], settings);

    /// <summary>Starts a silo by another program, which becomes it.</summary>
    /// <param name="launcher">The program and its arguments.</param>
    /// <param name="settings">More settings of its own.</param>
    public async Task<ServedProcess> StartSiloAsync(string[] launcher, params IEnumerable<(string Name, string Value)> settings) => Own(await StartAsync(
        NewFolder(), launcher,
        [("Role", "silo"), ("Cluster:AdvertisedAddress", "127.0.0.1"), ("Cluster:SiloPort", "0"), ("Cluster:GatewayPort", "0"), .. settings]));

    /// <summary>Starts an API replica.</summary>
    /// <param name="settings">More settings of its own.</param>
    public async Task<ServedProcess> StartApiAsync(params IEnumerable<(string Name, string Value)> settings) =>
        Own(await StartAsync(NewFolder(), [], [("Role", "api"), .. settings]));

    /// <summary>Starts a process on a folder that may have been used before; the caller disposes of it.</summary>
    /// <param name="folder">Its data folder.</param>
    /// <param name="launcher">A program that becomes it, with its arguments; empty for none.</param>
    /// <param name="own">Settings of its own.</param>
    /// <param name="host">The host's executable; null takes this version's.</param>
    public Task<ServedProcess> StartAsync(string folder, string[] launcher, IEnumerable<(string Name, string Value)> own, string? host = null)
    {
        var settings = new Dictionary<string, string>(_settings);
        foreach (var (name, value) in own) settings[name] = value;
        return ServedProcess.StartHostAsync(folder, KeyFile, settings, launcher, host);
    }

    /// <summary>A data folder for a process; gone with the cluster.</summary>
    public string NewFolder() => _folder[$"process-{Guid.NewGuid():N}"];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Brings the database to the schema of a version.</summary>
    /// <param name="synth">That version's command line.</param>
    public async Task MigrateAsync(string synth) => (await Command.RunAsync(
        synth, ["migrate", "--connection", OwnerDatabase, "--service-role", _service, "--admin-key", KeyFile])).Succeeded();

    private async Task PrepareAsync(ClusterServers servers, string synth)
    {
        OwnerDatabase = await servers.Postgres.CreateDatabaseAsync();
        _service = await servers.Postgres.CreateRoleAsync();
        await MigrateAsync(synth);

        Directory.CreateDirectory(LedgerFolder);
        await File.WriteAllBytesAsync(Path.Combine(LedgerFolder, "ledger.key"), RandomNumberGenerator.GetBytes(32));
        var prefix = Guid.NewGuid().ToString("N");
        _settings = new()
        {
            ["Database:Provider"] = "postgres",
            ["Database:ConnectionString"] = PostgresServer.As(OwnerDatabase, _service),
            ["Redis:ConnectionString"] = servers.Redis.Connection,
            ["Redis:Prefix"] = $"{prefix}:",
            ["S3:Bucket"] = S3Server.Bucket,
            ["S3:Endpoint"] = servers.S3.Endpoint,
            ["S3:AccessKey"] = S3Server.Key,
            ["S3:SecretKey"] = S3Server.Key,
            ["S3:Prefix"] = $"{prefix}/",
            ["LedgerFolder"] = LedgerFolder,
            ["Api:RequestsPerSecond"] = "0", // Tests and measurements ask for all that there is.
            ["Api:AddressRequestsPerSecond"] = "0",
            ["Api:MaxStreams"] = "0",
        };
    }

    private ServedProcess Own(ServedProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
