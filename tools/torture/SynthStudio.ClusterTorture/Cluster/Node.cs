using System.Diagnostics;

namespace SynthStudio.ClusterTorture;

/// <summary>What a node is for.</summary>
internal enum NodeRole
{
    /// <summary>A silo that decides and computes.</summary>
    Silo,

    /// <summary>A silo that computes only.</summary>
    Compute,

    Api,
}

/// <summary>A place of the cluster, with its folder and its addresses: a process lives there, and another one when that has died.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan FailedStartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly ClusterProcesses _cluster;
    private readonly string[] _launcher;
    private IReadOnlyList<(string Name, string Value)> _settings;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _firstStart = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _supervising = Task.CompletedTask;
    private volatile ServedProcess? _process;
    private volatile bool _expected;
    private TimeSpan _pause;
    private string _host;

    public Node(
        string name, NodeRole role, ClusterProcesses cluster, string folder, string[] launcher,
        IReadOnlyList<(string Name, string Value)> settings, string host)
    {
        (Name, Role, _cluster, Folder, _launcher, _settings, _host) = (name, role, cluster, folder, launcher, settings, host);
    }

    public string Name { get; }

    public NodeRole Role { get; }

    /// <summary>Its data folder, the same for all processes that live here one after the other.</summary>
    public string Folder { get; }

    /// <summary>Its wall clock; null when it cannot be set.</summary>
    public FakeClock? Clock { get; init; }

    /// <summary>A folder of it with little room; null when it has none.</summary>
    public SmallDisk? Disk { get; init; }

    /// <summary>Advertised to other silos; 0 for none.</summary>
    public int SiloPort { get; init; }

    /// <summary>Held while something is done to it: one fault at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>The process that lives here; null while there is none that serves.</summary>
    public ServedProcess? Process => _process is { HasExited: false } living ? living : null;

    /// <summary>Number of the process that lives here, also of one that has not answered yet.</summary>
    public int? ProcessId => Process?.Id;

    public int Starts { get; private set; }

    /// <summary>Ends that nobody caused by a signal.</summary>
    public int OwnEnds { get; private set; }

    /// <summary>Starts that came to nothing, with what was said.</summary>
    public List<string> FailedStarts { get; } = [];

    /// <summary>Starts the process, and completes when it serves. From now on one that ends is replaced.</summary>
    public Task StartAsync()
    {
        _supervising = Task.Run(SuperviseAsync);
        return _firstStart.Task;
    }

    /// <summary>Kills the process; the next one starts after a pause.</summary>
    public async Task<bool> KillAsync(TimeSpan pause)
    {
        if (Process is not { } process) return false;
        (_pause, _expected) = (pause, true);
        await process.KillAsync();
        return true;
    }

    /// <summary>Ends the process as its operator would, and lets one of another version live here. What died before its turn is replaced too.</summary>
    /// <param name="host">The executable of that version.</param>
    /// <param name="settings">Settings of its own, over those of before.</param>
    /// <returns>How long the old process took to leave, and the new one to serve.</returns>
    public async Task<(TimeSpan Left, TimeSpan Served)> ReplaceAsync(string host, params (string Name, string Value)[] settings)
    {
        (_host, _settings) = (host, [.. _settings, .. settings]);
        var watch = Stopwatch.StartNew();
        if (Process is { } old)
        {
            _expected = true;
            await Signals.SendAsync(old.Id, "TERM");
            while (_process == old && watch.Elapsed < Patience) await Task.Delay(Look);
            if (_process == old) throw new TortureException($"{Name} did not leave within {Patience.TotalSeconds:0} s.");
        }

        var left = watch.Elapsed;
        while (Process is null && watch.Elapsed < left + Patience) await Task.Delay(Look);
        return Process is null ? throw new TortureException($"{Name} does not start any more: {FailedStarts.LastOrDefault()}") : (left, watch.Elapsed - left);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _supervising.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_process is { } last) await last.DisposeAsync();
        Gate.Dispose();
        _stopping.Dispose();
    }

    private async Task SuperviseAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var process = await _cluster.StartAsync(Folder, _launcher, _settings, _host);
                Starts++;
                _process = process;
                _firstStart.TrySetResult();
                await process.WaitForExitAsync(_stopping.Token);
                _process = null;
                await process.DisposeAsync();
                if (!_expected) OwnEnds++;
                await Task.Delay(_pause, _stopping.Token);
                (_pause, _expected) = (TimeSpan.Zero, false);
            }
            catch (InvalidOperationException e)
            {
                lock (FailedStarts) FailedStarts.Add(e.Message);
                await Task.Delay(FailedStartPause, _stopping.Token);
            }
        }
    }
}
