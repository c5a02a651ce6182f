using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;

namespace SynthStudio.ServiceBench;

/// <summary>A served process on an empty data folder, gone with it when disposed.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process _process;

    private Server(Process process, string folder, Uri grpc, string key, TimeSpan startTime)
    {
        (_process, Folder, Grpc, Key, StartTime) = (process, folder, grpc, key, startTime);
        Channel = Connect();
    }

    public GrpcChannel Channel { get; }

    public string Folder { get; }

    public Uri Grpc { get; }

    public string Key { get; }

    /// <summary>From starting the process to the first healthy answer.</summary>
    public TimeSpan StartTime { get; }

    public static async Task<Server> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("synthstudio-bench-").FullName;
        var synth = Path.Combine(AppContext.BaseDirectory, "..", "..", "synth", new DirectoryInfo(AppContext.BaseDirectory).Name, "synth");
        var clock = Stopwatch.StartNew();
        var process = Process.Start(new ProcessStartInfo(synth, ["serve", "--data", folder, "--grpc-port", "0", "--http-port", "0"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        using var client = new HttpClient();
        while (!process.HasExited)
        {
            try
            {
                var file = Path.Combine(folder, "server.json");
                if (File.Exists(file))
                {
                    using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
                    var http = new Uri(json.RootElement.GetProperty("Http").GetString()!);
                    using var answer = await client.GetAsync(new Uri(http, "/healthz"));
                    if (answer.IsSuccessStatusCode)
                    {
                        var time = clock.Elapsed;
                        var key = (await File.ReadAllTextAsync(Path.Combine(folder, "admin.key"))).Trim();
                        return new Server(process, folder, new Uri(json.RootElement.GetProperty(nameof(Grpc)).GetString()!), key, time);
                    }
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(5);
        }

        throw new InvalidOperationException($"The server ended with code {process.ExitCode}.");
    }

    /// <summary>A connection of its own, with the administrator's key.</summary>
    public GrpcChannel Connect() => GrpcChannel.ForAddress(Grpc, new GrpcChannelOptions
    {
        Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("authorization", $"Bearer {Key}");
            return Task.CompletedTask;
        })),
        UnsafeUseInsecureChannelCallCredentials = true,
        MaxReceiveMessageSize = 16 << 20,
    });

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
