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
internal sealed class S3SharedChunks(
    IAmazonS3 client, S3StorageOptions options, S3Links links, MasterKey? master = null)
    : ISharedChunks, IPieceSeals, IDisposable
{
    private const string Folder = "uploads/";
    private const string Begun = "begun";
    private const string Digits = "D19";

    /// <summary>Pieces that the last pass found sealed by the current master key, by name and version: of each only the first pass reads anything.</summary>
    private HashSet<string> _current = [];

    public Task BeginAsync(string session, CancellationToken cancellation) => PutAsync(session, Begun, ReadOnlyMemory<byte>.Empty, cancellation);

    public Task PutAsync(string session, long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        PutAsync(session, NameOf(new SharedChunk(offset, bytes.Length)), master?.Seal(bytes.Span, PurposeOf(session, offset)) ?? bytes, cancellation);

    public async Task<IReadOnlyList<SharedChunk>?> ListAsync(string session, long from, CancellationToken cancellation)
    {
        var keys = await KeysAsync(session, cancellation);
        if (keys.Count == 0) return null;

        var chunks = new List<SharedChunk>();
        foreach (var chunk in PiecesAmong(keys).Select(piece => piece.Chunk).OrderBy(c => c.Offset).ThenByDescending(c => c.Length))
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
        foreach (var key in (await KeysAsync(session, cancellation))
            .Select(k => k.Name)
            .OrderBy(k => k == Begun)) // Last: while it is there, the rest is known.
        {
            await S3Errors.TranslateAsync(options, key, () => client.DeleteObjectAsync(
                new DeleteObjectRequest { BucketName = options.Bucket, Key = FolderOf(session) + key }, cancellation));
        }
    }

    public async Task<ResealedPieces> ResealAsync(CancellationToken cancellation = default)
    {
        var found = new ResealedPieces(0, 0, 0);
        if (master is null) return found;
        var (known, current) = (_current, new HashSet<string>());
        foreach (var session in await ListSessionsAsync(cancellation))
        {
            foreach (var (chunk, version) in PiecesAmong(await KeysAsync(session, cancellation)))
            {
                var seen = $"{KeyOf(session, chunk)} {version}";
                var seal = known.Contains(seen) ? Seal.Current : await ResealAsync(master, session, chunk, cancellation);
                if (seal == Seal.Current) current.Add(seen);
                if (seal == Seal.Gone) continue;
                found = new(found.Count + 1, found.Resealed + (seal == Seal.Renewed ? 1 : 0), found.Unreadable + (seal == Seal.Unreadable ? 1 : 0));
            }
        }

        _current = current;
        return found;
    }

    public void Dispose()
    {
        client.Dispose();
        links.Dispose();
    }

    private async Task<Seal> ResealAsync(MasterKey key, string session, SharedChunk chunk, CancellationToken cancellation)
    {
        try
        {
            if (key.IsCurrent(await ReadHeadAsync(session, chunk, cancellation))) return Seal.Current;
            await PutAsync(session, chunk.Offset, await ReadAsync(session, chunk, cancellation), cancellation);
            if ((await KeysAsync(session, cancellation)).Exists(k => k.Name == Begun)) return Seal.Renewed;
            await RemoveAsync(session, cancellation); // It ended meanwhile: this piece alone would look like one that is open.
            return Seal.Gone;
        }
        catch (ObjectNotFoundException)
        {
            return Seal.Gone;
        }
        catch (SealBrokenException)
        {
            return Seal.Unreadable; // The others need not wait for it.
        }
    }

    /// <summary>The beginning of a piece as it lies there, which says what sealed it.</summary>
    private async Task<byte[]> ReadHeadAsync(string session, SharedChunk chunk, CancellationToken cancellation)
    {
        var key = KeyOf(session, chunk);
        var request = new GetObjectRequest { BucketName = options.Bucket, Key = key, ByteRange = new ByteRange(0, MasterKey.Overhead - 1) };
        using var response = await S3Errors.TranslateAsync(options, key, () => client.GetObjectAsync(request, cancellation));
        var head = new byte[MasterKey.Overhead];
        await using var received = new ReceivedStream(response.ResponseStream, key);
        await received.ReadExactlyAsync(head, cancellation);
        return head;
    }

    /// <summary>A piece of another length than was agreed is none: whoever has a link may send anything.</summary>
    private IEnumerable<(SharedChunk Chunk, string Version)> PiecesAmong(List<(string Name, long Size, string Version)> keys) =>
        keys.Where(k => k.Name != Begun)
            .Select(k => (Chunk: Parse(k.Name), k.Size, k.Version))
            .Where(k => k.Size == k.Chunk.Length + Overhead)
            .Select(k => (k.Chunk, k.Version));

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

    private async Task<List<(string Name, long Size, string Version)>> KeysAsync(string session, CancellationToken cancellation)
    {
        var keys = new List<(string, long, string)>();
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = FolderOf(session) };
        do
        {
            var page = await S3Errors.TranslateAsync(options, session, () => client.ListObjectsV2Async(request, cancellation));
            keys.AddRange((page.S3Objects ?? []).Select(found => (found.Key[request.Prefix.Length..], found.Size ?? 0, found.ETag ?? "")));
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

    /// <summary>What became of a piece.</summary>
    private enum Seal
    {
        Current,
        Renewed,
        Unreadable,
        Gone,
    }
}
