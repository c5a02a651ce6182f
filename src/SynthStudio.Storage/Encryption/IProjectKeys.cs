namespace SynthStudio.Storage;

/// <summary>The keys that objects of projects are encrypted with. A project has one that encrypts; earlier ones still decrypt.</summary>
public interface IProjectKeys
{
    /// <summary>The key that encrypts what is put now; made when there is none.</summary>
    /// <param name="project"><c>projects/{project}</c>; empty for what is of no project.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="StorageUnavailableException">Nobody can look for it at this moment.</exception>
    ValueTask<ProjectKey> CurrentAsync(string project, CancellationToken cancellation);

    /// <summary>A key by its id; null when it is gone, and with it all that it encrypted.</summary>
    /// <exception cref="StorageUnavailableException">Nobody can look for it at this moment.</exception>
    ValueTask<ProjectKey?> FindAsync(Guid id, CancellationToken cancellation);
}

/// <summary>A key, 32 bytes, and its name in what it encrypted.</summary>
public sealed record ProjectKey(Guid Id, byte[] Key);
