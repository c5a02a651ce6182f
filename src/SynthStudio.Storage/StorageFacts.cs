namespace SynthStudio.Storage;

/// <summary>What can be told of how objects are kept.</summary>
/// <param name="EncryptsObjects">Whether what is put is encrypted by keys of projects.</param>
/// <param name="UsesBucket">Whether objects lie in a bucket; else in a folder.</param>
public sealed record StorageFacts(bool EncryptsObjects, bool UsesBucket);
