using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>The store in a bucket, against a server that speaks the protocol.</summary>
[TestClass, DoNotParallelize]
public sealed class S3ObjectStoreTests : IDisposable
{
    private static S3Server server = null!;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-store-");
    private readonly S3StorageOptions _bucket = new()
    {
        Bucket = S3Server.Bucket, Endpoint = server.Endpoint, AccessKey = S3Server.Key, SecretKey = S3Server.Key, Prefix = $"{Guid.NewGuid():N}/",
        CacheBytes = 1 << 20,
    };

    private ServiceProvider _services = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private IObjectStore Objects => _services.GetRequiredService<IObjectStore>();

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => server = await S3Server.StartAsync(context.CancellationToken);

    [ClassCleanup]
    public static void Stop() => server.Dispose();

    [TestInitialize]
    public void Compose() => _services = new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddSynthStudioStorage(new StorageOptions { Root = _folder.FullName, S3 = _bucket })
        .BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1_003)]
    [DataRow(40_000_003, DisplayName = "in parts")]
    public async Task What_is_put_is_read_under_the_hash_of_its_bytes_whatever_its_size(int length)
    {
        var bytes = TestStorage.Bytes(length);
        var put = await Objects.PutAsync(new MemoryStream(bytes), "text/csv", Cancellation);

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.AreEqual(new ObjectRef($"sha256/{hash[..2]}/{hash[2..4]}/{hash}", hash, length, "text/csv"), put);
        CollectionAssert.AreEqual(bytes, await ReadAsync(put));
        Assert.IsTrue(await Objects.ExistsAsync(put, Cancellation));
    }

    [TestMethod]
    public async Task Another_process_reads_what_this_one_put_and_keeps_a_copy_for_its_workers()
    {
        var bytes = TestStorage.Bytes(300_000);
        var put = await Objects.PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        var elsewhere = Directory.CreateTempSubdirectory("s3-elsewhere-");
        await using (var other = new ServiceCollection().AddSingleton(TimeProvider.System)
            .AddSynthStudioStorage(new StorageOptions { Root = elsewhere.FullName, S3 = _bucket }).BuildServiceProvider())
        {
            var path = await other.GetRequiredService<IObjectStore>().GetLocalPathAsync(put, Cancellation);
            CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(path, Cancellation));
        }

        elsewhere.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "other bytes were put there")]
    [DataRow(true, DisplayName = "they changed where they lie")]
    public async Task Damage_in_the_bucket_is_detected_and_mended_by_putting_the_bytes_again(bool onDisk)
    {
        var bytes = TestStorage.Bytes(100_000);
        var put = await Objects.PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        if (onDisk) server.Damage(_bucket.Prefix + put.Key);
        else await PutRawAsync(put.Key, [.. bytes[..^1], (byte)~bytes[^1]]);
        Directory.Delete(Path.Combine(_folder.FullName, "s3", "copies"), recursive: true);
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "s3", "copies"));

        await Assert.ThrowsExactlyAsync<ObjectCorruptException>(() => ReadAsync(put));
        await Assert.ThrowsExactlyAsync<ObjectCorruptException>(() => Objects.GetLocalPathAsync(put, Cancellation));
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(_folder.FullName, "s3", "copies")));

        await Objects.PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        CollectionAssert.AreEqual(bytes, await ReadAsync(put));
    }

    private async Task PutRawAsync(string key, byte[] bytes)
    {
        using var raw = S3Client.Create(_bucket);
        await raw.PutObjectAsync(
            new Amazon.S3.Model.PutObjectRequest
            {
                BucketName = _bucket.Bucket, Key = _bucket.Prefix + key, InputStream = new MemoryStream(bytes), UseChunkEncoding = false,
            },
            Cancellation);
    }

    [TestMethod]
    public async Task The_list_has_what_is_below_the_prefix_and_nothing_else()
    {
        var put = new List<string>();
        for (var i = 0; i < 5; i++) put.Add((await Objects.PutAsync(new MemoryStream(TestStorage.Bytes(10, seed: i + 1)), "a/b", Cancellation)).Key);
        using var raw = S3Client.Create(_bucket);
        await raw.PutObjectAsync(
            new Amazon.S3.Model.PutObjectRequest
            {
                BucketName = _bucket.Bucket, Key = _bucket.Prefix + "sha256/notes.txt", ContentBody = "not ours", UseChunkEncoding = false,
            },
            Cancellation);

        var listed = await Objects.ListAsync(Cancellation).ToListAsync(Cancellation);
        CollectionAssert.AreEquivalent(put, listed.ConvertAll(o => o.Key));
        Assert.IsTrue(listed.TrueForAll(o => o.Size == 10));
    }

    [TestMethod]
    public async Task A_list_of_more_than_a_page_is_whole()
    {
        const int Count = 1_010;
        using var raw = S3Client.Create(_bucket);
        var keys = Enumerable.Range(0, Count).Select(i => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i)))).Select(hash => $"sha256/{hash[..2]}/{hash[2..4]}/{hash}").ToList();
        var many = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation };
        await Parallel.ForEachAsync(keys, many, async (key, cancellation) => await raw.PutObjectAsync(
            new PutObjectRequest { BucketName = _bucket.Bucket, Key = _bucket.Prefix + key, ContentBody = "one", UseChunkEncoding = false },
            cancellation));

        var listed = await Objects.ListAsync(Cancellation).Select(o => o.Key).ToListAsync(Cancellation);

        CollectionAssert.AreEquivalent(keys, listed, "A bucket tells of a thousand at a time.");
    }

    [TestMethod]
    public async Task Only_what_was_put_before_is_deleted()
    {
        var put = await Objects.PutAsync(new MemoryStream(TestStorage.Bytes(10)), "a/b", Cancellation);

        Assert.IsFalse(await Objects.DeleteAsync(put.Key, DateTimeOffset.UnixEpoch, Cancellation));
        Assert.IsTrue(await Objects.DeleteAsync(put.Key, DateTimeOffset.MaxValue, Cancellation));
        Assert.IsFalse(await Objects.ExistsAsync(put, Cancellation));
        Assert.IsFalse(await Objects.DeleteAsync(put.Key, DateTimeOffset.MaxValue, Cancellation));
        await Assert.ThrowsExactlyAsync<ObjectNotFoundException>(() => Objects.OpenReadAsync(put, cancellation: Cancellation));
    }

    [TestMethod]
    public async Task The_time_is_the_buckets_by_which_nothing_new_is_old_to_a_process_whose_clock_is_hours_ahead()
    {
        var put = await Objects.PutAsync(new MemoryStream(TestStorage.Bytes(10)), "a/b", Cancellation);
        var elsewhere = Directory.CreateTempSubdirectory("s3-ahead-");
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(2));
        await using (var other = new ServiceCollection().AddSingleton<TimeProvider>(clock)
            .AddSynthStudioStorage(new StorageOptions { Root = elsewhere.FullName, S3 = _bucket }).BuildServiceProvider())
        {
            var ahead = other.GetRequiredService<IObjectStore>();
            var time = await ahead.GetTimeAsync(Cancellation);
            var (stored, nothing) = (await ahead.ListAsync(Cancellation).SingleAsync(Cancellation), new HashSet<string>());

            Assert.IsGreaterThanOrEqualTo(stored.PutTime.AddSeconds(-1), time);
            Assert.IsLessThan(clock.GetUtcNow().AddHours(-1), time);
            Assert.AreEqual(new FreedSpace(0, 0), await ObjectGarbage.CollectAsync(ahead, nothing, time.AddHours(-1), Cancellation));
            Assert.IsTrue(await Objects.ExistsAsync(put, Cancellation));
            Assert.AreEqual(new FreedSpace(1, 10), await ObjectGarbage.CollectAsync(ahead, nothing, time.AddHours(1), Cancellation));
        }

        elsewhere.Delete(recursive: true);
    }

    [TestMethod]
    public async Task What_a_process_that_died_had_sent_in_parts_is_given_up_and_nothing_of_others()
    {
        using var raw = S3Client.Create(_bucket);
        var old = await BeginAsync(_bucket.Prefix + ObjectKeys.For(new string('a', 64)));
        await raw.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = _bucket.Bucket, Key = old.Key, UploadId = old.UploadId, PartNumber = 1,
                InputStream = new MemoryStream([1, 2]), UseChunkEncoding = false,
            },
            Cancellation);
        await BeginAsync(_bucket.Prefix + "sha256/notes.txt");
        await BeginAsync("other" + _bucket.Prefix + ObjectKeys.For(new string('a', 64)));
        Assert.AreEqual(0, await Objects.AbortUnfinishedAsync(TimeProvider.System.GetUtcNow().AddDays(-1), Cancellation), "It may be on its way.");

        Assert.AreEqual(1, await Objects.AbortUnfinishedAsync(DateTimeOffset.MaxValue, Cancellation));

        Assert.AreEqual(0, await Objects.AbortUnfinishedAsync(DateTimeOffset.MaxValue, Cancellation));
        var left = await raw.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _bucket.Bucket }, Cancellation);
        Assert.HasCount(2, left.MultipartUploads.FindAll(u => u.Key.Contains(_bucket.Prefix, StringComparison.Ordinal)));
        await Objects.PutAsync(new MemoryStream(TestStorage.Bytes(40_000_003)), "a/b", Cancellation);
        Assert.AreEqual(0, await Objects.AbortUnfinishedAsync(DateTimeOffset.MaxValue, Cancellation), "What is complete is none.");

        Task<InitiateMultipartUploadResponse> BeginAsync(string key) =>
            raw.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = _bucket.Bucket, Key = key }, Cancellation);
    }

    [TestMethod]
    public async Task Uploads_end_in_the_bucket()
    {
        var uploads = _services.GetRequiredService<IUploadStore>();
        var bytes = TestStorage.Bytes(50_000);
        var session = await uploads.CreateAsync(bytes.Length, Cancellation);
        await uploads.AppendAsync(session, 0, bytes, Cancellation);

        CollectionAssert.AreEqual(bytes, await ReadAsync(await uploads.FinishAsync(session, "text/csv", null, cancellation: Cancellation)));
    }

    [TestMethod]
    public async Task A_bucket_that_is_not_there_is_named()
    {
        _bucket.Bucket = "another";
        var error = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(
            () => Objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation));
        StringAssert.Contains(error.Message, "another");
        error = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => Objects.ProbeAsync(Cancellation));
        StringAssert.Contains(error.Message, "another");
    }

    [TestMethod]
    public async Task A_store_that_is_gone_is_unavailable_and_nothing_is_lost_when_it_is_back()
    {
        var put = await Objects.PutAsync(new MemoryStream(TestStorage.Bytes(10)), "a/b", Cancellation);
        server.Kill();
        try
        {
            await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => Objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation));
            await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => ReadAsync(put));
            await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => Objects.ProbeAsync(Cancellation));
        }
        finally
        {
            await server.RestartAsync(Cancellation);
        }

        await Objects.ProbeAsync(Cancellation);
        CollectionAssert.AreEqual(TestStorage.Bytes(10), await ReadAsync(put));
    }

    private async Task<byte[]> ReadAsync(ObjectRef reference)
    {
        await using var stream = await Objects.OpenReadAsync(reference, verify: true, Cancellation);
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, Cancellation);
        return buffer.ToArray();
    }
}
