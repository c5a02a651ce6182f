namespace SynthStudio.Storage;

/// <summary>Removes objects that nothing refers to.</summary>
public static class ObjectGarbage
{
    /// <summary>Deletes what is not referred to and was not put lately; answers the bytes set free.</summary>
    /// <param name="store">The store.</param>
    /// <param name="referenced">Keys that something refers to, collected after <paramref name="before"/>.</param>
    /// <param name="before">Objects put after this stay: whoever put them may not have written the reference yet.</param>
    /// <param name="cancellation">Stops the call.</param>
    public static async Task<long> CollectAsync(
        IObjectStore store, IReadOnlySet<string> referenced, DateTimeOffset before, CancellationToken cancellation = default)
    {
        var freed = 0L;
        await foreach (var stored in store.ListAsync(cancellation))
        {
            if (referenced.Contains(stored.Key) || stored.PutTime >= before) continue;
            await store.DeleteAsync(stored.Key, cancellation);
            freed += stored.Size;
        }

        return freed;
    }
}
