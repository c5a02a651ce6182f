using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;

namespace SynthStudio.Storage.S3;

/// <summary>
/// Pieces of open uploads as objects, <c>uploads/{session}/{offset}-{length}</c>: what is there is told by their keys. Two processes that were sent the
/// same bytes may have cut them differently; any way through them that has no gap is the upload.
/// </summary>
/// <param name="client">The protocol's client; disposed with this.</param>
/// <param name="options">The bucket.</param>
/// <param name="links">Makes links.</param>
/// <param name="master">Seals the pieces; null leaves them as they are.</param>
internal sealed class S3SharedChunks(IAmazonS3 client, S3StorageOptions options, S3Links links, MasterKey? master = null) : ISharedChunks, IDisposable
{
    private const string Folder = "uploads/";
    private const string Begun = "begun";
    private const string Digits = "D19";

    public Task BeginAsync(string session, CancellationToken cancellation) => PutAsync(session, Begun, ReadOnlyMemory<byte>.Empty, cancellation);

    public Task PutAsync(string session, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        PutAsync(session, NameOf(new SharedChunk(offset, bytes.Length)), master?.Seal(bytes.Span, PurposeOf(session, offset)) ?? bytes, cancellation);

    public async Task<IReadOnlyList<SharedChunk>?> ListAsync(string session, long from, CancellationToken cancellation)
    {
        var keys = await KeysAsync(session, cancellation);
        if (keys.Count == 0) return null;

        var chunks = new List<SharedChunk>();
        // A piece of another length than was agreed is none: whoever has a link may send anything.
        foreach (var chunk in keys.Where(k => k.Name != Begun).Select(k => (Chunk: Parse(k.Name), k.Size)).Where(c => c.Size == c.Chunk.Length + Overhead)
                     .Select(c => c.Chunk).OrderBy(c => c.Offset).ThenByDescending(c => c.Length))
        {
            if (chunk.Offset > from) break; // A gap: what follows came from somebody who died before it was filled.
            if (chunk.End <= from) continue;
            chunks.Add(chunk);
            from = chunk.End;
        }

        return chunks;
    }

    public async Task<byte[]> ReadAsync(string session, SharedChunk chunk, CancellationToken cancellation)
    {
        var key = KeyOf(session, chunk);
        using var response = await S3Errors.TranslateAsync(options, key, () => client.GetObjectAsync(options.Bucket, key, cancellation));
        var bytes = new byte[chunk.Length + Overhead];
        await using var received = new ReceivedStream(response.ResponseStream, key);
        await received.ReadExactlyAsync(bytes, cancellation);
        return master?.Open(bytes, PurposeOf(session, chunk.Offset)) ?? bytes;
    }

    /// <summary>None where pieces are sealed: a browser has no key.</summary>
    public async Task<PieceLink?> CreateLinkAsync(string session, SharedChunk chunk, TimeSpan lifetime) =>
        master is null ? await links.PutAsync(KeyOf(session, chunk), chunk.Length, lifetime) : null;

    public async Task<IReadOnlyList<string>> ListSessionsAsync(CancellationToken cancellation)
    {
        var sessions = new List<string>();
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = $"{options.Prefix}{Folder}", Delimiter = "/" };
        do
        {
            var page = await S3Errors.TranslateAsync(options, Folder, () => client.ListObjectsV2Async(request, cancellation));
            sessions.AddRange((page.CommonPrefixes ?? []).Select(found => found[request.Prefix.Length..^1]));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
        return sessions;
    }

    public async Task RemoveAsync(string session, CancellationToken cancellation)
    {
        foreach (var key in (await KeysAsync(session, cancellation)).Select(k => k.Name).OrderBy(k => k == Begun)) // Last: while it is there, the rest is known.
        {
            await S3Errors.TranslateAsync(options, key, () => client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = options.Bucket, Key = FolderOf(session) + key }, cancellation));
        }
    }

    public void Dispose()
    {
        client.Dispose();
        links.Dispose();
    }

    private async Task PutAsync(string session, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var content = bytes.ToArray();
        await S3Errors.TranslateAsync(options, name, () => client.PutObjectAsync(
            S3Writer.Encrypted(options, new PutObjectRequest
            {
                BucketName = options.Bucket, Key = FolderOf(session) + name, InputStream = new MemoryStream(content), MD5Digest = S3Writer.Digest(content),
                UseChunkEncoding = false,
            }), cancellation));
    }

    private async Task<List<(string Name, long Size)>> KeysAsync(string session, CancellationToken cancellation)
    {
        var keys = new List<(string, long)>();
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = FolderOf(session) };
        do
        {
            var page = await S3Errors.TranslateAsync(options, session, () => client.ListObjectsV2Async(request, cancellation));
            keys.AddRange((page.S3Objects ?? []).Select(found => (found.Key[request.Prefix.Length..], found.Size ?? 0)));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is not null);
        return keys;
    }

    private int Overhead => master is null ? 0 : MasterKey.Overhead;

    private static string PurposeOf(string session, long offset) => $"upload {session} at {offset}";

    private static string NameOf(SharedChunk chunk) => $"{chunk.Offset.ToString(Digits, CultureInfo.InvariantCulture)}-{chunk.Length}";

    private string KeyOf(string session, SharedChunk chunk) => FolderOf(session) + NameOf(chunk);

    private string FolderOf(string session) => $"{options.Prefix}{Folder}{session}/";

    private static SharedChunk Parse(string name)
    {
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return new SharedChunk(long.Parse(name[..dash], CultureInfo.InvariantCulture), int.Parse(name[(dash + 1)..], CultureInfo.InvariantCulture));
    }
}
