namespace SynthStudio.Api.Replicas;

/// <summary>
/// Tells other replicas of the API what they should forget. Best effort, at once: whoever misses it finds out by itself within the few seconds for
/// which things are remembered.
/// </summary>
public interface IReplicaChannel
{
    /// <summary>Called for what other replicas tell, and only for that.</summary>
    event Action<ReplicaNews>? Heard;

    /// <summary>Tells the others. Never fails: there may be nobody, or no way to them.</summary>
    Task TellAsync(ReplicaNews news);
}

/// <summary>Something that replicas remember has changed.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Subject">Resource name of what changed; empty where all of it counts.</param>
public readonly record struct ReplicaNews(ReplicaTopic Topic, string Subject = "");

public enum ReplicaTopic
{
    /// <summary>A key was revoked, a user locked out or changed.</summary>
    Credentials,

    /// <summary>A project's members changed, or it is gone.</summary>
    Project,
}
