using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;

namespace SynthStudio.Storage.S3;

/// <summary>
/// Marks as empty objects whose keys say everything: <c>marks/{name}/{greatest possible - value}-{word}</c>. Writers need not know of each other,
/// since each mark has its own key; the greatest is the first in the order of keys, which is how buckets are listed.
/// </summary>
internal sealed class S3MarkStore(IAmazonS3 client, S3StorageOptions options) : IMarkStore, IDisposable
{
    private const long Greatest = 999_999_999_999_999;
    private const string Digits = "D15";

    public async Task<HighWaterMark?> FindAsync(string name, CancellationToken cancellation = default)
    {
        var found = await S3Errors.TranslateAsync(options, name, () => client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = options.Bucket, Prefix = FolderOf(name), MaxKeys = 1 }, cancellation));
        return found.S3Objects is [var first, ..] ? Parse(first.Key[FolderOf(name).Length..]) : null;
    }

    public async Task RaiseAsync(string name, HighWaterMark mark, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mark.Value, nameof(mark));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.Value, Greatest, nameof(mark));
        var key = $"{FolderOf(name)}{(Greatest - mark.Value).ToString(Digits, CultureInfo.InvariantCulture)}-{mark.Word}";
        await S3Errors.TranslateAsync(options, name, () => client.PutObjectAsync(
            new PutObjectRequest { BucketName = options.Bucket, Key = key, ContentBody = "", UseChunkEncoding = false }, cancellation));
        await RemoveSurpassedAsync(name, key, cancellation);
    }

    public void Dispose() => client.Dispose();

    /// <summary>Marks that are smaller than the one that was just written, which say nothing any more.</summary>
    private async Task RemoveSurpassedAsync(string name, string key, CancellationToken cancellation)
    {
        var surpassed = await S3Errors.TranslateAsync(options, name, () => client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = options.Bucket, Prefix = FolderOf(name), StartAfter = key }, cancellation));
        foreach (var mark in surpassed.S3Objects ?? [])
        {
            if (string.CompareOrdinal(mark.Key, key) <= 0) continue; // Not every store knows where to start.
            await S3Errors.TranslateAsync(options, name, () => client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = options.Bucket, Key = mark.Key }, cancellation));
        }
    }

    private string FolderOf(string name) => $"{options.Prefix}marks/{name}/";

    private static HighWaterMark Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return new HighWaterMark(Greatest - long.Parse(text[..dash], CultureInfo.InvariantCulture), text[(dash + 1)..]);
    }
}
