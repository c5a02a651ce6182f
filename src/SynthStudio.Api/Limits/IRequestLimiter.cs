namespace SynthStudio.Api.Limits;

/// <summary>Token buckets: each fills steadily up to its size, and every call takes one token.</summary>
public interface IRequestLimiter
{
    /// <summary>Takes a token.</summary>
    /// <param name="bucket">Whose.</param>
    /// <param name="rate">How the bucket fills.</param>
    /// <returns>Zero when there was one, else how long it takes until there is.</returns>
    ValueTask<TimeSpan> TakeAsync(string bucket, BucketRate rate);
}

/// <summary>How a bucket fills.</summary>
/// <param name="PerSecond">Tokens a second; more than 0.</param>
/// <param name="Size">Tokens that a full bucket holds: how many calls may come at once. At least 1.</param>
public readonly record struct BucketRate(double PerSecond, int Size);
