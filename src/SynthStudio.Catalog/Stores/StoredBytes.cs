namespace SynthStudio.Catalog;

/// <summary>What a project has in the object store, and what open uploads claim of it.</summary>
/// <param name="Stored">Bytes of all objects that something of the project refers to, each counted once.</param>
/// <param name="Deleted">Those among them that only what was deleted, and can be brought back, refers to.</param>
/// <param name="Claimed">Bytes that open uploads claim and that are no object yet.</param>
public readonly record struct StoredBytes(long Stored, long Deleted, long Claimed)
{
    /// <summary>What is left of a limit, in bytes.</summary>
    public long LeftOf(long limit) => Math.Max(0, limit - Stored - Claimed);
}
