using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>A server that speaks the protocol, on loopback and over a folder of its own; installed from npm the first time.</summary>
internal sealed class S3Server : IDisposable
{
    public const string Bucket = "studio";

    /// <summary>The key pair that the server knows.</summary>
    public const string Key = "S3RVER";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-");
    private Process _process;

    private S3Server(int port)
    {
        Endpoint = $"http://127.0.0.1:{port}";
        _process = Launch();
    }

    public string Endpoint { get; }

    /// <summary>Starts a server and waits until it answers.</summary>
    public static async Task<S3Server> StartAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(Path.Combine(Source, "node_modules"))) await InstallAsync(cancellation);
        var server = new S3Server(FreePort());
        await server.AnswersAsync(cancellation);
        return server;
    }

    /// <summary>Kills the server, as a crash does; what it stored stays.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Starts it again, at the same address.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        _process = Launch();
        await AnswersAsync(cancellation);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Source => Path.Combine(Here(), "server");

    private Process Launch() => Process.Start(new ProcessStartInfo(
        "node",
        [
            Path.Combine(Source, "node_modules", "s3rver", "bin", "s3rver.js"), "--directory", _folder.FullName, "--address", "127.0.0.1",
            "--port", new Uri(Endpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--silent", "--configure-bucket", Bucket,
        ]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private async Task AnswersAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Endpoint), cancellation);
                return;
            }
            catch (HttpRequestException) when (waited.Elapsed < StartLimit && !_process.HasExited)
            {
                await Task.Delay(50, cancellation);
            }
        }
    }

    private static async Task InstallAsync(CancellationToken cancellation)
    {
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = Source, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var said = npm.StandardError.ReadToEndAsync(cancellation);
        await npm.StandardOutput.ReadToEndAsync(cancellation);
        await npm.WaitForExitAsync(cancellation);
        if (npm.ExitCode != 0) throw new InvalidOperationException($"npm could not install the object store of the tests:\n{await said}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
