using System.Security.Cryptography;
using SynthStudio.Storage;

namespace SynthStudio.Compute;

/// <summary>Looks at the stored checkpoints of a training before a worker resumes from them.</summary>
/// <param name="Sound">Those whose bytes are what was stored, newest first.</param>
/// <param name="Lost">What the owner is to hear of the others.</param>
internal sealed record CheckpointInspection(IReadOnlyList<CheckpointRef> Sound, IReadOnlyList<WorkCheckpointLost> Lost)
{
    private const int BufferBytes = 1 << 18;

    /// <summary>
    /// Reads the local file of every checkpoint, which the worker reads then: a store elsewhere is asked for each once. One that cannot be
    /// reached is no reason to give a checkpoint up: that exception is passed on.
    /// </summary>
    public static async Task<CheckpointInspection> OfAsync(
        IReadOnlyList<CheckpointRef> checkpoints, IObjectStore objects, CancellationToken cancellation)
    {
        var (sound, lost) = (new List<CheckpointRef>(), new List<WorkCheckpointLost>());
        foreach (var checkpoint in checkpoints)
        {
            try
            {
                var path = await objects.GetLocalPathAsync(checkpoint.Object, cancellation);
                if (await HashAsync(path, cancellation) == checkpoint.Object.Sha256) sound.Add(checkpoint);
                else lost.Add(new WorkCheckpointLost(checkpoint, "is damaged"));
            }
            catch (ObjectNotFoundException)
            {
                lost.Add(new WorkCheckpointLost(checkpoint, "is missing"));
            }
            catch (ObjectCorruptException)
            {
                lost.Add(new WorkCheckpointLost(checkpoint, "is damaged"));
            }
        }

        return new(sound, lost);
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        const FileOptions Reading = FileOptions.Asynchronous | FileOptions.SequentialScan;
        const FileShare Shared = FileShare.Read | FileShare.Delete;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, Shared, BufferBytes, Reading);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }
}
