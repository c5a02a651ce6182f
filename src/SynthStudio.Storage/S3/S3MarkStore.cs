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

    public async Task<HighWaterMark?> FindAsync(string name, CancellationToken cancellation = default) =>
        await ListAsync(name, cancellation) is [var greatest, ..] ? Parse(greatest[FolderOf(name).Length..]) : null;

    public async Task RaiseAsync(string name, HighWaterMark mark, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mark.Value, nameof(mark));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.Value, Greatest, nameof(mark));
        var key = $"{FolderOf(name)}{(Greatest - mark.Value).ToString(Digits, CultureInfo.InvariantCulture)}-{mark.Word}";
        await S3Errors.TranslateAsync(options, name, () => client.PutObjectAsync(
            new PutObjectRequest { BucketName = options.Bucket, Key = key, ContentBody = "", UseChunkEncoding = false }, cancellation));
        foreach (var surpassed in (await ListAsync(name, cancellation)).Skip(1)) // They say nothing any more.
        {
            await S3Errors.TranslateAsync(options, name, () => client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = options.Bucket, Key = surpassed }, cancellation));
        }
    }

    public void Dispose() => client.Dispose();

    /// <summary>The keys of a name's marks, the greatest mark first; few, since surpassed ones are removed.</summary>
    private async Task<List<string>> ListAsync(string name, CancellationToken cancellation)
    {
        var page = await S3Errors.TranslateAsync(options, name, () => client.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = options.Bucket, Prefix = FolderOf(name) }, cancellation));
        return [.. (page.S3Objects ?? []).Select(mark => mark.Key)];
    }

    /// <summary>One level: the marks of <c>a/b</c> are none of <c>a</c>.</summary>
    private string FolderOf(string name) => $"{options.Prefix}marks/{name.Replace('/', '.')}/";

    private static HighWaterMark Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return new HighWaterMark(Greatest - long.Parse(text[..dash], CultureInfo.InvariantCulture), text[(dash + 1)..]);
    }
}
