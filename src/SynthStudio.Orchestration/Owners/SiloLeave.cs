namespace SynthStudio.Orchestration;

/// <summary>
/// Says when a silo that stops in order is about to hand over its grains. Each leaves after the last call that it answers, and nobody reaches it until it has
/// left: who waits there for news is let go first.
/// </summary>
public sealed class SiloLeave : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource leaving = new();

    /// <summary>Cancelled when what computes on the silo has stopped and its grains begin to leave.</summary>
    public CancellationToken Token => leaving.Token;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(SiloLeave), ServiceLifecycleStage.BecomeActive, _ => Task.CompletedTask, _ => leaving.CancelAsync());

    public void Dispose() => leaving.Dispose();
}
