using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;

namespace SynthStudio.EndToEnd.Tests;

/// <summary><c>synth serve</c> in a process of its own, on free ports, with an administrator's channel to it.</summary>
internal sealed class ServedProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _log;

    private ServedProcess(Process process, StringBuilder log, Uri grpc, Uri http, string key)
    {
        (_process, _log, Grpc, Http, Key) = (process, log, grpc, http, key);
        Channel = GrpcChannel.ForAddress(grpc, new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromInterceptor((_, metadata) =>
            {
                metadata.Add("authorization", $"Bearer {key}");
                return Task.CompletedTask;
            })),
            UnsafeUseInsecureChannelCallCredentials = true,
            MaxReceiveMessageSize = 16 << 20,
        });
    }

    public GrpcChannel Channel { get; }

    public Uri Grpc { get; }

    public Uri Http { get; }

    /// <summary>The first administrator's API key.</summary>
    public string Key { get; }

    /// <summary>Starts a server with this data folder and waits until it is healthy.</summary>
    /// <param name="dataFolder">Where it keeps everything.</param>
    /// <param name="launcher">A program that becomes the server, with its arguments before the server's command line; none starts the server itself.</param>
    public static async Task<ServedProcess> StartAsync(string dataFolder, params string[] launcher)
    {
        var log = new StringBuilder();
        string[] command = [.. launcher, Repository.Synth, "serve", "--data", dataFolder, "--grpc-port", "0", "--http-port", "0"];
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var client = new HttpClient();
        var started = Stopwatch.StartNew();
        while (started.Elapsed < StartLimit && !process.HasExited)
        {
            if (ReadAddresses(dataFolder, process.Id) is { } addresses && await IsHealthyAsync(client, addresses.Http))
            {
                var key = await File.ReadAllTextAsync(Path.Combine(dataFolder, "admin.key"));
                return new ServedProcess(process, log, addresses.Grpc, addresses.Http, key.Trim());
            }

            await Task.Delay(50);
        }

        throw new AssertFailedException($"The server did not start:\n{log}");
    }

    /// <summary>Whether it says that it is well.</summary>
    public async Task<bool> IsHealthyAsync()
    {
        using var client = new HttpClient();
        return !_process.HasExited && await IsHealthyAsync(client, Http);
    }

    /// <summary>Ends the process as a crash would: nothing is told, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>The worker processes it has started and that still run.</summary>
    public IReadOnlyList<int> Workers() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == _process.Id),
    ];

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    public override string ToString()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }

    private static int ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static (Uri Grpc, Uri Http)? ReadAddresses(string dataFolder, int process)
    {
        var file = Path.Combine(dataFolder, "server.json");
        if (!File.Exists(file))
        {
            return null;
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.GetProperty("ProcessId").GetInt32() == process
            ? (new Uri(json.RootElement.GetProperty(nameof(Grpc)).GetString()!), new Uri(json.RootElement.GetProperty(nameof(Http)).GetString()!))
            : null;
    }

    private static async Task<bool> IsHealthyAsync(HttpClient client, Uri http)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(http, "/healthz"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
