using System.Globalization;
using Npgsql;

namespace SynthStudio.Testing.Servers;

/// <summary>Debian's PostgreSQL on loopback, over a folder of its own. Everyone on the machine may connect, as any role.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Administrator = "postgres";
    private static readonly SharedServer<PostgresServer> SharedOne = new(cancellation => StartAsync(cancellation: cancellation), server => server.Dispose());

    private readonly DirectoryInfo _folder;
    private readonly int _port;
    private ServerProcess? _process;
    private bool _synchronises;

    private PostgresServer(DirectoryInfo folder, int port) => (_folder, _port) = (folder, port);

    /// <summary>One for all tests of this process; stops with it.</summary>
    public static Task<PostgresServer> SharedAsync() => SharedOne.Value;

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="synchronises">Commits reach the disk, as in earnest; tests do without.</param>
    /// <param name="cancellation">Stops the start.</param>
    public static async Task<PostgresServer> StartAsync(bool synchronises = false, CancellationToken cancellation = default)
    {
        var server = new PostgresServer(Directory.CreateTempSubdirectory("postgres-"), Ports.FindFree()) { _synchronises = synchronises };
        try
        {
            await ServerProcess.RunAsync(["chmod", "755", server._folder.FullName], cancellation); // Another user goes through it.
            if (IsRoot) await ServerProcess.RunAsync(["install", "-d", "-o", Administrator, "-m", "700", server.Data], cancellation);
            await ServerProcess.RunAsync(
                [.. AsUser, Program("initdb"), "-D", server.Data, "-U", Administrator, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"], cancellation);
            await server.RestartAsync(cancellation);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Makes an empty database and answers how to connect to it, as the one who may do everything.</summary>
    /// <param name="template">A database to copy, to which nobody is connected; null for an empty one.</param>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync(Connect(Administrator), $"CREATE DATABASE {name} TEMPLATE {template ?? "template0"}");
        return Connect(name);
    }

    /// <summary>Makes a role that may log in and nothing else, and answers its name.</summary>
    public async Task<string> CreateRoleAsync()
    {
        var name = $"role_{Guid.NewGuid():N}";
        await ExecuteAsync(Connect(Administrator), $"CREATE ROLE {name} LOGIN");
        return name;
    }

    /// <summary>The same database, as another role.</summary>
    public static string As(string connectionString, string role) => new NpgsqlConnectionStringBuilder(connectionString) { Username = role }.ConnectionString;

    /// <summary>Runs a statement.</summary>
    public static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How to connect to a database of this server.</summary>
    public string Connect(string database, string user = Administrator) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1", Port = _port, Database = database, Username = user, MaxPoolSize = 40, Timeout = 5,
    }.ConnectionString;

    /// <summary>
    /// Ends the server at once (SIGQUIT), without a checkpoint: it recovers from its log when it starts again. No loss of power: what it wrote
    /// and did not synchronise stays.
    /// </summary>
    public void Kill() => _process?.End("QUIT");

    /// <summary>Ends the server in order: connections are closed, what runs is rolled back.</summary>
    public void Stop() => _process?.End("INT");

    /// <summary>Starts it again, at the same address.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        Kill();
        _process?.Dispose();
        _process = await ServerProcess.StartAsync(
            [
                .. AsUser, Program("postgres"), "-D", Data, "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", "",
                // Only the machine could lose what is not synchronised, and with it the test.
                "-c", _synchronises ? "fsync=on" : "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=32MB",
            ],
            async () =>
            {
                await using var connection = new NpgsqlConnection(Connect("postgres") + ";Pooling=false");
                await connection.OpenAsync(cancellation);
                return true;
            },
            cancellation);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsUser => IsRoot ? ["setpriv", $"--reuid={Administrator}", $"--regid={Administrator}", "--clear-groups"] : [];

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Debian keeps the programs of each version apart and out of the path.</summary>
    private static string Program(string name) => Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql")
              .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
              .Select(folder => Path.Combine(folder, "bin", name)).FirstOrDefault(File.Exists)
          ?? name
        : name;

    private void Dispose()
    {
        Kill(); // Asked, not killed: it gives its shared memory back.
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }
}
