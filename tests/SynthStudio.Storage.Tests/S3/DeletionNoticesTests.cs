using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>Two processes, one deletes an object, the other puts it again: in a bucket without versions nothing is lost, whatever comes between.</summary>
[TestClass]
public sealed class DeletionNoticesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-notices-");
    private readonly List<S3ObjectStore> _stores = [];
    private readonly string _prefix = $"{Guid.NewGuid():N}/";
    private S3StorageOptions _bucket = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestInitialize]
    public async Task ConnectAsync() => _bucket = new()
    {
        Bucket = S3Server.Bucket, Endpoint = (await S3Server.SharedAsync()).Endpoint, AccessKey = S3Server.Key, SecretKey = S3Server.Key,
        Prefix = _prefix, CacheBytes = 1 << 20,
    };

    public void Dispose()
    {
        foreach (var store in _stores) store.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow(1_003)]
    [DataRow(40_000_003, DisplayName = "in parts")]
    public async Task Bytes_that_are_put_again_between_look_and_deletion_stay(int length)
    {
        var bytes = TestStorage.Bytes(length);
        var (isPut, again) = (new TaskCompletionSource(), Task.CompletedTask);
        var putter = Store(new HookedClient(_bucket) { AfterPut = key => Note(key, isPut) });
        var sweeper = Store(new HookedClient(_bucket)
        {
            BeforeDelete = async key =>
            {
                if (!IsObject(key)) return;
                again = putter.PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
                await isPut.Task.WaitAsync(Cancellation);
            },
        });
        var put = await Store().PutAsync(new MemoryStream(bytes), "a/b", Cancellation);

        Assert.IsTrue(await sweeper.DeleteAsync(put.Key, DateTimeOffset.MaxValue, Cancellation));
        Assert.IsTrue(isPut.Task.IsCompleted, "The second put has to come between.");
        await again;

        Assert.IsTrue(await putter.ExistsAsync(put, Cancellation));
    }

    [TestMethod]
    public async Task Bytes_that_are_put_again_before_the_last_look_are_not_deleted()
    {
        var bytes = TestStorage.Bytes(10);
        var isPut = new TaskCompletionSource();
        var putter = Store(new HookedClient(_bucket) { AfterPut = key => Note(key, isPut) });
        var put = await Store().PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(2.1), Cancellation); // The protocol tells times by the second.
        var before = TimeProvider.System.GetUtcNow();
        Task? again = null;
        var sweeper = Store(new HookedClient(_bucket)
        {
            AfterPut = key =>
            {
                if (!IsObject(key)) again ??= putter.PutAsync(new MemoryStream(bytes), "a/b", Cancellation); // The notice is posted.
                return isPut.Task.WaitAsync(Cancellation);
            },
        });

        Assert.IsFalse(await sweeper.DeleteAsync(put.Key, before, Cancellation));
        await again!;

        Assert.IsTrue(await putter.ExistsAsync(put, Cancellation));
    }

    [TestMethod]
    public async Task What_a_process_that_died_was_deleting_holds_nobody_up_for_ever()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var bytes = TestStorage.Bytes(10);
        var put = await Store().PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        using var client = S3Client.Create(_bucket);
        await new DeletionNotices(client, _bucket, clock).PostAsync(put.Key, Cancellation);

        var again = Store(clock: clock).PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        var waited = TimeSpan.Zero;
        for (; !again.IsCompleted; waited += TimeSpan.FromSeconds(1))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Cancellation);
        }

        await again;
        Assert.IsTrue(waited > TimeSpan.FromSeconds(20) && await Store().ExistsAsync(put, Cancellation), $"{waited}");
        // By the system's clock: it would wait a minute.
        await Store().PutAsync(new MemoryStream(bytes), "a/b", Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [TestMethod]
    public async Task Notices_go_when_nobody_can_need_them_any_more()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var client = S3Client.Create(_bucket);
        var notices = new DeletionNotices(client, _bucket, clock);
        await notices.PostAsync("sha256/a", Cancellation);
        await notices.PostAsync("sha256/b", Cancellation);
        clock.Advance(TimeSpan.FromHours(2));
        var seen = await notices.PostAsync("sha256/c", Cancellation);
        Assert.HasCount(3, await KeysAsync(client), "They were not there when it looked the last time.");

        clock.Advance(TimeSpan.FromHours(2));
        var last = await notices.PostAsync("sha256/d", Cancellation);

        CollectionAssert.AreEqual(new[] { seen, last }, await KeysAsync(client));
    }

    [TestMethod]
    public async Task A_process_whose_clock_is_hours_ahead_removes_no_notice_that_was_just_posted()
    {
        using var client = S3Client.Create(_bucket);
        var ahead = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(2));
        var notice = await new DeletionNotices(client, _bucket, TimeProvider.System).PostAsync("sha256/a", Cancellation);

        var other = await new DeletionNotices(client, _bucket, ahead).PostAsync("sha256/b", Cancellation);

        CollectionAssert.AreEqual(new[] { notice, other }, await KeysAsync(client));
    }

    private async Task<List<string>> KeysAsync(AmazonS3Client client)
    {
        var page = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket.Bucket, Prefix = _prefix + "deletions/" }, Cancellation);
        return [.. (page.S3Objects ?? []).Select(found => found.Key)];
    }

    private static Task Note(string key, TaskCompletionSource isPut)
    {
        if (IsObject(key)) isPut.TrySetResult();
        return Task.CompletedTask;
    }

    private static bool IsObject(string key) => !key.Contains("/deletions/", StringComparison.Ordinal);

    private S3ObjectStore Store(IAmazonS3? client = null, TimeProvider? clock = null)
    {
        var store = new S3ObjectStore(client ?? S3Client.Create(_bucket), _bucket, _folder.CreateSubdirectory($"{_stores.Count}").FullName, clock ?? TimeProvider.System);
        _stores.Add(store);
        return store;
    }

    /// <summary>A client that lets others act in between.</summary>
    private sealed class HookedClient(S3StorageOptions bucket) : AmazonS3Client(
        new BasicAWSCredentials(bucket.AccessKey, bucket.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = bucket.Endpoint, AuthenticationRegion = bucket.Region, ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        })
    {
        public Func<string, Task> AfterPut { get; init; } = static _ => Task.CompletedTask;

        public Func<string, Task> BeforeDelete { get; init; } = static _ => Task.CompletedTask;

        public override async Task<PutObjectResponse> PutObjectAsync(PutObjectRequest request, CancellationToken cancellationToken = default)
        {
            var response = await base.PutObjectAsync(request, cancellationToken);
            await AfterPut(request.Key);
            return response;
        }

        public override async Task<CompleteMultipartUploadResponse> CompleteMultipartUploadAsync(
            CompleteMultipartUploadRequest request, CancellationToken cancellationToken = default)
        {
            var response = await base.CompleteMultipartUploadAsync(request, cancellationToken);
            await AfterPut(request.Key);
            return response;
        }

        public override async Task<DeleteObjectResponse> DeleteObjectAsync(DeleteObjectRequest request, CancellationToken cancellationToken = default)
        {
            await BeforeDelete(request.Key);
            return await base.DeleteObjectAsync(request, cancellationToken);
        }
    }
}
