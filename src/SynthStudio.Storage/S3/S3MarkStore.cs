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

    /// <summary>Who asks holds rows of the database meanwhile.</summary>
    private static readonly TimeSpan FindLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RaiseLimit = TimeSpan.FromSeconds(30);

    public async Task<HighWaterMark?> FindAsync(string name, CancellationToken cancellation = default) =>
        await S3Errors.TranslateAsync(options, name, FindLimit, stop => ListAsync(name, stop), cancellation) is [var greatest, ..]
            ? Parse(greatest[FolderOf(name).Length..])
            : null;

    public async Task RaiseAsync(string name, HighWaterMark mark, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mark.Value, nameof(mark));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mark.Value, Greatest, nameof(mark));
        var key = $"{FolderOf(name)}{(Greatest - mark.Value).ToString(Digits, CultureInfo.InvariantCulture)}-{mark.Word}";
        await S3Errors.TranslateAsync(options, name, RaiseLimit, async stop =>
        {
            await client.PutObjectAsync(
                S3Writer.Encrypted(options, new PutObjectRequest { BucketName = options.Bucket, Key = key, ContentBody = "", UseChunkEncoding = false }), stop);
            foreach (var surpassed in (await ListAsync(name, stop)).Skip(1)) // They say nothing any more.
                await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = surpassed }, stop);
            return true;
        }, cancellation);
    }

    public void Dispose() => client.Dispose();

    /// <summary>The keys of a name's marks, the greatest mark first; few, since surpassed ones are removed.</summary>
    private async Task<List<string>> ListAsync(string name, CancellationToken cancellation)
    {
        var page = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = FolderOf(name) }, cancellation);
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
