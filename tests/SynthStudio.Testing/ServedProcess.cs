using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Testing;

/// <summary>A server in a process of its own, on free ports, with an administrator's channel to it.</summary>
public sealed class ServedProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StartProbe = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private static readonly SharedServer<(ServedProcess Server, TemporaryFolder Folder)> SharedOne = new(
        async _ =>
        {
            var folder = new TemporaryFolder();
            var server = await StartAsync(folder["studio"]);

            // Commands make their default project where there is none: two at a time would both try to.
            var made = new CreateProjectRequest { ProjectId = "default", Project = new Project { DisplayName = "default" } };
            await new Studio(server.Channel).Projects.CreateProjectAsync(made);
            return (server, folder);
        },
        shared =>
        {
            shared.Server.End();
            shared.Folder.Dispose();
        });

    private readonly Process _process;
    private readonly StringBuilder _log;
    private readonly OrphanGuard _guard;

    private ServedProcess(Process process, StringBuilder log, string dataFolder, string keyFile, (Uri Grpc, Uri Http) addresses, TimeSpan startTime)
    {
        (_process, _log, DataFolder, KeyFile, StartTime) = (process, log, dataFolder, keyFile, startTime);
        (Grpc, Http) = addresses;
        Key = File.ReadAllText(KeyFile).Trim();
        Channel = Connect();
        _guard = new OrphanGuard(process.Id);
    }

    /// <summary>An administrator's connection.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public Uri Grpc { get; }

    public Uri Http { get; }

    /// <summary>Where the server keeps everything, as this process sees it.</summary>
    public string DataFolder { get; }

    /// <summary>File of the first administrator's API key.</summary>
    public string KeyFile { get; }

    /// <summary>The first administrator's API key.</summary>
    public string Key { get; }

    /// <summary>The options by which a command calls it as its first administrator.</summary>
    public IReadOnlyList<string> AsAdministrator => ["--server", $"{Grpc}", "--key-file", KeyFile];

    /// <summary>Its resident memory in bytes, workers not counted.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time that it has taken, with the workers of it that have ended. On Linux only.</summary>
    public TimeSpan ProcessorTime => TimeOf(Id, 11..15);

    /// <summary>Processor time that it has taken itself, without its workers. On Linux only.</summary>
    public TimeSpan OwnProcessorTime => TimeOf(Id, 11..13);

    /// <summary>From starting the process to its first healthy answer.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>
    /// One for all tests of this process that need no more of a server than a project of their own, for a start takes seconds. It stops with this process.
    /// </summary>
    /// <exception cref="InvalidOperationException">It did not start; the message is all that it said.</exception>
    public static async Task<ServedProcess> SharedAsync() => (await SharedOne.Value).Server;

    /// <summary>The options by which a command works as its first administrator in a project that nobody else has.</summary>
    public async Task<string[]> InNewProjectAsync() => ["--project", await new Studio(Channel).CreateProjectAsync(), .. AsAdministrator];

    /// <summary>Starts <c>synth serve</c> with this data folder and waits until it is healthy.</summary>
    /// <param name="dataFolder">Where it keeps everything.</param>
    /// <param name="launcher">A program that becomes the server, with its arguments before the server's command line; none starts the server itself.</param>
    /// <param name="options">More options of <c>synth serve</c>.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message is all that it said.</exception>
    public static Task<ServedProcess> StartAsync(string dataFolder, string[]? launcher = null, string[]? options = null) => LaunchAsync(
        [.. launcher ?? [], Repository.Synth, "serve", "--data", dataFolder, "--grpc-port", "0", "--http-port", "0", .. options ?? []], dataFolder,
        hasFilesOfItsOwn: launcher is not null);

    /// <summary>Starts the host that containers run and waits until it is healthy.</summary>
    /// <param name="dataFolder">What it keeps for itself.</param>
    /// <param name="keyFile">File of the cluster's administrator's key.</param>
    /// <param name="settings">Its settings, by their names in the section SynthStudio.</param>
    /// <param name="launcher">A program that becomes the host, with its arguments before the host's command line; none starts the host itself.</param>
    /// <param name="host">The host's executable; null takes this version's.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message is all that it said.</exception>
    public static Task<ServedProcess> StartHostAsync(
        string dataFolder, string keyFile, IEnumerable<KeyValuePair<string, string>> settings, string[]? launcher = null, string? host = null) => LaunchAsync(
        [
            .. launcher ?? [], host ?? Repository.Silo, $"--SynthStudio:DataFolder={dataFolder}", "--SynthStudio:GrpcPort=0", "--SynthStudio:HttpPort=0",
            .. settings.Select(s => $"--SynthStudio:{s.Key}={s.Value}"),
        ],
        dataFolder, keyFile);

    private static async Task<ServedProcess> LaunchAsync(string[] command, string dataFolder, string? keyFile = null, bool hasFilesOfItsOwn = false)
    {
        var log = new StringBuilder();
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        var started = Stopwatch.StartNew();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        // A launcher may give the server file systems of its own.
        var visible = !hasFilesOfItsOwn ? dataFolder : $"/proc/{process.Id}/root{dataFolder}";
        using var client = new HttpClient();
        while (started.Elapsed < StartLimit && !process.HasExited)
        {
            if (ReadAddresses(visible, process.Id) is { } addresses && await IsHealthyAsync(client, addresses.Http))
            {
                return new ServedProcess(process, log, visible, keyFile ?? Path.Combine(visible, "admin.key"), addresses, started.Elapsed);
            }

            await Task.Delay(StartProbe + (started.Elapsed / 50)); // Exact to some percent, and light on a start that takes long.
        }

        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException($"The server did not start:\n{log}");

        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        }
    }

    /// <summary>A connection of its own, with the administrator's key.</summary>
    public GrpcChannel Connect() => Connect(Grpc, Key);

    /// <summary>A connection to a server that may not be there yet.</summary>
    public static GrpcChannel Connect(Uri grpc, string key) => GrpcChannel.ForAddress(grpc, new GrpcChannelOptions
    {
        Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("authorization", $"Bearer {key}");
            return Task.CompletedTask;
        })),
        UnsafeUseInsecureChannelCallCredentials = true,
        MaxReceiveMessageSize = 16 << 20,
    });

    /// <summary>Whether it says that it is well.</summary>
    public async Task<bool> IsHealthyAsync()
    {
        using var client = new HttpClient();
        return !_process.HasExited && await IsHealthyAsync(client, Http);
    }

    /// <summary>Completes when the process has ended, and answers its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellation = default)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
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

    /// <summary>The worker that has computed most, and for how long: the one at work, where others wait for a job. On Linux only.</summary>
    public (int Id, TimeSpan ProcessorTime) BusiestWorker()
    {
        var busiest = (Id: 0, ProcessorTime: TimeSpan.Zero);
        foreach (var id in Workers())
        {
            try
            {
                var time = TimeOf(id, 11..15);
                if (time > busiest.ProcessorTime)
                {
                    busiest = (id, time);
                }
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return busiest;
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _guard.Dispose();
        _process.Dispose();
    }

    /// <summary>What it has said on its outputs.</summary>
    public override string ToString()
    {
        lock (_log)
        {
            return _log.ToString();
        }
    }

    /// <summary>Ends it with all that it has started, where nothing can be awaited.</summary>
    private void End()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(EndLimit);
        }

        _guard.Dispose();
    }

    private static int ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The sum of fields of the process's stat file from the third on: utime, stime, cutime and cstime are the 14th to 17th.</summary>
    private static TimeSpan TimeOf(int id, Range fields)
    {
        const int TicksPerSecond = 100; // USER_HZ, whatever the kernel's own.
        var stat = File.ReadAllText($"/proc/{id}/stat");
        return TimeSpan.FromSeconds(
            stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[fields]
                .Sum(ticks => long.Parse(ticks, System.Globalization.CultureInfo.InvariantCulture)) / (double)TicksPerSecond);
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
