using System.Security.Cryptography;
using System.Text;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.Encryption;

/// <summary>Encrypted objects in a bucket.</summary>
[TestClass, DoNotParallelize]
public sealed class EncryptionTestsInABucket : EncryptionTests
{
    private static S3Server server = null!;
    private readonly byte[] _old = RandomNumberGenerator.GetBytes(MasterKey.Bytes), _fresh = RandomNumberGenerator.GetBytes(MasterKey.Bytes);
    private readonly S3StorageOptions _bucket = new()
    {
        Bucket = S3Server.Bucket, Endpoint = server.Endpoint, AccessKey = S3Server.Key, SecretKey = S3Server.Key, Prefix = $"{Guid.NewGuid():N}/",
    };

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => server = await S3Server.StartAsync(context.CancellationToken);

    [ClassCleanup]
    public static void Stop() => server.Dispose();

    protected override S3StorageOptions? Bucket => _bucket;

    protected override async Task<byte[]> StoredAsync(ObjectRef reference)
    {
        using var client = S3Client.Create(_bucket);
        using var response = await client.GetObjectAsync(_bucket.Bucket, _bucket.Prefix + reference.Key, Cancellation);
        using var bytes = new MemoryStream();
        await response.ResponseStream.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }

    protected override async Task StoreAsync(ObjectRef reference, byte[] bytes)
    {
        using var client = S3Client.Create(_bucket);
        await client.PutObjectAsync(
            new()
            {
                BucketName = _bucket.Bucket, Key = _bucket.Prefix + reference.Key,
                InputStream = new MemoryStream(bytes), UseChunkEncoding = false,
            },
            Cancellation);
    }

    [TestMethod]
    public async Task Pieces_of_open_uploads_are_sealed_too_and_browsers_get_no_links()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a secret line\n", 1000)));
        var session = await BeginAsync(bytes, bytes.Length);
        Assert.IsNull(await Uploads.CreateLinkAsync(session, 0, 10, TimeSpan.FromMinutes(1)));

        using var client = S3Client.Create(_bucket);
        var listed = await client.ListObjectsV2Async(new() { BucketName = _bucket.Bucket, Prefix = _bucket.Prefix + "uploads/" }, Cancellation);
        foreach (var found in listed.S3Objects)
        {
            using var response = await client.GetObjectAsync(_bucket.Bucket, found.Key, Cancellation);
            using var reader = new StreamReader(response.ResponseStream, Encoding.Latin1);
            Assert.DoesNotContain("secret", await reader.ReadToEndAsync(Cancellation));
        }

        Restart(); // Another process makes itself a copy of what is shared.
        Assert.AreEqual(bytes.Length, await Uploads.GetCommittedSizeAsync(session, Cancellation));
        var put = await Uploads.FinishAsync(session, "text/csv", project: "projects/a", cancellation: Cancellation);
        CollectionAssert.AreEqual(bytes, await ReadAsync(put));
        Assert.AreNotEqual(ObjectKeys.For(put.Sha256), put.Key);
    }

    [TestMethod]
    public async Task Pieces_are_sealed_anew_by_a_new_master_key_and_their_upload_goes_on_without_the_earlier_one()
    {
        var bytes = TestStorage.Bytes((9 << 20) + 10);
        Restart(master: new MasterKey(_old));
        var session = await BeginAsync(bytes.AsMemory(0, 9 << 20), bytes.Length); // Two pieces.
        var empty = await Uploads.CreateAsync(null, Cancellation);

        Restart(master: new MasterKey(_fresh, _old));
        Assert.AreEqual(new ResealedPieces(2, 2, 0), await Pieces.ResealAsync(Cancellation));
        for (var i = 0; i < 2; i++) Assert.AreEqual(new ResealedPieces(2, 0, 0), await Pieces.ResealAsync(Cancellation));
        await Uploads.AppendAsync(session, 9 << 20, bytes.AsMemory(9 << 20), Cancellation);
        await Uploads.FlushAsync(session, Cancellation);

        Restart(master: new MasterKey(_fresh)); // The earlier one is forgotten.
        Assert.AreEqual(new ResealedPieces(3, 0, 0), await Pieces.ResealAsync(Cancellation));
        Assert.AreEqual(0, await Uploads.GetCommittedSizeAsync(empty, Cancellation));
        Assert.AreEqual(bytes.Length, await Uploads.GetCommittedSizeAsync(session, Cancellation));
        CollectionAssert.AreEqual(bytes, await ReadAsync(await Uploads.FinishAsync(session, "text/csv", project: "projects/a", cancellation: Cancellation)));
    }

    [TestMethod]
    public async Task A_piece_that_no_key_opens_is_counted_and_waits_for_its_key()
    {
        Restart(master: new MasterKey(_old));
        var session = await BeginAsync(new byte[100]);

        Restart(master: new MasterKey(_fresh));
        Assert.AreEqual(new ResealedPieces(1, 0, 1), await Pieces.ResealAsync(Cancellation), "Who would forget the key is told.");
        Restart(master: new MasterKey(_fresh, _old));
        Assert.AreEqual(new ResealedPieces(1, 1, 0), await Pieces.ResealAsync(Cancellation));
        Restart(master: new MasterKey(_fresh));
        Assert.AreEqual(100, await Uploads.GetCommittedSizeAsync(session, Cancellation));
    }

    [TestMethod]
    public async Task Of_an_upload_that_ends_while_its_pieces_are_sealed_anew_nothing_stays()
    {
        Restart(master: new MasterKey(_old));
        var session = await BeginAsync(new byte[100]);
        using var client = S3Client.Create(_bucket);
        await client.DeleteObjectAsync(_bucket.Bucket, $"{_bucket.Prefix}uploads/{session}/begun", Cancellation); // As after its end, when the piece is put once more.

        Restart(master: new MasterKey(_fresh, _old));
        Assert.AreEqual(new ResealedPieces(0, 0, 0), await Pieces.ResealAsync(Cancellation));
        Assert.DoesNotContain(session, await Uploads.ListSessionsAsync(TimeProvider.System.GetUtcNow().AddMinutes(1), Cancellation));
    }

    /// <summary>An open upload with some bytes in the bucket.</summary>
    private async Task<string> BeginAsync(ReadOnlyMemory<byte> bytes, long? size = null)
    {
        var session = await Uploads.CreateAsync(size, Cancellation);
        await Uploads.AppendAsync(session, 0, bytes, Cancellation);
        await Uploads.FlushAsync(session, Cancellation);
        return session;
    }
}
