using System.Collections.Concurrent;
using SynthStudio.Api.Authorization;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Registry;

/// <summary>
/// Takes aliases for the generators that they stand for: an alias is an id that no generator has. What was looked up holds for two seconds, so that
/// calls about generators seldom ask the database.
/// </summary>
internal sealed class GeneratorNames(GeneratorAliasStore aliases, TimeProvider time)
{
    private const int Capacity = 10_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, (string Generator, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The generator that a name means: itself, or what the alias of this id stands for.</summary>
    public async ValueTask<string> ResolveAsync(string name, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_known.TryGetValue(name, out var known) && known.Until > now) return known.Generator;
        var generator = (await aliases.FindAsync(AliasOf(name), cancellation))?.Generator ?? name;
        if (_known.Count >= Capacity) _known.Clear();
        _known[name] = (generator, now + Lifetime);
        return generator;
    }

    /// <summary>Forgets what an alias stood for, in this process at once.</summary>
    public void Forget(string alias) => _known.TryRemove(ResourceName.Sibling(alias, "generators"), out _);

    /// <summary>The alias that would have a generator's id.</summary>
    public static string AliasOf(string generator) => ResourceName.Sibling(generator, "generatorAliases");
}
