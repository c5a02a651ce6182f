using System.Globalization;
using System.Runtime.CompilerServices;

namespace SynthStudio.Testing.Servers;

/// <summary>A server that speaks the protocol of S3, on loopback and over a folder of its own; installed from npm the first time.</summary>
public sealed class S3Server : IDisposable
{
    public const string Bucket = "studio";

    /// <summary>The key pair that the server knows.</summary>
    public const string Key = "S3RVER";

    private static readonly SharedServer<S3Server> SharedOne = new(StartAsync, server => server.Dispose());

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-");
    private readonly int _port = Ports.FindFree();
    private ServerProcess? _process;

    private S3Server()
    {
    }

    public string Endpoint => $"http://127.0.0.1:{_port}";

    /// <summary>One for all tests of this process; stops with it.</summary>
    public static Task<S3Server> SharedAsync() => SharedOne.Value;

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<S3Server> StartAsync(CancellationToken cancellation = default)
    {
        await InstallAsync(cancellation);
        var server = new S3Server();
        await server.RestartAsync(cancellation);
        return server;
    }

    /// <summary>Kills the server, as a crash does; what it stored stays.</summary>
    public void Kill() => _process?.End();

    /// <summary>Starts it again, at the same address.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        _process?.Dispose();
        using var http = new HttpClient();
        _process = await ServerProcess.StartAsync(
            [
                "node", "--openssl-legacy-provider", // The server enciphers by DES how a list of more than a thousand objects goes on.
                Path.Combine(Source, "server.js"), _folder.FullName, _port.ToString(CultureInfo.InvariantCulture), Bucket,
            ],
            async () =>
            {
                using var answer = await http.GetAsync(new Uri(Endpoint), cancellation);
                return true;
            },
            cancellation);
    }

    /// <summary>Changes a byte of an object where it lies, so that the store itself does not know.</summary>
    /// <param name="key">The object's key in <see cref="Bucket"/>.</param>
    public void Damage(string key)
    {
        var file = Path.Combine(_folder.FullName, "objects", Bucket, $"{key}._S3rver_object");
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    public void Dispose()
    {
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Source => Path.Combine(Here(), "s3");

    private static Task InstallAsync(CancellationToken cancellation) => NodePackages.EnsureAsync(
        Source, place => ServerProcess.RunAsync(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cancellation, place));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
