using System.Collections.Concurrent;
using System.Diagnostics;

namespace SynthStudio.ClusterTorture;

/// <summary>A cluster, users that work on it, faults that strike it, and the books that must be right in the end.</summary>
public sealed class TortureRun : IAsyncDisposable
{
    /// <summary>Once the users are done.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly TortureOptions _options;
    private readonly TortureCluster _cluster;
    private readonly ForeignDatabase _foreign;
    private readonly Journal _journal = new();
    private readonly ConcurrentBag<StruckFault> _struck = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly FaultStriker _striker;

    private readonly Upgrade? _upgrade;
    private readonly AcceleratorCheck _accelerator;

    /// <summary>Whether every process of the run can bring generators back and move rows: one of an earlier version may not.</summary>
    private readonly bool _isRecent;

    /// <summary>Whether every silo of the run kills workers that hang: one of an earlier version may not.</summary>
    private readonly bool _hears;

    /// <summary>What is looked at once: what the replicas have in their folders, what replaced them all, and what the cluster removes. Null before.</summary>
    private (Finding Folders, Finding? Upgrade, Finding Cleaning)? _once;

    private TortureRun(TortureOptions options, TortureCluster cluster, ForeignDatabase foreign)
    {
        (_options, _cluster, _foreign) = (options, cluster, foreign);
        _striker = new FaultStriker(cluster, () => _clock.Elapsed, options.Say);
        _accelerator = new AcceleratorCheck(cluster, _striker, _journal);
        (_isRecent, _hears) = (IsRecent(options), Hears(options));
        _upgrade = options.From is null ? null : new Upgrade(cluster, () => _clock.Elapsed, ServesAsync, options.Say);
    }

    /// <summary>How to connect to the cluster's database, as its owner: for who wants to plant something there.</summary>
    public string Database => _cluster.Processes.OwnerDatabase;

    /// <summary>Starts the cluster.</summary>
    public static async Task<TortureRun> StartAsync(TortureOptions options)
    {
        var started = Stopwatch.StartNew();
        var foreign = await ForeignDatabase.StartAsync();
        try
        {
            var cluster = await TortureCluster.StartAsync(options.Seed, options.From ?? Repository.Root, IsRecent(options), Hears(options));
            options.Say($"the cluster serves after {started.Elapsed.TotalSeconds:0} s");
            return new(options, cluster, foreign);
        }
        catch
        {
            await foreign.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets users work while faults strike, and waits until what they have begun is done.</summary>
    public async Task StrikeAsync()
    {
        var possible = FaultStriker.Possible(_cluster).Where(kind => _hears || kind != FaultKind.HangWorker).ToList();
        var kinds = _options.Kinds.Count > 0 ? [.. _options.Kinds.Intersect(possible)] : possible;
        foreach (var left in (_options.Kinds.Count > 0 ? _options.Kinds : Enum.GetValues<FaultKind>()).Except(possible)) _options.Say($"{left} cannot be struck on this machine");
        _clock.Restart();
        using var stop = new CancellationTokenSource();
        using var giveUp = new CancellationTokenSource();
        var project = (await new Client(_cluster.Replicas, _journal, 0, giveUp.Token).AskAsync(async s => await s.CreateProjectAsync()));
        var working = Enumerable.Range(0, _options.Users)
            .Select(user => (
                Who: $"user {user}",
                Work: new User(_cluster, _journal, project, user, _options.Seed, _isRecent, () => _clock.Elapsed, giveUp.Token)
                    .RunAsync(stop.Token)))
            .Append(("who looks after the accelerator", _accelerator.WatchAsync(stop.Token)))
            .Append((
                "the pulse",
                new Pulse(_cluster, _journal, project, _options.Seed, () => _clock.Elapsed, giveUp.Token)
                    .RunAsync(stop.Token)))
            .ToList();
        if (_isRecent)
            working.Add((
                "who moves rows",
                new Mover(_cluster, _foreign, _journal, project, _options.Seed, () => _clock.Elapsed, giveUp.Token)
                    .RunAsync(stop.Token)));

        var striking = new List<Task>();
        if (_upgrade is not null) striking.Add(_upgrade.RunAsync(_options.Time));
        foreach (var fault in PlannedFault.Schedule(_options.Faults, _options.Seed, _options.Time, kinds))
        {
            if (fault.At > _clock.Elapsed) await Task.Delay(fault.At - _clock.Elapsed);
            var strike = Task.Run(() => FaultStriker.UntilHitAsync(fault, StrikeOnceAsync, () => _clock.Elapsed < _options.Time));
            striking.Add(strike);
            if (_options.Apart) await ServesAsync((await strike).Over);
        }

        if (_options.Time > _clock.Elapsed) await Task.Delay(_options.Time - _clock.Elapsed);
        await Task.WhenAll(striking);
        _options.Say($"{_clock.Elapsed:mm\\:ss} all faults are over");
        await Task.Delay(TimeSpan.FromSeconds(5)); // One pulse after the last of them.
        await stop.CancelAsync();
        await Ending.WaitAsync(working, _journal, _options.Patience, giveUp);
        _options.Say($"{_clock.Elapsed:mm\\:ss} the users are done");
    }

    /// <summary>Holds the books against each other. May be repeated.</summary>
    public async Task<Verdict> CheckAsync()
    {
        await using var stores = new Stores(_cluster);
        var queued = await QuietAsync(stores);
        var once = _once ??= (
            DataChecks.Folders(_cluster, n => n.Role == NodeRole.Api), _upgrade?.Check(),
            await new Cleaning(_cluster, _options.Say).RunAsync(stores));
        var books = await JobBooks.ReadAsync(stores);
        var hung = _struck.Count(f => f.Plan.Kind == FaultKind.HangWorker && f.Hit);
        return new Verdict(
        [
            await DataChecks.UploadsAsync(_journal, stores),
            JobChecks.Ends(_journal, books),
            JobChecks.Failures(_journal, books, [.. _struck]),
            JobChecks.Epochs(books),
            LeaseCheck.Run(books, [.. _struck]),
            await BudgetCheck.RunAsync(_journal, books, stores),
            JobChecks.Watches(_journal, books),
            await DataChecks.RowsAsync(_journal, _cluster),
            .. _isRecent
                ? [await RemovalCheck.RunAsync(_journal, _cluster, stores, books),
                   await TransferCheck.RunAsync(_journal, _cluster, stores, _foreign)]
                : Array.Empty<Finding>(),
            once.Cleaning,
            await DataChecks.ObjectsAsync(stores, _cluster),
            DataChecks.Folders(_cluster, n => n.Role != NodeRole.Api).And(once.Folders),
            ProcessCheck.Run(_cluster, _striker.LeftWorkers),
            .. hung > 0 ? [new Finding("a worker that hangs for good is killed by its silo", hung, [.. _striker.Hanging])] : Array.Empty<Finding>(),
            _accelerator.Check(),
            new("a silo that the others declared dead ends itself", _cluster.Nodes.Count(n => n.SiloPort > 0), [.. _striker.Undead]),
            .. once.Upgrade is { } upgrade ? [upgrade] : Array.Empty<Finding>(),
            new("the queue is empty when all is done", 1, [.. queued.Select(job => $"{job} is in the queue")]),
            new("every call was answered as asked, or with \"try again\"", _journal.Answers, [.. _journal.WrongAnswers]),
            new("everything that was begun came to an end", _journal.Answers + _journal.Watches.Count, [.. _journal.CutOff]),
        ],
        Recoveries.Of([.. _struck], _journal), Load(books), JobChecks.HowTheyEnded(_journal, books));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _foreign.DisposeAsync();
    }

    /// <summary>Keeps the logs of all processes.</summary>
    public void KeepLogs(string folder)
    {
        foreach (var node in _cluster.Nodes)
        {
            var logs = Path.Combine(node.Folder, "logs");
            if (!Directory.Exists(logs)) continue;
            foreach (var file in Directory.EnumerateFiles(logs))
            {
                Directory.CreateDirectory(Path.Combine(folder, node.Name));
                File.Copy(file, Path.Combine(folder, node.Name, Path.GetFileName(file)), overwrite: true);
            }
        }
    }

    private static bool Hears(TortureOptions options) => File.Exists(Path.Combine(options.From ?? Repository.Root, "src/SynthStudio.Worker.Protocol/WorkerHeartbeat.cs"));

    private static bool IsRecent(TortureOptions options) => File.Exists(Path.Combine(options.From ?? Repository.Root, "protos/synthstudio/v1/transfers.proto"));

    private async Task<StruckFault> StrikeOnceAsync(PlannedFault fault)
    {
        var struck = await _striker.StrikeAsync(fault);
        _struck.Add(struck);
        return struck;
    }

    /// <summary>Waits until a pulse that began after a time has come back.</summary>
    private async Task<bool> ServesAsync(TimeSpan after)
    {
        for (var waited = Stopwatch.StartNew(); _journal.Pulses.All(p => p.Began < after) && waited.Elapsed < _options.Patience;) await Task.Delay(Look);
        return _journal.Pulses.Any(p => p.Began >= after);
    }

    /// <summary>Waits until the queue is empty, for some time; answers what is in it still.</summary>
    private static async Task<List<string>> QuietAsync(Stores stores)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(Look))
        {
            var queued = await stores.ReadAsync("SELECT job FROM work_queue", r => r.GetString(0));
            if (queued.Count == 0 || waited.Elapsed > Quiet) return queued;
        }
    }

    private List<string> Load(JobBooks books)
    {
        var jobs = _journal.Jobs.Values.GroupBy(j => j.Kind).Select(k => $"{k.Count()} {k.Key}");
        var attempts = _journal.Jobs.Keys.Select(j => books.Logs.GetValueOrDefault(j) is [.., var last] ? last.Attempt : 0).ToList();
        var hits = _struck.Count(f => f.Hit);
        return
        [
            $"seed {_options.Seed}, {hits} of {_options.Faults} faults hit in {_options.Time.TotalMinutes:0.#} min; {_struck.Count - hits} more struck nothing",
            $"{_journal.Uploads.Count} uploads, jobs: {string.Join(", ", jobs)}",
            $"{_journal.Transfers.Count(t => t.Table.Length == 0)} imports, {_journal.Transfers.Count(t => t.Table.Length > 0)} exports; {_journal.Removals.Count} generators deleted, {_journal.Removals.Count(r => r.Removal == Removal.BroughtBack)} of them brought back",
            $"{attempts.Sum()} attempts, at most {attempts.DefaultIfEmpty().Max()} of one job; {_journal.Watches.Count} watchers on {_journal.Watches.Sum(w => w.Connections)} connections",
            $"{_journal.Answers} answers; tried again: {string.Join(", ", _journal.Refusals.OrderByDescending(r => r.Value).Select(r => $"{r.Value} {r.Key}"))}",
            $"{_accelerator}",
            $"processes: {string.Join(", ", _cluster.Nodes.Select(n => $"{n.Name} {n.Starts} starts, {n.OwnEnds} ends of its own, {n.FailedStarts.Count} failed starts"))}",
        ];
    }
}
