namespace SynthStudio.Storage;

/// <summary>
/// Resumable uploads. What an answer says is stored survives the death of the process; a finished upload survives a loss of power.
/// Calls for one session wait for each other.
/// </summary>
public interface IUploadStore
{
    /// <summary>Starts an upload and answers its session, a text that is safe in paths.</summary>
    /// <param name="size">Bytes to come, reserved at once; null when not known.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="StorageFullException">There is no room for it.</exception>
    Task<string> CreateAsync(long? size, CancellationToken cancellation = default);

    /// <summary>Bytes that are stored: where the next chunk must start. Also after a restart and, with a bucket, in every other process.</summary>
    /// <exception cref="UploadNotFoundException">There is no such upload.</exception>
    Task<long> GetCommittedSizeAsync(string session, CancellationToken cancellation = default);

    /// <summary>
    /// Takes a chunk and answers the size with it. Of a chunk that fails nothing stays. Who acknowledges it flushes first (<see cref="FlushAsync"/>).
    /// </summary>
    /// <exception cref="UploadNotFoundException">There is no such upload.</exception>
    /// <exception cref="UploadOffsetException"><paramref name="offset"/> is not the committed size.</exception>
    /// <exception cref="UploadSizeException">The chunk goes beyond the declared size.</exception>
    /// <exception cref="StorageFullException">There is no room.</exception>
    ValueTask<long> AppendAsync(string session, long offset, ReadOnlyMemory<byte> chunk, CancellationToken cancellation = default);

    /// <summary>Makes all chunks that were taken survive this process, and answers the committed size.</summary>
    /// <exception cref="UploadNotFoundException">There is no such upload.</exception>
    ValueTask<long> FlushAsync(string session, CancellationToken cancellation = default);

    /// <summary>A link by which anyone may PUT a piece of the upload until it expires; null where there is no bucket, or pieces in it are encrypted.</summary>
    Task<PieceLink?> CreateLinkAsync(string session, long offset, int length, TimeSpan lifetime);

    /// <summary>SHA-256 of the bytes stored so far, lower-case hexadecimal.</summary>
    /// <exception cref="UploadNotFoundException">There is no such upload.</exception>
    Task<string> GetSha256Async(string session, CancellationToken cancellation = default);

    /// <summary>
    /// Makes the upload an object. After a failure the upload is as it was. Where processes share the pieces these stay until the upload is discarded:
    /// a caller that dies before it has noted the object can be replaced by another one.
    /// </summary>
    /// <param name="session">The upload.</param>
    /// <param name="mediaType">The object's.</param>
    /// <param name="sha256">What the bytes must have, lower-case hexadecimal; null when the client did not say.</param>
    /// <param name="project">The project that the object is of (<see cref="IObjectStore.OfProject"/>); empty for none.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="UploadNotFoundException">There is no such upload.</exception>
    /// <exception cref="UploadSizeException">It is shorter than was declared.</exception>
    /// <exception cref="UploadChecksumException">The bytes are others.</exception>
    Task<ObjectRef> FinishAsync(string session, string mediaType, string? sha256 = null, string project = "", CancellationToken cancellation = default);

    /// <summary>Sessions that began before a time and were not discarded; where processes share them, of all processes.</summary>
    Task<IReadOnlyList<string>> ListSessionsAsync(DateTimeOffset before, CancellationToken cancellation = default);

    /// <summary>Throws the upload away; does nothing when there is none.</summary>
    Task DiscardAsync(string session, CancellationToken cancellation = default);
}
