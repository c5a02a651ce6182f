namespace SynthStudio.Storage;

/// <summary>There is no room left where objects and uploads are kept.</summary>
public sealed class StorageFullException(Exception? inner = null)
    : IOException("The storage is full: free some space, or delete what is no longer needed.", inner);

/// <summary>The object store cannot be used now: it does not answer, or refuses us.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="inner">What noticed it.</param>
/// <param name="isRefusal">It answers, and does not do what it is asked: that passes when somebody changes keys, rights or names.</param>
public sealed class StorageUnavailableException(string message, Exception? inner = null, bool isRefusal = false) : IOException(message, inner)
{
    public bool IsRefusal { get; } = isRefusal;
}

/// <summary>There is no such object.</summary>
public sealed class ObjectNotFoundException(string key, Exception? inner = null) : IOException($"Object {key} does not exist.", inner)
{
    public string Key { get; } = key;
}

/// <summary>The stored bytes are not those that were put: the disk or someone changed them.</summary>
/// <param name="key">The object.</param>
/// <param name="found">What it has instead.</param>
/// <param name="inner">What noticed it.</param>
public sealed class ObjectCorruptException(string key, string found, Exception? inner = null)
    : IOException($"Object {key} is damaged: it has {found}. Restore it from a backup, or make it anew.", inner)
{
    public string Key { get; } = key;
}

/// <summary>There is no such upload, or it has ended.</summary>
public sealed class UploadNotFoundException(string session) : IOException($"Upload {session} does not exist or has ended.")
{
    public string Session { get; } = session;
}

/// <summary>A chunk does not start where the upload ends.</summary>
public sealed class UploadOffsetException(long offset, long committedSize)
    : IOException($"The chunk starts at {offset}; {committedSize} bytes are stored. Go on from there.")
{
    public long Offset { get; } = offset;

    /// <summary>Where the next chunk must start.</summary>
    public long CommittedSize { get; } = committedSize;
}

/// <summary>The upload has not the declared size.</summary>
public sealed class UploadSizeException(long size, long declared) : IOException($"The upload has {size} bytes; {declared} were declared.")
{
    public long Size { get; } = size;

    public long Declared { get; } = declared;
}

/// <summary>The upload's bytes are not those the client meant.</summary>
public sealed class UploadChecksumException(string expected, string found)
    : IOException($"The upload's bytes have SHA-256 {found}; {expected} was expected. Upload the file again.")
{
    public string Expected { get; } = expected;

    public string Found { get; } = found;
}
