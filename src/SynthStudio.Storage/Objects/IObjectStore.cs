using System.Text;

namespace SynthStudio.Storage;

/// <summary>
/// Immutable objects under the SHA-256 of their bytes, or where they are encrypted under a keyed hash of it: the same bytes, in the same project, have the
/// same key, an object once put never changes, and what was put survives a loss of power from the moment the call returns.
/// </summary>
public interface IObjectStore : IObjectReader
{
    /// <summary>
    /// This store for what is of a project: where objects are encrypted, what is put there is by the project's key.
    /// Others answer themselves.
    /// </summary>
    /// <param name="project"><c>projects/{project}</c>.</param>
    IObjectStore OfProject(string project) => this;

    /// <summary>The key under which bytes of this SHA-256 (lower-case hexadecimal digits) are stored, or would be.</summary>
    ValueTask<string> KeyOfAsync(string sha256, CancellationToken cancellation = default) => ValueTask.FromResult(ObjectKeys.For(sha256));

    /// <summary>Asks whether the store can be used now; one small request, of no object.</summary>
    /// <exception cref="StorageUnavailableException">It cannot.</exception>
    Task ProbeAsync(CancellationToken cancellation = default);

    /// <summary>
    /// The time by the clock that tells when objects were put, to the second: a bucket's is its own. Which objects are old is asked by no
    /// other, since the clock of a process may be hours ahead.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The store does not answer.</exception>
    Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation = default);

    /// <summary>Stores what the stream holds from its position to its end.</summary>
    /// <exception cref="StorageFullException">There is no room.</exception>
    Task<ObjectRef> PutAsync(Stream content, string mediaType, CancellationToken cancellation = default);

    /// <summary>Takes a file over: moves it, without copying where that can be. The file is gone afterwards, unless it could not be stored.</summary>
    /// <exception cref="StorageFullException">There is no room.</exception>
    Task<ObjectRef> PutFileAsync(string path, string mediaType, CancellationToken cancellation = default);

    /// <summary>Takes over a file in the store's own file system, by renaming, whose SHA-256 the caller computed while it wrote the file.</summary>
    /// <exception cref="StorageFullException">There is no room.</exception>
    Task<ObjectRef> PutHashedFileAsync(string path, string sha256, string mediaType, CancellationToken cancellation = default);

    /// <summary>
    /// A link by which anyone may download the object, as a file of this name, until it expires; null where there is no bucket, or
    /// its bytes are encrypted.
    /// </summary>
    Task<Uri?> CreateLinkAsync(ObjectRef reference, string fileName, TimeSpan lifetime);

    /// <summary>Opens an object for reading; the stream can seek when <paramref name="verify"/> is false and the object is a local file.</summary>
    /// <param name="reference">The object.</param>
    /// <param name="verify">Checks the bytes while they are read; the read that reaches the end throws when they are not the object's.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    /// <exception cref="ObjectCorruptException">Its bytes are not those that were put.</exception>
    Task<Stream> OpenReadAsync(ObjectRef reference, bool verify = true, CancellationToken cancellation = default);

    async Task<string> IObjectReader.ReadTextAsync(ObjectRef reference, CancellationToken cancellation)
    {
        await using var stream = await OpenReadAsync(reference, verify: true, cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }

    /// <summary>
    /// A local file with the object's bytes, to be read only: the object itself in a file store, which is not verified, a cached copy else, which is:
    /// one that was damaged is made anew.
    /// </summary>
    /// <exception cref="ObjectNotFoundException">There is no such object.</exception>
    /// <exception cref="ObjectCorruptException">What a copy would be made of is damaged.</exception>
    Task<string> GetLocalPathAsync(ObjectRef reference, CancellationToken cancellation = default);

    Task<bool> ExistsAsync(ObjectRef reference, CancellationToken cancellation = default);

    /// <summary>
    /// Deletes the object of this key unless it was put, perhaps again, at <paramref name="putBefore"/> or later: whoever puts the same
    /// bytes right now keeps them. Only for objects that nothing refers to. False when it stays or there is none.
    /// </summary>
    Task<bool> DeleteAsync(string key, DateTimeOffset putBefore, CancellationToken cancellation = default);

    /// <summary>
    /// Gives up what processes that died had begun to put before a time; none where files appear at once. A store that cannot list it
    /// answers 0: its own rule has to.
    /// </summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="StorageUnavailableException">The store does not answer.</exception>
    Task<int> AbortUnfinishedAsync(DateTimeOffset begunBefore, CancellationToken cancellation = default) => Task.FromResult(0);

    /// <summary>Everything that is stored, in no order; with <see cref="ObjectGarbage"/> this finds what nothing refers to.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellation = default);
}

/// <summary>An object as the store lists it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">In bytes.</param>
/// <param name="PutTime">When it was last put: putting the same bytes again renews it.</param>
public readonly record struct StoredObject(string Key, long Size, DateTimeOffset PutTime);
