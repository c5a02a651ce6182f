using System.Security.Cryptography;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Hosting.Tests;

/// <summary>What a process of a cluster needs, and what it is told when that is not there.</summary>
[TestClass]
public sealed class ClusterSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("synthstudio-hosting-");

    public TestContext TestContext { get; set; } = null!;

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task A_role_in_a_cluster_needs_a_database_that_processes_share()
    {
        await RefusesAsync(Options(o => o.Role = ServerRole.Api), "SynthStudio:Role is Api");
        await RefusesAsync(Options(o => o.Database.ConnectionString = "Host=db"), "SynthStudio:Database:Provider is sqlite");
        await RefusesAsync(Options(o => o.Database.Provider = "oracle"), "SynthStudio:Database:Provider must be sqlite or postgres.");
    }

    [TestMethod]
    public async Task What_processes_must_share_is_asked_for_by_name()
    {
        var refusal = await RefusesAsync(Options(o => o.Database.Provider = "postgres"), "SynthStudio:Database:ConnectionString is not set");
        Assert.Contains("SynthStudio:S3:Bucket is not set", refusal);
        Assert.Contains("SynthStudio:LedgerFolder is not set", refusal);
        await RefusesAsync(Cluster("Host=db", o => o.Cluster.AdvertisedAddress = "here"), "SynthStudio:Cluster:AdvertisedAddress is \"here\"");
        await RefusesAsync(Cluster("Host=db", o => o.Cluster.ListenAddress = "there"), "SynthStudio:Cluster:ListenAddress is \"there\"");
        await RefusesAsync(Cluster("Host=db", o => o.Cluster.SiloPort = -1), "SynthStudio:Cluster:SiloPort must be 0 to 65535.");
    }

    [TestMethod]
    public async Task A_ledger_without_its_key_is_not_opened()
    {
        await RefusesAsync(Cluster("Host=db"), "SynthStudio:LedgerFolder must hold ledger.key");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "ledger.key"), "short", TestContext.CancellationToken);
        await RefusesAsync(Cluster("Host=db"), "SynthStudio:LedgerFolder must hold ledger.key");
    }

    [TestMethod]
    public async Task A_database_that_is_not_there_not_migrated_or_newer_is_refused()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, "ledger.key"), RandomNumberGenerator.GetBytes(32), TestContext.CancellationToken);
        await RefusesAsync(Cluster("Hostess=db"), "SynthStudio:Database:ConnectionString cannot be read.");
        foreach (var away in (string[])["Host=127.0.0.1;Port=1", "Host=no-such-host.invalid"])
        {
            await RefusesAsync(Cluster(away), "The database cannot be reached (SynthStudio:Database:ConnectionString)");
            await Assert.ThrowsExactlyAsync<ServerStartException>(() => new Migration(away).ListMissingAsync(TestContext.CancellationToken));
        }

        var server = await PostgresServer.SharedAsync();
        await RefusesAsync(Cluster(server.Connect("absent")), "database \"absent\" does not exist");

        var connection = await server.CreateDatabaseAsync();
        await RefusesAsync(Cluster(connection), "Run \"synth migrate\"");
        var migration = new Migration(connection);
        Assert.IsNotEmpty(await migration.ListMissingAsync(TestContext.CancellationToken));
        Assert.IsNotEmpty(await migration.ApplyAsync(TestContext.CancellationToken));
        Assert.IsEmpty(await migration.ApplyAsync(TestContext.CancellationToken));

        await PostgresServer.ExecuteAsync(connection, "INSERT INTO synthstudio.schema_migrations (component, version) VALUES ('catalog', 999)");
        await RefusesAsync(Cluster(connection), "newer than this program");
        await Assert.ThrowsExactlyAsync<ServerStartException>(() => migration.ApplyAsync(TestContext.CancellationToken));
    }

    [TestMethod]
    public async Task The_first_administrator_gets_a_key_once_and_the_file_is_his_only()
    {
        var server = await PostgresServer.SharedAsync();
        var file = Path.Combine(_folder.FullName, "admin.key");
        var migration = new Migration(await server.CreateDatabaseAsync()) { AdminKeyFile = file };
        await migration.ApplyAsync(TestContext.CancellationToken);
        var key = await File.ReadAllTextAsync(file, TestContext.CancellationToken);
        await migration.ApplyAsync(TestContext.CancellationToken);

        Assert.AreEqual(key, await File.ReadAllTextAsync(file, TestContext.CancellationToken));
        if (!OperatingSystem.IsWindows()) Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private ServerOptions Options(Action<ServerOptions>? change = null)
    {
        var options = new ServerOptions { DataFolder = Path.Combine(_folder.FullName, "data"), GrpcPort = 0, HttpPort = 0, LogToConsole = false };
        change?.Invoke(options);
        return options;
    }

    private ServerOptions Cluster(string connection, Action<ServerOptions>? change = null) => Options(options =>
    {
        options.LedgerFolder = _folder.FullName;
        options.Database.Provider = "postgres";
        options.Database.ConnectionString = connection;
        options.S3.Bucket = "bucket";
        change?.Invoke(options);
    });

    private async Task<string> RefusesAsync(ServerOptions options, string message)
    {
        var error = await Assert.ThrowsExactlyAsync<ServerStartException>(() => EmbeddedServer.StartAsync(options, TestContext.CancellationToken));
        Assert.Contains(message, error.Message);
        return error.Message;
    }
}
