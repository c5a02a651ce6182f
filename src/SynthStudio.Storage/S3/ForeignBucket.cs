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

    private readonly AmazonS3Client _client;
    private readonly string _bucket;

    /// <param name="url">Address of the store; empty for Amazon's.</param>
    /// <param name="region">The bucket's region.</param>
    /// <param name="bucket">Its name.</param>
    /// <param name="accessKey">The access key.</param>
    /// <param name="secretKey">Its secret.</param>
    /// <param name="timeout">Time that the store has for an answer to begin.</param>
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
            Timeout = timeout,
            HttpClientFactory = new OwnConnections(connect),
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
        AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" } => ForeignBucketFailure.KeyRefused,
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } => ForeignBucketFailure.Forbidden,
        AmazonServiceException { StatusCode: not 0 } => ForeignBucketFailure.Refused,
        _ => ForeignBucketFailure.Unreachable,
    };

    private sealed class OwnConnections(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectCallback = (context, cancellation) => connect(context, cancellation),
        })
        { Timeout = Timeout.InfiniteTimeSpan };

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
}

/// <summary>A bucket of somebody else cannot be used.</summary>
public sealed class ForeignBucketException(ForeignBucketFailure failure, Exception inner) : IOException($"The bucket cannot be used: {failure}.", inner)
{
    public ForeignBucketFailure Failure { get; } = failure;
}
