namespace SynthStudio.Catalog;

/// <summary>A resumable upload, of a data set or of a generator's package.</summary>
public sealed record UploadRecord : IListedRecord
{
    /// <summary>Resource name, <c>projects/{project}/uploads/{upload}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    /// <summary>The data set that it fills; empty for a package.</summary>
    public required string Dataset { get; init; }

    /// <summary>The upload's key in the upload store.</summary>
    public required string Session { get; init; }

    public required string FileName { get; init; }

    /// <summary>As the client declared it, in bytes; null when it did not.</summary>
    public long? Size { get; init; }

    /// <summary>Bytes known to be stored. A lower bound: the upload store knows the truth while the upload is open.</summary>
    public long CommittedSize { get; init; }

    /// <summary>Bytes that it claims of its project's quota while it is open (<see cref="ProjectStorage"/>).</summary>
    public long ClaimedSize { get; init; }

    /// <summary>Of the whole file, lower-case hexadecimal; noted just before the bytes become the object of this hash. Empty before.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Key of the object that the bytes become, noted with the hash. Empty before.</summary>
    public string ObjectKey { get; init; } = "";

    public required UploadState State { get; init; }

    public required string Creator { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>An open upload is discarded after this.</summary>
    public required DateTimeOffset ExpireTime { get; init; }
}

public enum UploadState
{
    Open,
    Finished,
    Aborted,
}
