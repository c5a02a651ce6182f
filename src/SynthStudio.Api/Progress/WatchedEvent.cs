namespace SynthStudio.Api.Progress;

/// <summary>An event on its way to subscribers: mapped to the wire once for all of them.</summary>
/// <param name="Message">What is sent.</param>
/// <param name="Source">What happened; null for a heartbeat.</param>
internal sealed record WatchedEvent(V1.ProgressEvent Message, ProgressEvent? Source)
{
    /// <summary>0 for a heartbeat.</summary>
    public long Sequence => Message.Sequence;
}
