using SynthStudio.Storage;

namespace SynthStudio.Catalog;

/// <summary>Frees the space of what was deleted or replaced: objects that nothing in the catalog names and nobody put lately.</summary>
public sealed class ObjectSweep
{
    /// <summary>Nothing is on its way to the store for so long.</summary>
    private static readonly TimeSpan LongestPut = TimeSpan.FromDays(1);

    private readonly ObjectReferences _references;
    private readonly IObjectStore _objects;

    internal ObjectSweep(ObjectReferences references, IObjectStore objects)
    {
        _references = references;
        _objects = objects;
    }

    /// <summary>One round. It may be broken off at any point; the next one goes on.</summary>
    /// <param name="grace">Objects younger than this stay. Longer than it ever takes from an object to the reference in the catalog.</param>
    /// <param name="cancellation">Stops the call.</param>
    public Task<FreedSpace> RunAsync(TimeSpan grace, CancellationToken cancellation = default) => RunAsync(grace, LongestPut, cancellation);

    /// <summary>One round.</summary>
    /// <param name="grace">Objects younger than this stay.</param>
    /// <param name="longestPut">What was begun to be put longer ago than this, and is not there yet, is given up.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async Task<FreedSpace> RunAsync(TimeSpan grace, TimeSpan longestPut, CancellationToken cancellation = default)
    {
        // First: what is put from here on stays, whether its reference is found below or not.
        var now = await _objects.GetTimeAsync(cancellation);
        var freed = await ObjectGarbage.CollectAsync(_objects, await _references.ReadAsync(cancellation), now - grace, cancellation);
        await _objects.AbortUnfinishedAsync(now - longestPut, cancellation);
        return freed;
    }
}
