namespace SynthStudio.Storage;

/// <summary>High-water marks: for each name the greatest number that anybody noted, with a word about it. They never go back, whoever writes.</summary>
public interface IMarkStore
{
    /// <summary>The greatest mark; null when there is none.</summary>
    /// <exception cref="StorageUnavailableException">The store does not answer, at the latest after 15 s.</exception>
    Task<HighWaterMark?> FindAsync(string name, CancellationToken cancellation = default);

    /// <summary>Notes a mark, durably; changes nothing when there is a greater one.</summary>
    /// <param name="name">Of letters, digits, <c>-</c>, <c>_</c> and <c>/</c>; no dots.</param>
    /// <param name="mark">The mark.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="StorageUnavailableException">The store does not answer, at the latest after 30 s; the mark may be noted all the same.</exception>
    Task RaiseAsync(string name, HighWaterMark mark, CancellationToken cancellation = default);
}

/// <summary>A mark.</summary>
/// <param name="Value">0 to 10¹⁵ − 1.</param>
/// <param name="Word">Letters and digits.</param>
public readonly record struct HighWaterMark(long Value, string Word);
