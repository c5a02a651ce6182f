using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;

namespace SynthStudio.Storage.S3;

/// <summary>
/// Objects in a bucket. What goes in is hashed into a local file first, since its key is its hash; what comes out is verified. Safe for any number of
/// processes: an object is never changed, and putting the same bytes twice is putting them once.
/// </summary>
/// <remarks>
/// Deleting: a bucket that keeps versions loses exactly the version that was looked at, so that bytes put again meanwhile stay. Without versions
/// <see cref="DeletionNotices"/> see to that.
/// </remarks>
internal sealed class S3ObjectStore : IObjectStore, IDisposable
{
    /// <summary>An empty object that is put to see when.</summary>
    private const string TimeKey = "time";

    /// <summary>The protocol tells times by the second.</summary>
    private static readonly TimeSpan TimeResolution = TimeSpan.FromSeconds(1);

    private readonly IAmazonS3 _client;
    private readonly S3StorageOptions _options;
    private readonly S3Writer _writer;
    private readonly DeletionNotices _notices;
    private readonly S3Links _links;
    private readonly LocalCopies _copies;
    private readonly string _incoming;

    /// <param name="client">The protocol's client; disposed with this.</param>
    /// <param name="options">The bucket.</param>
    /// <param name="folder">Of files on their way in and of local copies.</param>
    /// <param name="clock">Tells when a local copy was used.</param>
    public S3ObjectStore(IAmazonS3 client, S3StorageOptions options, string folder, TimeProvider clock)
    {
        (_client, _options) = (client, options);
        _writer = new S3Writer(client, options);
        _notices = new DeletionNotices(client, options, clock);
        _links = new S3Links(options, clock);
        _copies = new LocalCopies(Path.Combine(folder, "copies"), options.CacheBytes, clock);
        _incoming = Path.Combine(folder, "incoming");
        DurableFiles.CreateFolder(_incoming);
        foreach (var abandoned in Directory.EnumerateFiles(_incoming)) File.Delete(abandoned);
    }

    public async Task ProbeAsync(CancellationToken cancellation = default)
    {
        try
        {
            await AskAsync(_options.Bucket, () => _client.HeadBucketAsync(new HeadBucketRequest { BucketName = _options.Bucket }, cancellation));
        }
        catch (ObjectNotFoundException e)
        {
            throw S3Errors.NoBucket(_options, e); // The answer has no body that tells what was not found.
        }
    }

    public Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellation = default) => AskAsync(TimeKey, async () =>
    {
        var key = _options.Prefix + TimeKey;
        var request = new PutObjectRequest { BucketName = _options.Bucket, Key = key, ContentBody = "", UseChunkEncoding = false };
        var put = await _client.PutObjectAsync(S3Writer.Encrypted(_options, request), cancellation);

        // Another process may have put it since: its time is as good.
        var found = await _client.GetObjectMetadataAsync(_options.Bucket, key, cancellation);
        if (IsVersion(put.VersionId)) // They would pile up.
        {
            await _client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = _options.Bucket, Key = key, VersionId = put.VersionId }, cancellation);
        }

        return PutTime(found.LastModified);
    });

    public async Task<ObjectRef> PutAsync(Stream content, string mediaType, CancellationToken cancellation = default)
    {
        var path = Incoming();
        try
        {
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
                await content.CopyToAsync(file, 1 << 20, cancellation);
            return await PutFileAsync(path, mediaType, cancellation);
        }
        catch (IOException e) when (DiskErrors.IsFull(e))
        {
            throw new StorageFullException(e);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public async Task<ObjectRef> PutFileAsync(string path, string mediaType, CancellationToken cancellation = default)
    {
        await using var file = FilesOfOthers.Open(path);
        var sent = await SendAsync(file, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)), mediaType, cancellation);
        if (FilesOfOthers.IsStill(path, file)) _copies.Adopt(path, sent.Sha256);
        return sent;
    }

    public async Task<ObjectRef> PutHashedFileAsync(string path, string sha256, string mediaType, CancellationToken cancellation = default)
    {
        await using var file = FilesOfOthers.Open(path);
        var sent = await SendAsync(file, sha256, mediaType, cancellation);
        _copies.Adopt(path, sha256);
        return sent;
    }

    public async Task<Uri?> CreateLinkAsync(ObjectRef reference, string fileName, TimeSpan lifetime) =>
        await _links.GetAsync(KeyOf(reference.Key), fileName, lifetime);

    public async Task<Stream> OpenReadAsync(ObjectRef reference, bool verify = true, CancellationToken cancellation = default)
    {
        var response = await AskAsync(reference.Key, () => _client.GetObjectAsync(_options.Bucket, KeyOf(reference.Key), cancellation));
        var received = new ReceivedStream(response.ResponseStream, reference.Key);
        return verify ? new VerifyingStream(received, reference) : received;
    }

    public Task<string> GetLocalPathAsync(ObjectRef reference, CancellationToken cancellation = default) =>
        _copies.GetAsync(reference, () => OpenReadAsync(reference, verify: true, cancellation), cancellation);

    public async Task<bool> ExistsAsync(ObjectRef reference, CancellationToken cancellation = default) =>
        await HeadAsync(reference.Key, cancellation) is not null;

    public async Task<bool> DeleteAsync(string key, DateTimeOffset putBefore, CancellationToken cancellation = default)
    {
        if (await HeadAsync(key, cancellation) is not { } found || !IsOlder(found, putBefore)) return false;
        if (IsVersion(found.VersionId))
        {
            await AskAsync(key, () => _client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = _options.Bucket, Key = KeyOf(key), VersionId = found.VersionId }, cancellation));
            return true;
        }

        var notice = await AskAsync(key, () => _notices.PostAsync(key, cancellation));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DeletionNotices.DeletionLimit); // From the look on: who puts the object waits longer than that.
        var goes = false;
        try
        {
            if (await HeadAsync(key, limit.Token) is { } again && IsOlder(again, putBefore))
            {
                goes = true;

                // "null" where versions were turned on or off later: without it such an object would only be hidden.
                await AskAsync(key, () => _client.DeleteObjectAsync(
                    new DeleteObjectRequest { BucketName = _options.Bucket, Key = KeyOf(key), VersionId = again.VersionId }, limit.Token));
            }
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw S3Errors.NoAnswer(e);
        }
        finally
        {
            // After a deletion that may still be under way the notice stays open.
            if (!goes) await AskAsync(key, () => _notices.MarkDoneAsync(notice, CancellationToken.None));
        }

        if (goes) await AskAsync(key, () => _notices.MarkDoneAsync(notice, cancellation));
        return goes;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = _options.Prefix + ObjectKeys.Prefix };
        do
        {
            var page = await AskAsync("list", () => _client.ListObjectsV2Async(request, cancellation));
            foreach (var found in page.S3Objects ?? [])
            {
                var key = found.Key[_options.Prefix.Length..];
                if (ObjectKeys.IsKey(key)) yield return new StoredObject(key, found.Size ?? 0, PutTime(found.LastModified));
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
    }

    public async Task<int> AbortUnfinishedAsync(DateTimeOffset begunBefore, CancellationToken cancellation = default)
    {
        var (aborted, more) = (0, true);
        var request = new ListMultipartUploadsRequest { BucketName = _options.Bucket, Prefix = _options.Prefix + ObjectKeys.Prefix };
        while (more)
        {
            if (await UnfinishedAsync(request, cancellation) is not { } page) return aborted;
            foreach (var upload in page.MultipartUploads ?? [])
            {
                if (!ObjectKeys.IsKey(upload.Key[_options.Prefix.Length..]) || PutTime(upload.Initiated) >= begunBefore) continue;
                try
                {
                    await AskAsync(upload.Key, () => _client.AbortMultipartUploadAsync(
                        new AbortMultipartUploadRequest { BucketName = _options.Bucket, Key = upload.Key, UploadId = upload.UploadId }, cancellation));
                    aborted++;
                }
                catch (ObjectNotFoundException)
                {
                    // It ended, or another process was first.
                }
            }

            (request.KeyMarker, request.UploadIdMarker, more) = (page.NextKeyMarker, page.NextUploadIdMarker, page.IsTruncated == true);
        }

        return aborted;
    }

    /// <summary>
    /// A page of uploads; null from a store that does not list them, or not to this access key: what they take is the bucket's
    /// lifecycle rule's then.
    /// </summary>
    private Task<ListMultipartUploadsResponse?> UnfinishedAsync(ListMultipartUploadsRequest request, CancellationToken cancellation) => AskAsync("list", async () =>
    {
        try
        {
            return (ListMultipartUploadsResponse?)await _client.ListMultipartUploadsAsync(request, cancellation);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is System.Net.HttpStatusCode.NotImplemented
            or System.Net.HttpStatusCode.MethodNotAllowed or System.Net.HttpStatusCode.Forbidden)
        {
            return null;
        }
    });

    public void Dispose()
    {
        _client.Dispose();
        _links.Dispose();
        _copies.Dispose();
    }

    /// <summary>Sends the file that is open, whatever is under its path by now.</summary>
    private async Task<ObjectRef> SendAsync(FileStream file, string sha256, string mediaType, CancellationToken cancellation)
    {
        var reference = new ObjectRef(ObjectKeys.For(sha256), sha256, file.Length, mediaType);
        await AskAsync(reference.Key, () => WriteAsync(file.SafeFileHandle, reference.Key, mediaType, cancellation));
        return reference;
    }

    /// <summary>Writes an object until it is certain that no deletion, begun before, takes it away.</summary>
    private async Task WriteAsync(SafeFileHandle file, string key, string mediaType, CancellationToken cancellation)
    {
        do
        {
            if (IsVersion(await _writer.WriteAsync(file, KeyOf(key), mediaType, cancellation)) || !await _notices.WaitAsync(key, cancellation)) return;
        }
        while (await HeadAsync(key, cancellation) is null);
    }

    private async Task<GetObjectMetadataResponse?> HeadAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(key, () => _client.GetObjectMetadataAsync(_options.Bucket, KeyOf(key), cancellation));
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    private string Incoming() => Path.Combine(_incoming, Guid.CreateVersion7().ToString("N"));

    private string KeyOf(string key) => ObjectKeys.IsKey(key)
        ? _options.Prefix + key
        : throw new ArgumentException($"{key} is not the key of an object.", nameof(key));

    private static bool IsOlder(GetObjectMetadataResponse found, DateTimeOffset putBefore) =>
        PutTime(found.LastModified) + TimeResolution < putBefore;

    /// <summary>
    /// Whether the bucket keeps what this names when the object is put again: one whose versions were turned off names
    /// all of them <c>null</c>.
    /// </summary>
    private static bool IsVersion(string? id) => id is { Length: > 0 } and not "null";

    private static DateTimeOffset PutTime(DateTime? modified) => new(modified!.Value.ToUniversalTime(), TimeSpan.Zero);

    private async Task AskAsync(string key, Func<Task> request) => await AskAsync(key, async () =>
    {
        await request();
        return true;
    });

    private Task<T> AskAsync<T>(string key, Func<Task<T>> request) => S3Errors.TranslateAsync(_options, key, request);
}
