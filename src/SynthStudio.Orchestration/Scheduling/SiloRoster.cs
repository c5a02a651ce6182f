namespace SynthStudio.Orchestration;

/// <summary>The compute silos that reported, and which of them may be given work.</summary>
internal sealed class SiloRoster(TimeProvider time, TimeSpan patience)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SiloAddress, Entry> entries = [];

    public IReadOnlyList<ComputeSilo> All => [.. entries.Values.Select(e => e.Silo)];

    /// <summary>Silos that did not just turn work down, heard of lately or not.</summary>
    public IReadOnlyList<ComputeSilo> Rested
    {
        get
        {
            var now = time.GetUtcNow();
            return [.. entries.Values.Where(e => e.RestsUntil <= now).Select(e => e.Silo)];
        }
    }

    /// <summary>Silos that were not heard of lately.</summary>
    public IReadOnlySet<SiloAddress> Silent
    {
        get
        {
            var now = time.GetUtcNow();
            return entries.Values.Where(e => now - e.Heard > patience).Select(e => e.Silo.Address).ToHashSet();
        }
    }

    /// <summary>The silo of a name; of two, as while a restarted one takes its own place, the one that was heard last. Null when there is none.</summary>
    public ComputeSilo? Find(string name) => entries.Values.Where(e => e.Silo.Name == name).MaxBy(e => e.Heard)?.Silo;

    /// <summary>Takes in a heartbeat.</summary>
    public void Hear(ComputeSilo silo)
    {
        var restsUntil = entries.TryGetValue(silo.Address, out var known) ? known.RestsUntil : DateTimeOffset.MinValue;
        entries[silo.Address] = new(silo, time.GetUtcNow(), restsUntil);
    }

    /// <summary>It turned work down: it is left alone for a moment.</summary>
    public void LetRest(SiloAddress address)
    {
        if (entries.TryGetValue(address, out var entry)) entries[address] = entry with { RestsUntil = time.GetUtcNow() + Rest };
    }

    public void Keep(Func<SiloAddress, bool> lives)
    {
        foreach (var gone in entries.Keys.Where(a => !lives(a)).ToList()) entries.Remove(gone);
    }

    private sealed record Entry(ComputeSilo Silo, DateTimeOffset Heard, DateTimeOffset RestsUntil);
}
