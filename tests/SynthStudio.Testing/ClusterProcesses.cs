using System.Collections.Concurrent;
using System.Security.Cryptography;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Testing;

/// <summary>A cluster of processes on a PostgreSQL database, a bucket and Redis of their own, set up as its operator would.</summary>
public sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentBag<ServedProcess> _processes = [];
    private Dictionary<string, string> _settings = [];

    private ClusterProcesses()
    {
    }

    /// <summary>How the service connects to the database; not the schema's owner.</summary>
    public string Database => _settings["Database:ConnectionString"];

    /// <summary>Makes the database, its roles and the first key by <c>synth migrate</c>, and starts nothing yet.</summary>
    public static async Task<ClusterProcesses> CreateAsync()
    {
        var cluster = new ClusterProcesses();
        try
        {
            await cluster.PrepareAsync();
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
    public Task<ServedProcess> StartSiloAsync(string[] launcher, params IEnumerable<(string Name, string Value)> settings) => StartAsync(
        launcher,
        [("Role", "silo"), ("Cluster:AdvertisedAddress", "127.0.0.1"), ("Cluster:SiloPort", "0"), ("Cluster:GatewayPort", "0"), .. settings]);

    /// <summary>Starts an API replica.</summary>
    /// <param name="settings">More settings of its own.</param>
    public Task<ServedProcess> StartApiAsync(params IEnumerable<(string Name, string Value)> settings) => StartAsync([], [("Role", "api"), .. settings]);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task PrepareAsync()
    {
        var postgres = await PostgresServer.SharedAsync();
        var s3 = await S3Server.SharedAsync();
        var owner = await postgres.CreateDatabaseAsync();
        var service = await postgres.CreateRoleAsync();
        (await Command.SynthAsync("migrate", "--connection", owner, "--service-role", service, "--admin-key", _folder["admin.key"])).Succeeded();

        Directory.CreateDirectory(_folder["secrets"]);
        await File.WriteAllBytesAsync(Path.Combine(_folder["secrets"], "ledger.key"), RandomNumberGenerator.GetBytes(32));
        _settings = new()
        {
            ["Database:Provider"] = "postgres",
            ["Database:ConnectionString"] = PostgresServer.As(owner, service),
            ["S3:Bucket"] = S3Server.Bucket,
            ["S3:Endpoint"] = s3.Endpoint,
            ["S3:AccessKey"] = S3Server.Key,
            ["S3:SecretKey"] = S3Server.Key,
            ["S3:Prefix"] = $"{Guid.NewGuid():N}/",
            ["LedgerFolder"] = _folder["secrets"],
        };
    }

    private async Task<ServedProcess> StartAsync(string[] launcher, IEnumerable<(string Name, string Value)> own)
    {
        var settings = new Dictionary<string, string>(_settings);
        foreach (var (name, value) in own) settings[name] = value;
        var process = await ServedProcess.StartHostAsync(_folder[$"process-{Guid.NewGuid():N}"], _folder["admin.key"], settings, launcher);
        _processes.Add(process);
        return process;
    }
}
