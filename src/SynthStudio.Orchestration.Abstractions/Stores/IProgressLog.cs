namespace SynthStudio.Orchestration;

/// <summary>The durable, ordered log of progress events; the truth behind every watch.</summary>
public interface IProgressLog
{
    /// <summary>Appends events of one job durably, all or none.</summary>
    /// <exception cref="SequenceConflictException">A sequence exists already: another activation wrote it.</exception>
    Task AppendAsync(string job, IReadOnlyList<ProgressEvent> events, CancellationToken cancellation);

    /// <summary>Events with a sequence greater than <paramref name="after"/>, oldest first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<ProgressEvent>> ReadAsync(string job, long after, int limit, CancellationToken cancellation);

    /// <summary>The newest sequence of the job; 0 when it has none.</summary>
    Task<long> LastSequenceAsync(string job, CancellationToken cancellation);

    /// <summary>Forgets the log of a deleted job.</summary>
    Task DeleteAsync(string job, CancellationToken cancellation);
}

/// <summary>Another writer appended to the same progress log.</summary>
public sealed class SequenceConflictException(string job, Exception? inner = null)
    : Exception($"Another writer appended to the progress log of {job}.", inner);
