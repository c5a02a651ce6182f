using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace SynthStudio.Storage.S3;

/// <summary>
/// A bucket of somebody else, reached with their key and by nothing of this machine's: no role, no profile, no proxy, no redirects, and only over connections
/// that the caller makes.
/// </summary>
public sealed class ForeignBucket : IDisposable
{
    private const int MostRetries = 2;
    private const int PartBytes = 16 << 20;

    /// <summary>From the beginning of a request to that of its answer.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(5);

    private const string MarkName = "synthstudio-transfer";

    private readonly AmazonS3Client _client;
    private readonly string _bucket;

    /// <param name="url">Address of the store; empty for Amazon's.</param>
    /// <param name="region">The bucket's region.</param>
    /// <param name="bucket">Its name.</param>
    /// <param name="accessKey">The access key.</param>
    /// <param name="secretKey">Its secret.</param>
    /// <param name="timeout">Time that the store has to take a connection.</param>
    /// <param name="connect">Makes connections.</param>
    public ForeignBucket(
        string url, string region, string bucket, string accessKey, string secretKey, TimeSpan timeout,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect)
    {
        _bucket = bucket;
        var config = new AmazonS3Config
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = MostRetries,
            HttpClientFactory = new OwnConnections(timeout, connect),
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (url.Length > 0) (config.ServiceURL, config.AuthenticationRegion, config.ForcePathStyle) = (url, region, true);
        else config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        _client = new AmazonS3Client(new BasicAWSCredentials(accessKey, secretKey), config);
    }

    /// <summary>Opens an object.</summary>
    /// <returns>Its bytes, and how many they are.</returns>
    /// <exception cref="ForeignBucketException">It cannot be read, and why.</exception>
    public async Task<(Stream Content, long Size)> OpenReadAsync(string key, CancellationToken cancellation)
    {
        var response = await TranslateAsync(() => _client.GetObjectAsync(new GetObjectRequest { BucketName = _bucket, Key = key }, cancellation), cancellation);
        return (response.ResponseStream, response.ContentLength);
    }

    /// <summary>
    /// Stores a stream as one object: in parts, each with the MD5 of its bytes, which the store checks before it answers. Where the
    /// object is not to replace another one, the store is asked to refuse that itself (If-None-Match), for stores that know how; the
    /// others are asked before.
    /// </summary>
    /// <param name="content">The bytes.</param>
    /// <param name="key">The object's key.</param>
    /// <param name="mediaType">What they are.</param>
    /// <param name="mark">Whose work it is; an object that bears it is there already.</param>
    /// <param name="replaceable">
    /// What the mark of an object begins with that may be replaced; null for none. One without a mark, or whose mark the
    /// key may not read, is not.
    /// </param>
    /// <param name="tell">Told of bytes that arrived.</param>
    /// <param name="cancellation">Stops it; what arrived is given up.</param>
    /// <exception cref="ForeignBucketException">It cannot be stored, and why.</exception>
    public async Task WriteAsync(
        Stream content, string key, string mediaType, string mark, string? replaceable, Action<long> tell, CancellationToken cancellation)
    {
        var found = await FindMarkAsync(key, cancellation);
        if (found == mark) return;
        var replaces = replaceable is not null && found?.StartsWith(replaceable, StringComparison.Ordinal) == true;
        if (found is not null && !replaces) throw new ForeignBucketException(ForeignBucketFailure.Exists);

        var begin = new InitiateMultipartUploadRequest { BucketName = _bucket, Key = key, ContentType = mediaType };
        begin.Metadata.Add(MarkName, mark);
        var upload = (await TranslateAsync(() => _client.InitiateMultipartUploadAsync(begin, cancellation), cancellation)).UploadId;
        try
        {
            var complete = new CompleteMultipartUploadRequest
            {
                BucketName = _bucket, Key = key, UploadId = upload, PartETags = await SendPartsAsync(content, key, upload, tell, cancellation),
            };
            if (!replaces) complete.IfNoneMatch = "*";
            await CompleteAsync(complete, mark, cancellation);
        }
        catch
        {
            await AbortAsync(key, upload);
            throw;
        }
    }

    /// <summary>Sends the bytes part by part; an object without bytes has one part too.</summary>
    private async Task<List<PartETag>> SendPartsAsync(Stream content, string key, string upload, Action<long> tell, CancellationToken cancellation)
    {
        var (parts, piece) = (new List<PartETag>(), new byte[PartBytes]);
        int read;
        do
        {
            read = await content.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellation);
            if (read == 0 && parts.Count > 0) break;
            var bytes = piece[..read];
            var sent = await TranslateAsync(
                () => _client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = _bucket, Key = key, UploadId = upload, PartNumber = parts.Count + 1,
                        PartSize = read, InputStream = new MemoryStream(bytes),
                        MD5Digest = S3Writer.Digest(bytes), UseChunkEncoding = false,
                    },
                    cancellation),
                cancellation);
            parts.Add(new PartETag(parts.Count + 1, sent.ETag));
            tell(read);
        }
        while (read == piece.Length);
        return parts;
    }

    private async Task CompleteAsync(CompleteMultipartUploadRequest complete, string mark, CancellationToken cancellation)
    {
        try
        {
            await TranslateAsync(() => _client.CompleteMultipartUploadAsync(complete, cancellation), cancellation);
        }
        catch (ForeignBucketException e) when (e.Failure is ForeignBucketFailure.Exists or ForeignBucketFailure.NoObject)
        {
            // The answer to the first request was lost, if it is ours: then the store has the object already, or (others than Amazon's)
            // does not know the upload any more.
            if (await FindMarkAsync(complete.Key, cancellation) != mark) throw;
        }
    }

    /// <summary>The mark of the object under a key: empty for one without; null when there is no object.</summary>
    private async Task<string?> FindMarkAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return (await _client.GetObjectMetadataAsync(
                new GetObjectMetadataRequest { BucketName = _bucket, Key = key }, cancellation)).Metadata[MarkName] ?? "";
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null; // Or no bucket: the next request says so.
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.Forbidden)
        {
            return null; // A key that may write and not read: the store refuses to replace.
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw new ForeignBucketException(FailureOf(e), e);
        }
    }

    /// <summary>Frees what was sent. Where that fails too, the bucket's rule for incomplete uploads must.</summary>
    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await _client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = _bucket, Key = key, UploadId = upload }, CancellationToken.None);
        }
        catch (Exception e) when (S3Errors.IsOfStore(e))
        {
            // The failure that led here is the one to tell.
        }
    }

    public void Dispose() => _client.Dispose();

    private static async Task<T> TranslateAsync<T>(Func<Task<T>> request, CancellationToken cancellation)
    {
        try
        {
            return await request();
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw new ForeignBucketException(FailureOf(e), e);
        }
    }

    private static ForeignBucketFailure FailureOf(Exception e) => e switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => ForeignBucketFailure.NoBucket,
        AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } => ForeignBucketFailure.NoObject,
        AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict } => ForeignBucketFailure.Exists,
        AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" } => ForeignBucketFailure.KeyRefused,
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => ForeignBucketFailure.Forbidden,
        AmazonServiceException { StatusCode: not 0 } => ForeignBucketFailure.Refused,
        _ => ForeignBucketFailure.Unreachable,
    };

    private sealed class OwnConnections(TimeSpan timeout, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = timeout,
            ConnectCallback = (context, cancellation) => connect(context, cancellation),
        })
        { Timeout = LongestRequest };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => true;
    }
}

/// <summary>Why a bucket of somebody else cannot be used.</summary>
public enum ForeignBucketFailure
{
    /// <summary>The store does not answer, or may not be called.</summary>
    Unreachable,

    /// <summary>There is no such bucket.</summary>
    NoBucket,

    /// <summary>There is no such object in it.</summary>
    NoObject,

    /// <summary>The key is not known, or its secret is another.</summary>
    KeyRefused,

    /// <summary>The key may not do that.</summary>
    Forbidden,

    /// <summary>The store answers with another error.</summary>
    Refused,

    /// <summary>There is such an object already.</summary>
    Exists,
}

/// <summary>A bucket of somebody else cannot be used.</summary>
public sealed class ForeignBucketException(ForeignBucketFailure failure, Exception? inner = null) : IOException($"The bucket cannot be used: {failure}.", inner)
{
    public ForeignBucketFailure Failure { get; } = failure;
}
