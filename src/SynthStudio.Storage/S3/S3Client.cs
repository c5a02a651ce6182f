using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace SynthStudio.Storage.S3;

/// <summary>Makes the protocol's client.</summary>
internal static class S3Client
{
    private const int MostRetries = 5;

    /// <summary>A store takes a connection within this, or the request is tried again.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// From the beginning of one try to that of its answer, what is sent included: four parts of 16 MiB side by side at 4.5 Mbit/s. What is
    /// received has <see cref="ReceivedStream"/>'s limit.
    /// </summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>For requests without bytes that somebody waits for: see <see cref="Timeout"/>.</summary>
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(5);

    public static AmazonS3Client Create(S3StorageOptions options) => Create(options, options.Endpoint, Timeout);

    /// <summary>A client for small requests only.</summary>
    public static AmazonS3Client CreateForSmall(S3StorageOptions options) => Create(options, options.Endpoint, ShortTimeout);

    /// <param name="options">The bucket.</param>
    /// <param name="address">Where it is reached, if not at Amazon's.</param>
    /// <param name="timeout">For one try of a request; null for the usual one.</param>
    /// <param name="retries">Tries after the first.</param>
    public static AmazonS3Client Create(S3StorageOptions options, string? address, TimeSpan? timeout = null, int retries = MostRetries)
    {
        var config = new AmazonS3Config
        {
            Timeout = timeout ?? Timeout,
            ConnectTimeout = ConnectTimeout,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = retries,
            // Other stores refuse the checksums that Amazon's client would add by itself; ours go with every request (S3Writer).
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (address is { } endpoint)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = options.Region;
            config.ForcePathStyle = true; // A bucket as part of the host name needs a name server that knows it.
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKey.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config)
            : new AmazonS3Client(config);
    }
}
