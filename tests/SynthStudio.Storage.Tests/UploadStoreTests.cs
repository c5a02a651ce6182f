using System.Security.Cryptography;

namespace SynthStudio.Storage.Tests;

[TestClass]
public sealed class UploadStoreTests : IDisposable
{
    private readonly TestStorage _storage = new();

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private IUploadStore Uploads => _storage.Uploads;

    public void Dispose() => _storage.Dispose();

    [TestMethod]
    public async Task An_upload_in_chunks_becomes_an_object()
    {
        var bytes = TestStorage.Bytes(100_000);
        var session = await Uploads.CreateAsync(bytes.Length, Cancellation);
        Assert.AreEqual(30_000, await Uploads.AppendAsync(session, 0, bytes.AsMemory(0, 30_000), Cancellation));
        Assert.AreEqual(100_000, await Uploads.AppendAsync(session, 30_000, bytes.AsMemory(30_000), Cancellation));
        var made = await Uploads.FinishAsync(session, "text/csv", Hash(bytes), cancellation: Cancellation);
        Assert.AreEqual(Hash(bytes), made.Sha256);
        CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(await _storage.Objects.GetLocalPathAsync(made, Cancellation), Cancellation));
        await Assert.ThrowsExactlyAsync<UploadNotFoundException>(() => Uploads.GetCommittedSizeAsync(session, Cancellation));
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(_storage.Root, "uploads")));
    }

    [TestMethod]
    public async Task What_began_before_a_time_and_was_not_thrown_away_is_listed()
    {
        var (kept, thrown) = (await Uploads.CreateAsync(null, Cancellation), await Uploads.CreateAsync(10, Cancellation));
        await Uploads.DiscardAsync(thrown, Cancellation);
        var now = TimeProvider.System.GetUtcNow();

        CollectionAssert.AreEqual(new[] { kept }, (await Uploads.ListSessionsAsync(now.AddSeconds(1), Cancellation)).ToList());
        Assert.IsEmpty(await Uploads.ListSessionsAsync(now.AddMinutes(-1), Cancellation));
    }

    [TestMethod]
    public async Task After_a_kill_an_upload_goes_on_where_it_was()
    {
        var bytes = TestStorage.Bytes(3_000_000);
        var session = await Uploads.CreateAsync(null, Cancellation);
        await Uploads.AppendAsync(session, 0, bytes.AsMemory(0, 2_500_000), Cancellation);

        _storage.Restart();
        Assert.AreEqual(2_500_000, await Uploads.GetCommittedSizeAsync(session, Cancellation));
        await Uploads.AppendAsync(session, 2_500_000, bytes.AsMemory(2_500_000), Cancellation);
        Assert.AreEqual(Hash(bytes), (await Uploads.FinishAsync(session, "text/csv", Hash(bytes), cancellation: Cancellation)).Sha256);
    }

    [TestMethod]
    public async Task A_chunk_at_another_place_is_refused_with_the_right_one()
    {
        var session = await Uploads.CreateAsync(10, Cancellation);
        await Uploads.AppendAsync(session, 0, new byte[4], Cancellation);
        foreach (var offset in new long[] { 0, 3, 5, 1000 })
        {
            var error = await Assert.ThrowsExactlyAsync<UploadOffsetException>(
                async () => await Uploads.AppendAsync(session, offset, new byte[1], Cancellation));
            Assert.AreEqual(4, error.CommittedSize);
        }
    }

    [TestMethod]
    public async Task Of_two_clients_that_send_the_same_chunk_one_is_refused()
    {
        var session = await Uploads.CreateAsync(null, Cancellation);
        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            try
            {
                await Uploads.AppendAsync(session, 0, TestStorage.Bytes(100_000, i), Cancellation);
                return true;
            }
            catch (UploadOffsetException)
            {
                return false;
            }
        })));
        Assert.AreEqual(1, sent.Count(ok => ok));
        Assert.AreEqual(100_000, await Uploads.GetCommittedSizeAsync(session, Cancellation));
    }

    [TestMethod]
    public async Task The_declared_size_holds_also_after_a_restart()
    {
        var session = await Uploads.CreateAsync(10, Cancellation);
        await Uploads.AppendAsync(session, 0, new byte[6], Cancellation);
        _storage.Restart();
        await Assert.ThrowsExactlyAsync<UploadSizeException>(async () => await Uploads.AppendAsync(session, 6, new byte[5], Cancellation));
        await Assert.ThrowsExactlyAsync<UploadSizeException>(() => Uploads.FinishAsync(session, "a/b", cancellation: Cancellation));
        await Uploads.AppendAsync(session, 6, new byte[4], Cancellation);
        Assert.AreEqual(10, (await Uploads.FinishAsync(session, "a/b", cancellation: Cancellation)).Size);
    }

    [TestMethod]
    public async Task Other_bytes_than_meant_are_refused_and_the_upload_stays()
    {
        var session = await Uploads.CreateAsync(null, Cancellation);
        await Uploads.AppendAsync(session, 0, new byte[] { 1, 2, 3 }, Cancellation);
        await Assert.ThrowsExactlyAsync<UploadChecksumException>(() => Uploads.FinishAsync(session, "a/b", Hash([1, 2, 4]), cancellation: Cancellation));
        await Uploads.AppendAsync(session, 3, new byte[] { 4 }, Cancellation);
        Assert.AreEqual(4, (await Uploads.FinishAsync(session, "a/b", Hash([1, 2, 3, 4]), cancellation: Cancellation)).Size);
    }

    [TestMethod]
    public async Task An_unknown_a_strange_and_a_discarded_session_are_not_found()
    {
        var session = await Uploads.CreateAsync(null, Cancellation);
        await Uploads.AppendAsync(session, 0, new byte[10], Cancellation);
        await Uploads.DiscardAsync(session, Cancellation);
        await Uploads.DiscardAsync("../../x", Cancellation);
        foreach (var name in new[] { session, $"{Guid.NewGuid():N}-5", "../../etc/passwd", "", "-", session + "/x" })
        {
            await Assert.ThrowsExactlyAsync<UploadNotFoundException>(() => Uploads.GetCommittedSizeAsync(name, Cancellation), name);
            await Assert.ThrowsExactlyAsync<UploadNotFoundException>(async () => await Uploads.AppendAsync(name, 0, new byte[1], Cancellation), name);
        }

        Assert.IsEmpty(Directory.GetFiles(Path.Combine(_storage.Root, "uploads")));
    }

    [TestMethod]
    public async Task Idle_uploads_are_closed_and_open_again()
    {
        var bytes = TestStorage.Bytes(1000);
        var session = await Uploads.CreateAsync(null, Cancellation);
        await Uploads.AppendAsync(session, 0, bytes.AsMemory(0, 500), Cancellation);
        _storage.Clock.Advance(StagedUploadStore.IdleTime + StagedUploadStore.IdlePeriod);
        using (File.Open(Path.Combine(_storage.Root, "uploads", session + ".upload"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            // Nobody else has it open now.
        }

        await Uploads.AppendAsync(session, 500, bytes.AsMemory(500), Cancellation);
        Assert.AreEqual(Hash(bytes), (await Uploads.FinishAsync(session, "a/b", cancellation: Cancellation)).Sha256);
    }

    [TestMethod]
    public async Task More_than_the_disk_holds_is_refused_at_once()
    {
        await Assert.ThrowsExactlyAsync<StorageFullException>(() => Uploads.CreateAsync(1L << 58, Cancellation));
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(_storage.Root, "uploads")));
    }

    [TestMethod]
    public async Task The_hash_of_what_is_stored_is_known_before_the_end()
    {
        var bytes = TestStorage.Bytes(5_000);
        var session = await Uploads.CreateAsync(null, Cancellation);
        await Uploads.AppendAsync(session, 0, bytes.AsMemory(0, 2_000), Cancellation);
        _storage.Restart();
        Assert.AreEqual(Hash(bytes[..2_000]), await Uploads.GetSha256Async(session, Cancellation));
        await Uploads.AppendAsync(session, 2_000, bytes.AsMemory(2_000), Cancellation);
        Assert.AreEqual(Hash(bytes), await Uploads.GetSha256Async(session, Cancellation));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
