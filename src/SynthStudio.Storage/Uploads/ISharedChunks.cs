namespace SynthStudio.Storage;

/// <summary>The bytes of open uploads where every process finds them, in pieces as they came.</summary>
internal interface ISharedChunks
{
    /// <summary>Notes that there is such an upload.</summary>
    Task BeginAsync(string session, CancellationToken cancellation);

    /// <summary>Stores a piece, durably.</summary>
    Task PutAsync(string session, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>The pieces that follow each other without a gap from a position on; null when there is no such upload.</summary>
    Task<IReadOnlyList<SharedChunk>?> ListAsync(string session, long from, CancellationToken cancellation);

    /// <summary>A piece's bytes.</summary>
    Task<byte[]> ReadAsync(string session, SharedChunk chunk, CancellationToken cancellation);

    /// <summary>A link by which anyone may PUT a piece of exactly this length.</summary>
    Task<PieceLink?> CreateLinkAsync(string session, SharedChunk chunk, TimeSpan lifetime);

    /// <summary>All uploads of which there is something.</summary>
    Task<IReadOnlyList<string>> ListSessionsAsync(CancellationToken cancellation);

    /// <summary>Forgets the upload.</summary>
    Task RemoveAsync(string session, CancellationToken cancellation);
}

/// <summary>A piece of an upload.</summary>
internal readonly record struct SharedChunk(long Offset, int Length)
{
    public long End => Offset + Length;
}
