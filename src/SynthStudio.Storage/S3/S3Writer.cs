using System.Net;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Win32.SafeHandles;

namespace SynthStudio.Storage.S3;

/// <summary>
/// Sends files, each request with the MD5 of its bytes, which the store checks before it answers: what is acknowledged arrived whole. Large ones go
/// in parts, several at a time; an object appears when all its parts are there, or not at all.
/// </summary>
internal sealed class S3Writer(IAmazonS3 client, S3StorageOptions options)
{
    private const int PartBytes = 16 << 20;

    /// <summary>The protocol allows so many parts.</summary>
    private const int MostParts = 10_000;

    private const int PartsAtATime = 4;

    /// <summary>What an object says of the upload that it was made by.</summary>
    private const string MarkName = "synthstudio-upload";

    /// <summary>The store does not know what was begun: it forgot it, or somebody gave it up.</summary>
    private const string NoUpload = "NoSuchUpload";

    /// <summary>Who gives up does not wait for a store that does not answer.</summary>
    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Stores a file under a key, in place of what is there. Not only if there is nothing (If-None-Match): keys are hashes, so what is there is the
    /// same, and writing it again renews its time, which keeps the sweep away from an object that is about to be named once more.
    /// </summary>
    /// <returns>The version of the object; null or empty where the bucket keeps none.</returns>
    public async Task<string?> WriteAsync(SafeFileHandle file, string key, string mediaType, CancellationToken cancellation)
    {
        var size = RandomAccess.GetLength(file);
        if (size > PartBytes) return await WritePartsAsync(file, size, key, mediaType, cancellation);

        var bytes = await ReadAsync(file, 0, (int)size, cancellation);
        var put = await client.PutObjectAsync(Encrypted(options, new PutObjectRequest
        {
            BucketName = options.Bucket, Key = key, ContentType = mediaType, InputStream = new MemoryStream(bytes), MD5Digest = Digest(bytes),
            UseChunkEncoding = false,
        }), cancellation);
        return put.VersionId;
    }

    private async Task<string?> WritePartsAsync(SafeFileHandle file, long size, string key, string mediaType, CancellationToken cancellation)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = options.Bucket, Key = key, ContentType = mediaType };
        var mark = Guid.NewGuid().ToString("N");
        begin.Metadata.Add(MarkName, mark);
        if (MethodOf(options) is { } method)
            (begin.ServerSideEncryptionMethod, begin.ServerSideEncryptionKeyManagementServiceKeyId) = (method, KmsKeyOf(options));
        var upload = (await client.InitiateMultipartUploadAsync(begin, cancellation)).UploadId;
        try
        {
            var partBytes = Math.Max(PartBytes, (int)((size + MostParts - 1) / MostParts));
            var parts = new PartETag[(int)((size + partBytes - 1) / partBytes)];
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = PartsAtATime, CancellationToken = cancellation };
            await Parallel.ForAsync(0, parts.Length, parallel, async (part, stop) =>
            {
                var offset = (long)part * partBytes;
                var bytes = await ReadAsync(file, offset, (int)Math.Min(partBytes, size - offset), stop);
                var sent = await client.UploadPartAsync(new UploadPartRequest
                {
                    BucketName = options.Bucket, Key = key, UploadId = upload, PartNumber = part + 1, PartSize = bytes.Length,
                    InputStream = new MemoryStream(bytes), MD5Digest = Digest(bytes), UseChunkEncoding = false,
                }, stop);
                parts[part] = new PartETag(part + 1, sent.ETag);
            });
            return await CompleteAsync(
                new CompleteMultipartUploadRequest { BucketName = options.Bucket, Key = key, UploadId = upload, PartETags = [.. parts] },
                mark, cancellation);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == NoUpload)
        {
            throw GivenUp(e); // Else it would be told as an object that is gone.
        }
        catch
        {
            await AbortAsync(key, upload);
            throw;
        }
    }

    /// <summary>
    /// Makes the object of its parts. Stores other than Amazon's do not know an upload any more that is complete: where the answer got lost
    /// and the client asked again, the object tells whether it is this upload's.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The store gave the upload up.</exception>
    private async Task<string?> CompleteAsync(CompleteMultipartUploadRequest complete, string mark, CancellationToken cancellation)
    {
        try
        {
            return (await client.CompleteMultipartUploadAsync(complete, cancellation)).VersionId;
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == NoUpload)
        {
            if (await FindAsync(complete.Key, cancellation) is { } found && found.Metadata[MarkName] == mark) return found.VersionId;
            throw GivenUp(e);
        }
    }

    private static StorageUnavailableException GivenUp(Exception e) =>
        new("The object store gave up what it was sent in parts; try again.", e);

    private async Task<GetObjectMetadataResponse?> FindAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return await client.GetObjectMetadataAsync(options.Bucket, key, cancellation);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Frees what was sent. Where that fails too, the bucket's rule for incomplete uploads must.</summary>
    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await S3Errors.TranslateAsync(options, key, AbortLimit, stop => client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = options.Bucket, Key = key, UploadId = upload }, stop), CancellationToken.None);
        }
        catch (Exception e) when (e is StorageUnavailableException or ObjectNotFoundException)
        {
            // The failure that led here is the one to tell.
        }
    }

    /// <summary>The request, with what the settings say of encryption at rest.</summary>
    internal static PutObjectRequest Encrypted(S3StorageOptions options, PutObjectRequest request)
    {
        if (MethodOf(options) is { } method)
            (request.ServerSideEncryptionMethod, request.ServerSideEncryptionKeyManagementServiceKeyId) = (method, KmsKeyOf(options));
        return request;
    }

    /// <summary>The same for a link, whose user has to send the headers that are returned.</summary>
    internal static IReadOnlyDictionary<string, string> Encrypt(S3StorageOptions options, GetPreSignedUrlRequest request)
    {
        var headers = new Dictionary<string, string>();
        if (MethodOf(options) is not { } method) return headers;
        request.ServerSideEncryptionMethod = method;
        headers.Add("x-amz-server-side-encryption", method.Value);
        if (KmsKeyOf(options) is not { } key) return headers;
        request.ServerSideEncryptionKeyManagementServiceKeyId = key;
        headers.Add("x-amz-server-side-encryption-aws-kms-key-id", key);
        return headers;
    }

    private static ServerSideEncryptionMethod? MethodOf(S3StorageOptions options) => options.Encryption switch
    {
        "aes256" => ServerSideEncryptionMethod.AES256,
        "kms" => ServerSideEncryptionMethod.AWSKMS,
        _ => null,
    };

    private static string? KmsKeyOf(S3StorageOptions options) => options.KmsKey.Length > 0 ? options.KmsKey : null;

    private static async Task<byte[]> ReadAsync(SafeFileHandle file, long offset, int count, CancellationToken cancellation)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(count);
        for (var read = 0; read < count;)
        {
            var more = await RandomAccess.ReadAsync(file, bytes.AsMemory(read), offset + read, cancellation);
            read += more > 0 ? more : throw new EndOfStreamException("The file became shorter while it was stored.");
        }

        return bytes;
    }

#pragma warning disable CA5351 // MD5 is what the protocol has for finding errors of transport; objects are named and verified by SHA-256.
    internal static string Digest(byte[] bytes) => Convert.ToBase64String(MD5.HashData(bytes));
#pragma warning restore CA5351
}
