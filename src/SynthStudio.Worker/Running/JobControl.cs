using SynthStudio.Worker.V1;

namespace SynthStudio.Worker.Running;

/// <summary>What the silo wishes of the running job.</summary>
internal sealed class JobControl : IDisposable
{
    private readonly CancellationTokenSource cancelling = new();
    private volatile bool pauseWished;

    /// <summary>Cancelled when the job is to stop and its results are to be dropped.</summary>
    public CancellationToken Cancellation => cancelling.Token;

    /// <summary>Whether a training is to write a checkpoint and leave.</summary>
    public bool PauseWished => pauseWished;

    public void Apply(Control.Types.Wish wish)
    {
        switch (wish)
        {
            case Control.Types.Wish.Cancel:
                cancelling.Cancel();
                break;
            case Control.Types.Wish.Pause:
                pauseWished = true;
                break;
        }
    }

    public void Dispose() => cancelling.Dispose();
}
