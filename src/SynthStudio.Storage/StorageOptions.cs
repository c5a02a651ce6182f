using SynthStudio.Storage.S3;

namespace SynthStudio.Storage;

/// <summary>Where objects and uploads are kept.</summary>
public sealed record StorageOptions
{
    /// <summary>Folder of the file store, and of what is staged on its way in.</summary>
    public required string Root { get; init; }

    /// <summary>A bucket for the objects; null keeps them below <see cref="Root"/>.</summary>
    public S3StorageOptions? S3 { get; init; }

    /// <summary>Whether what is put is encrypted by keys of projects (<see cref="IProjectKeys"/>). What was encrypted is read in any case.</summary>
    public bool Encrypt { get; init; }

    /// <summary>Bytes of decrypted copies that are kept for workers.</summary>
    public long CacheBytes { get; init; } = 20L << 30;
}
