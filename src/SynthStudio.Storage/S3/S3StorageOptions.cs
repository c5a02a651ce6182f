using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Storage.S3;

/// <summary>A bucket of Amazon S3, or of anything that speaks its protocol: MinIO, R2, GCS (interoperability), Ceph.</summary>
public sealed class S3StorageOptions
{
    /// <summary>The bucket, which must exist. Empty keeps objects in the data folder.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>Address of a store other than Amazon's, for example <c>http://127.0.0.1:9000</c>.</summary>
    [Url(ErrorMessage = "must be an address such as https://storage.example.com.")]
    public string? Endpoint { get; set; }

    /// <summary>Address of the store as browsers reach it, for links; empty when it is the same. Its bucket must allow the pages' origin (CORS).</summary>
    [Url(ErrorMessage = "must be an address such as https://storage.example.com.")]
    public string? PublicEndpoint { get; set; }

    /// <summary>The bucket's region; other stores mostly take any.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>What keys begin with, for a bucket that others use too: <c>studio/</c>. Empty or ending with a slash.</summary>
    [RegularExpression(@"([A-Za-z0-9._-]+/)*", ErrorMessage = "must be empty or end with a slash, of letters, digits, '.', '_' and '-'.")]
    public string Prefix { get; set; } = "";

    /// <summary>Access key; empty takes it from the environment, the profile or the machine's role, as Amazon's tools do.</summary>
    [DataType(DataType.Password)]
    public string AccessKey { get; set; } = "";

    /// <summary>The access key's secret.</summary>
    [DataType(DataType.Password)]
    public string SecretKey { get; set; } = "";

    /// <summary>Encryption at rest by the store: <c>none</c> leaves it to the bucket, <c>aes256</c>, or <c>kms</c>.</summary>
    [RegularExpression("none|aes256|kms", ErrorMessage = "must be none, aes256 or kms.")]
    public string Encryption { get; set; } = "none";

    /// <summary>The key of <c>kms</c>; empty takes the account's.</summary>
    public string KmsKey { get; set; } = "";

    /// <summary>Bytes of local copies that are kept for workers; a copy in use stays beyond that.</summary>
    [Range(1L << 20, long.MaxValue, ErrorMessage = "must be a megabyte at least.")]
    public long CacheBytes { get; set; } = 20L << 30;
}
