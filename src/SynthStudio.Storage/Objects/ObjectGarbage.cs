namespace SynthStudio.Storage;

/// <summary>Removes objects that nothing refers to.</summary>
public static class ObjectGarbage
{
    /// <summary>
    /// Deletes what is not referred to and was not put lately. Safe to break off and to repeat; it waits for nobody: whoever puts an
    /// object while this runs keeps it.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="referenced">Keys that something refers to, collected after <paramref name="before"/>.</param>
    /// <param name="before">Objects put after this stay: whoever put them may not have written the reference yet.</param>
    /// <param name="cancellation">Stops the call.</param>
    public static async Task<FreedSpace> CollectAsync(
        IObjectStore store, IReadOnlySet<string> referenced, DateTimeOffset before, CancellationToken cancellation = default)
    {
        var freed = new FreedSpace(0, 0);
        await foreach (var stored in store.ListAsync(cancellation))
        {
            if (referenced.Contains(stored.Key) || stored.PutTime >= before) continue;
            if (await store.DeleteAsync(stored.Key, before, cancellation)) freed = new FreedSpace(freed.Objects + 1, freed.Bytes + stored.Size);
        }

        return freed;
    }
}

/// <summary>What was set free.</summary>
/// <param name="Objects">Objects deleted.</param>
/// <param name="Bytes">Their bytes together.</param>
public readonly record struct FreedSpace(int Objects, long Bytes);
