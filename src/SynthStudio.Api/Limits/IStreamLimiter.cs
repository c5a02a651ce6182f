namespace SynthStudio.Api.Limits;

/// <summary>Counts what is open at once.</summary>
public interface IStreamLimiter
{
    /// <summary>Takes a place.</summary>
    /// <param name="bucket">Whose.</param>
    /// <param name="limit">Places that there are; at least 1.</param>
    /// <returns>Gives the place back when it is disposed; null when all are taken.</returns>
    ValueTask<IAsyncDisposable?> TryEnterAsync(string bucket, int limit);
}
