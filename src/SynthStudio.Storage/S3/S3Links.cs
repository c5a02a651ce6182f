using Amazon.S3;
using Amazon.S3.Model;

namespace SynthStudio.Storage.S3;

/// <summary>Links by which a browser uses the bucket by itself, signed for the address at which browsers reach it.</summary>
internal sealed class S3Links(S3StorageOptions options, TimeProvider clock) : IDisposable
{
    private readonly AmazonS3Client _client = S3Client.Create(options, options.PublicEndpoint ?? options.Endpoint);

    /// <summary>Downloads an object, as a file of this name.</summary>
    public Task<Uri> GetAsync(string key, string fileName, TimeSpan lifetime)
    {
        var request = Request(key, HttpVerb.GET, lifetime);
        request.ResponseHeaderOverrides.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        return SignAsync(request);
    }

    /// <summary>Stores an object of exactly this length, encrypted at rest as the settings say: both are part of what is signed.</summary>
    public async Task<PieceLink> PutAsync(string key, long length, TimeSpan lifetime)
    {
        var request = Request(key, HttpVerb.PUT, lifetime);
        request.Headers.ContentLength = length;
        var headers = S3Writer.Encrypt(options, request);
        return new PieceLink(await SignAsync(request), headers);
    }

    public void Dispose() => _client.Dispose();

    private GetPreSignedUrlRequest Request(string key, HttpVerb verb, TimeSpan lifetime) => new()
    {
        BucketName = options.Bucket, Key = key, Verb = verb, Expires = (clock.GetUtcNow() + lifetime).UtcDateTime,
        Protocol = (options.PublicEndpoint ?? options.Endpoint)?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS,
    };

    private async Task<Uri> SignAsync(GetPreSignedUrlRequest request) => new(await _client.GetPreSignedURLAsync(request));
}
