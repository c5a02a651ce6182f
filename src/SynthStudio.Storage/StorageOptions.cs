using SynthStudio.Storage.S3;

namespace SynthStudio.Storage;

/// <summary>Where objects and uploads are kept.</summary>
public sealed record StorageOptions
{
    /// <summary>Folder of the file store, and of what is staged on its way in.</summary>
    public required string Root { get; init; }

    /// <summary>A bucket for the objects; null keeps them below <see cref="Root"/>.</summary>
    public S3StorageOptions? S3 { get; init; }
}
