namespace SynthStudio.Api.Replicas;

/// <summary>There are no other replicas, or no way to tell them.</summary>
internal sealed class LoneReplica : IReplicaChannel
{
    public event Action<ReplicaNews>? Heard
    {
        add { }
        remove { }
    }

    public Task TellAsync(ReplicaNews news) => Task.CompletedTask;
}
