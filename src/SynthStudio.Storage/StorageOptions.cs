namespace SynthStudio.Storage;

/// <summary>Where objects and uploads are kept.</summary>
public sealed record StorageOptions
{
    /// <summary>Folder of the file store, and of what is staged on its way in.</summary>
    public required string Root { get; init; }
}
