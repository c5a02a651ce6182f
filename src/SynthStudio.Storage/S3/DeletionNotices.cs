using Amazon.S3;
using Amazon.S3.Model;

namespace SynthStudio.Storage.S3;

/// <summary>
/// Keeps deleting an object and putting it again apart in a bucket without versions, where processes share nothing but the bucket. Who deletes posts a
/// notice, only then looks whether the object was put lately, deletes it, and marks the notice as done; notices stay for a while. Who puts an object looks
/// for notices afterwards: without one, every later look of who deletes sees the new object; with one, it waits for the deletion and puts again what is gone.
/// </summary>
/// <remarks>Notices are objects <c>deletions/{key}/{id}</c>; an empty one is of a deletion that may be under way, one of a byte of one that is done.</remarks>
internal sealed class DeletionNotices(IAmazonS3 client, S3StorageOptions options, TimeProvider clock)
{
    /// <summary>Longer than any put takes from its last byte to its look for notices.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>What is not done after this is of a process that died: no deletion is asked for longer than <see cref="DeletionLimit"/>.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long _lastCleaning = clock.GetTimestamp();
    private HashSet<string> _seen = [];

    /// <summary>Who deletes gives up asking after this time, with the notice not marked as done.</summary>
    public static TimeSpan DeletionLimit { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Says that an object may be deleted from now on.</summary>
    /// <returns>The notice.</returns>
    public async Task<string> PostAsync(string key, CancellationToken cancellation)
    {
        await CleanAsync(cancellation);
        var notice = $"{FolderOf(key)}{Guid.CreateVersion7():N}";
        await WriteAsync(notice, "", cancellation);
        return notice;
    }

    /// <summary>Says that the object was deleted, or was not and will not be.</summary>
    public Task MarkDoneAsync(string notice, CancellationToken cancellation) => WriteAsync(notice, "-", cancellation);

    /// <summary>Waits until no deletion of an object is under way.</summary>
    /// <returns>Whether there was one lately, so that what was put before may be gone.</returns>
    public async Task<bool> WaitAsync(string key, CancellationToken cancellation)
    {
        for (var begin = clock.GetTimestamp(); ;)
        {
            var notices = await ListAsync(FolderOf(key), cancellation);
            var open = notices.FindAll(notice => notice.Size == 0);
            if (open.Count == 0) return notices.Count > 0;
            if (clock.GetElapsedTime(begin) >= Patience)
            {
                foreach (var left in open) await MarkDoneAsync(left.Key, cancellation);
                return true;
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    /// <summary>
    /// Removes notices that nobody can need any more, of any object; once in a while. Those are the ones that were there the last time: what
    /// the clock here says is not compared with the store's, since it may be hours ahead.
    /// </summary>
    private async Task CleanAsync(CancellationToken cancellation)
    {
        var last = Interlocked.Read(ref _lastCleaning);
        if (clock.GetElapsedTime(last) < Kept) return;
        if (Interlocked.CompareExchange(ref _lastCleaning, clock.GetTimestamp(), last) != last) return;
        var found = (await ListAsync(FolderOf(""), cancellation)).Select(notice => notice.Key).ToHashSet();
        foreach (var old in Interlocked.Exchange(ref _seen, found).Where(found.Contains))
            await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = old }, cancellation);
    }

    private async Task<List<S3Object>> ListAsync(string prefix, CancellationToken cancellation)
    {
        var found = new List<S3Object>();
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix };
        do
        {
            var page = await client.ListObjectsV2Async(request, cancellation);
            found.AddRange(page.S3Objects ?? []);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);

        return found;
    }

    private async Task WriteAsync(string notice, string content, CancellationToken cancellation) => await client.PutObjectAsync(
        S3Writer.Encrypted(
            options, new PutObjectRequest { BucketName = options.Bucket, Key = notice, ContentBody = content, UseChunkEncoding = false }),
        cancellation);

    private string FolderOf(string key) => $"{options.Prefix}deletions/{(key.Length > 0 ? key + "/" : "")}";
}
