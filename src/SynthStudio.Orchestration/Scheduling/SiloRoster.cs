namespace SynthStudio.Orchestration;

/// <summary>The compute silos that reported, and which of them may be given work. Silence and rests are measured by a clock that nobody sets.</summary>
internal sealed class SiloRoster(TimeProvider time, TimeSpan patience)
{
    /// <summary>As many different jobs that failed one after another, and none that ended otherwise, tell more of their silo than of themselves.</summary>
    private const int InARow = 3;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Long enough that a job's few attempts are not spent on it while others of the cluster have work, short enough to see
    /// soon that it is mended.
    /// </summary>
    private static readonly TimeSpan SickRest = TimeSpan.FromMinutes(1);

    private readonly SteadyClock clock = new(time);
    private readonly Dictionary<SiloAddress, Entry> entries = [];

    public IReadOnlyList<ComputeSilo> All => [.. entries.Values.Select(e => e.Silo)];

    /// <summary>Silos that did not just turn work down, heard of lately or not, <see cref="Sick"/> or not.</summary>
    public IReadOnlyList<ComputeSilo> Rested
    {
        get
        {
            var now = clock.Now;
            return [.. entries.Values.Where(e => e.RestsUntil <= now).Select(e => e.Silo)];
        }
    }

    /// <summary>Silos that were not heard of lately.</summary>
    public IReadOnlySet<SiloAddress> Silent
    {
        get
        {
            var now = clock.Now;
            return entries.Values.Where(e => now - e.Heard > patience).Select(e => e.Silo.Address).ToHashSet();
        }
    }

    /// <summary>Silos where one job after another failed lately.</summary>
    public IReadOnlySet<SiloAddress> Sick
    {
        get
        {
            var now = clock.Now;
            return entries.Values.Where(e => e.SickUntil > now).Select(e => e.Silo.Address).ToHashSet();
        }
    }

    /// <summary>The silo of a name; of two, as while a restarted one takes its own place, the one that was heard last. Null when there is none.</summary>
    public ComputeSilo? Find(string name) => entries.Values.Where(e => e.Silo.Name == name).MaxBy(e => e.Heard)?.Silo;

    /// <summary>Takes in a heartbeat.</summary>
    public void Hear(ComputeSilo silo)
    {
        var now = clock.Now;
        entries[silo.Address] = entries.TryGetValue(silo.Address, out var known) ? known with { Silo = silo, Heard = now } : new(silo, now);
    }

    /// <summary>It turned work down: it is left alone for a moment.</summary>
    public void LetRest(SiloAddress address)
    {
        if (entries.TryGetValue(address, out var entry)) entries[address] = entry with { RestsUntil = clock.Now + Rest };
    }

    /// <summary>A lease ended there, well as long as nobody says otherwise (<see cref="Blame"/>). An address of no silo that reports is none of ours.</summary>
    public void Ended(string address, string job, LeaseEpoch epoch)
    {
        if (At(address) is not { Endings: var endings }) return;

        endings.RemoveAll(e => e.Job == job);
        endings.Add(new(job, epoch, HasFailed: false));
        if (endings.Count > InARow) endings.RemoveAt(0);
    }

    /// <summary>The job failed there under that lease for a reason that is the silo's. Said again it changes nothing.</summary>
    /// <returns>The silo if it is left alone now; null when it may be the job after all.</returns>
    public ComputeSilo? Blame(string address, string job, LeaseEpoch epoch)
    {
        if (At(address) is not { Endings: var endings } entry) return null;

        var ended = endings.FindIndex(e => e.Job == job && e.Epoch == epoch && !e.HasFailed);
        if (ended < 0) return null;

        endings[ended] = endings[ended] with { HasFailed = true };
        if (endings.Count < InARow || !endings.TrueForAll(e => e.HasFailed)) return null;

        entries[entry.Silo.Address] = entry with { SickUntil = clock.Now + SickRest };
        return entry.Silo;
    }

    public void Keep(Func<SiloAddress, bool> lives)
    {
        foreach (var gone in entries.Keys.Where(a => !lives(a)).ToList()) entries.Remove(gone);
    }

    private Entry? At(string address) => entries.Values.FirstOrDefault(e => e.Silo.Address.ToParsableString() == address);

    private sealed record Entry(ComputeSilo Silo, DateTimeOffset Heard)
    {
        public DateTimeOffset RestsUntil { get; init; } = DateTimeOffset.MinValue;

        public DateTimeOffset SickUntil { get; init; } = DateTimeOffset.MinValue;

        /// <summary>The last of each of the last few jobs that left, oldest first.</summary>
        public List<Ending> Endings { get; init; } = [];
    }

    private sealed record Ending(string Job, LeaseEpoch Epoch, bool HasFailed);
}
