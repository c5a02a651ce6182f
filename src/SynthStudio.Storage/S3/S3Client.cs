using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace SynthStudio.Storage.S3;

/// <summary>Makes the protocol's client.</summary>
internal static class S3Client
{
    private const int MostRetries = 5;

    public static AmazonS3Client Create(S3StorageOptions options) => Create(options, options.Endpoint);

    /// <param name="options">The bucket.</param>
    /// <param name="address">Where it is reached, if not at Amazon's.</param>
    public static AmazonS3Client Create(S3StorageOptions options, string? address)
    {
        var config = new AmazonS3Config
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = MostRetries,
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
