using SynthStudio.Storage;

namespace SynthStudio.Compute;

/// <summary>Looks at the stored checkpoints of a training before a worker resumes from them.</summary>
/// <param name="Sound">Those whose bytes are what was stored, newest first.</param>
/// <param name="Lost">What the owner is to hear of the others.</param>
internal sealed record CheckpointInspection(IReadOnlyList<CheckpointRef> Sound, IReadOnlyList<WorkCheckpointLost> Lost)
{
    /// <summary>Reads every checkpoint once. A store that cannot be reached is no reason to give one up: that exception is passed on.</summary>
    public static async Task<CheckpointInspection> OfAsync(
        IReadOnlyList<CheckpointRef> checkpoints, IObjectStore objects, CancellationToken cancellation)
    {
        var (sound, lost) = (new List<CheckpointRef>(), new List<WorkCheckpointLost>());
        foreach (var checkpoint in checkpoints)
        {
            try
            {
                await using var bytes = await objects.OpenReadAsync(checkpoint.Object, verify: true, cancellation);
                await bytes.CopyToAsync(Stream.Null, cancellation);
                sound.Add(checkpoint);
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
}
