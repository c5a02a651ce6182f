using System.Security.Cryptography;

namespace SynthStudio.Storage.Tests;

[TestClass]
public sealed class ObjectStoreTests : IDisposable
{
    private readonly TestStorage _storage = new();

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private IObjectStore Objects => _storage.Objects;

    public void Dispose() => _storage.Dispose();

    [TestMethod]
    public async Task What_is_put_is_read_after_a_restart_under_the_hash_of_its_bytes()
    {
        var bytes = TestStorage.Bytes(1_000_003);
        var put = await Objects.PutAsync(new MemoryStream(bytes), "text/csv", Cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.AreEqual(new ObjectRef($"sha256/{hash[..2]}/{hash[2..4]}/{hash}", hash, bytes.Length, "text/csv"), put);

        _storage.Restart();
        CollectionAssert.AreEqual(bytes, await ReadAsync(put));
        CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(await Objects.GetLocalPathAsync(put, Cancellation), Cancellation));
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(_storage.Root, "objects", "incoming")));
    }

    [TestMethod]
    public async Task The_same_bytes_are_kept_once_and_concurrent_puts_agree()
    {
        var refs = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            _ => Task.Run(() => Objects.PutAsync(new MemoryStream(TestStorage.Bytes(5000)), "a/b", Cancellation), Cancellation)));
        Assert.AreEqual(1, refs.Distinct().Count());
        Assert.AreEqual(1, await Objects.ListAsync(Cancellation).CountAsync(Cancellation));
    }

    [TestMethod]
    public async Task An_empty_object_is_an_object()
    {
        var put = await Objects.PutAsync(Stream.Null, "a/b", Cancellation);
        Assert.IsEmpty(await ReadAsync(put));
        Assert.AreEqual("", await Objects.ReadTextAsync(put, Cancellation));
    }

    [TestMethod]
    public async Task A_damaged_object_is_detected_and_mended_by_putting_it_again()
    {
        var bytes = TestStorage.Bytes(100_000);
        var put = await Objects.PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        foreach (var damage in new Func<byte[], byte[]>[] { b => [.. b[..^1], (byte)~b[^1]], b => b[..^1], b => [.. b, 0], _ => [] })
        {
            File.Delete(_storage.PathOf(put));
            await File.WriteAllBytesAsync(_storage.PathOf(put), damage(bytes), Cancellation);
            await Assert.ThrowsExactlyAsync<ObjectCorruptException>(() => ReadAsync(put));
        }

        await Objects.PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        CollectionAssert.AreEqual(bytes, await ReadAsync(put));
    }

    [TestMethod]
    public async Task A_reader_that_stops_at_the_last_byte_is_told_too()
    {
        var put = await Objects.PutAsync(new MemoryStream(TestStorage.Bytes(1000)), "a/b", Cancellation);
        File.Delete(_storage.PathOf(put));
        await File.WriteAllBytesAsync(_storage.PathOf(put), TestStorage.Bytes(1000, seed: 2), Cancellation);
        await using var stream = await Objects.OpenReadAsync(put, verify: true, Cancellation);
        await Assert.ThrowsExactlyAsync<ObjectCorruptException>(async () => await stream.ReadExactlyAsync(new byte[1000], Cancellation));
    }

    [TestMethod]
    public async Task A_missing_object_is_not_found_and_a_strange_key_never_becomes_a_path()
    {
        var missing = new ObjectRef(ObjectKeys.For(new string('a', 64)), new string('a', 64), 1, "a/b");
        await Assert.ThrowsExactlyAsync<ObjectNotFoundException>(() => Objects.OpenReadAsync(missing, cancellation: Cancellation));
        await Assert.ThrowsExactlyAsync<ObjectNotFoundException>(() => Objects.GetLocalPathAsync(missing, Cancellation));
        Assert.IsFalse(await Objects.ExistsAsync(missing, Cancellation));
        await Objects.DeleteAsync(missing.Key, DateTimeOffset.MaxValue, Cancellation);
        foreach (var key in new[] { "../../etc/passwd", "/etc/passwd", "", $"sha256/aa/ab/{missing.Sha256}", $"x/{missing.Key}", missing.Key.ToUpperInvariant() })
            await Assert.ThrowsExactlyAsync<ArgumentException>(() => Objects.OpenReadAsync(missing with { Key = key }, cancellation: Cancellation), key);
    }

    [TestMethod]
    public async Task A_file_is_taken_over()
    {
        var path = Path.Combine(_storage.Root, "made.csv");
        await File.WriteAllTextAsync(path, "a,b\n1,2\n", Cancellation);
        var put = await Objects.PutFileAsync(path, "text/csv", Cancellation);
        Assert.AreEqual("a,b\n1,2\n", await Objects.ReadTextAsync(put, Cancellation));
        Assert.IsFalse(File.Exists(path));
        await Assert.ThrowsExactlyAsync<FileNotFoundException>(() => Objects.PutFileAsync(path, "text/csv", Cancellation));
    }

    [TestMethod]
    public async Task A_file_that_could_not_be_stored_is_there_to_try_once_more()
    {
        var path = Path.Combine(_storage.Root, "made.csv");
        await File.WriteAllTextAsync(path, "a,b\n1,2\n", Cancellation);
        var inTheWay = Path.Combine(_storage.Root, "objects", "sha256", Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, Cancellation)))[..2]);
        Directory.CreateDirectory(Path.GetDirectoryName(inTheWay)!);
        await File.WriteAllTextAsync(inTheWay, "", Cancellation);
        await Assert.ThrowsAsync<IOException>(() => Objects.PutFileAsync(path, "text/csv", Cancellation));

        File.Delete(inTheWay);
        var put = await Objects.PutFileAsync(path, "text/csv", Cancellation);

        Assert.AreEqual("a,b\n1,2\n", await Objects.ReadTextAsync(put, Cancellation));
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(_storage.Root, "objects", "incoming")));
    }

    [TestMethod]
    public async Task Garbage_is_what_nothing_refers_to_and_nobody_put_lately()
    {
        var kept = await Objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation);
        var old = await Objects.PutAsync(new MemoryStream([2, 2]), "a/b", Cancellation);
        var renewed = await Objects.PutAsync(new MemoryStream([3]), "a/b", Cancellation);
        _storage.Clock.Advance(TimeSpan.FromHours(2));
        await Objects.PutAsync(new MemoryStream([3]), "a/b", Cancellation);
        var fresh = await Objects.PutAsync(new MemoryStream([4]), "a/b", Cancellation);

        var freed = await ObjectGarbage.CollectAsync(
            Objects, new HashSet<string> { kept.Key }, _storage.Clock.GetUtcNow().AddHours(-1), Cancellation);
        Assert.AreEqual(new FreedSpace(1, 2), freed);
        Assert.IsFalse(await Objects.ExistsAsync(old, Cancellation));
        foreach (var stays in new[] { kept, renewed, fresh }) Assert.IsTrue(await Objects.ExistsAsync(stays, Cancellation));
    }

    [TestMethod]
    public async Task What_is_put_again_while_it_is_about_to_be_deleted_stays()
    {
        var put = await Objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation);
        _storage.Clock.Advance(TimeSpan.FromHours(2));
        var before = _storage.Clock.GetUtcNow().AddHours(-1);
        var listed = new List<StoredObject>();
        await foreach (var stored in Objects.ListAsync(Cancellation)) listed.Add(stored);
        Assert.IsLessThan(before, listed.Single().PutTime, "The sweep means to delete it,");
        await Objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation); // and now somebody puts it.

        Assert.IsFalse(await Objects.DeleteAsync(put.Key, before, Cancellation));
        Assert.IsTrue(await Objects.ExistsAsync(put, Cancellation));
    }

    [TestMethod]
    public async Task Puts_and_deletes_of_the_same_object_at_once_never_lose_what_was_put()
    {
        await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                var put = await Objects.PutAsync(new MemoryStream([(byte)writer, 7]), "a/b", Cancellation);
                // The clock stands still: everything was put at this moment, and nothing earlier may go.
                await Objects.DeleteAsync(put.Key, _storage.Clock.GetUtcNow(), Cancellation);
                Assert.IsTrue(await Objects.ExistsAsync(put, Cancellation));
            }
        }, Cancellation)));
    }

    [TestMethod]
    public async Task What_a_dead_process_left_half_written_is_removed_after_a_day()
    {
        var mine = await Objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation);
        var folder = Path.Combine(_storage.Root, "objects", "incoming");
        var (old, young) = (Path.Combine(folder, "old"), Path.Combine(folder, "young"));
        foreach (var path in new[] { old, young }) await File.WriteAllTextAsync(path, "half", Cancellation);
        File.SetLastWriteTimeUtc(old, _storage.Clock.GetUtcNow().AddHours(-25).UtcDateTime);
        File.SetLastWriteTimeUtc(young, _storage.Clock.GetUtcNow().AddHours(-1).UtcDateTime);
        _storage.Restart();
        Assert.IsTrue(await Objects.ExistsAsync(mine, Cancellation));

        Assert.IsFalse(File.Exists(old));
        Assert.IsTrue(File.Exists(young));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task Objects_are_read_only_and_their_owners_only()
    {
        var put = await Objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation);
        if (OperatingSystem.IsWindows()) return;
        Assert.AreEqual(UnixFileMode.UserRead, File.GetUnixFileMode(_storage.PathOf(put)));
        Assert.AreEqual(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(_storage.Root, "objects")));
    }

    [TestMethod]
    public async Task A_source_that_breaks_leaves_nothing()
    {
        await Assert.ThrowsExactlyAsync<EndOfStreamException>(() => Objects.PutAsync(new BreakingStream(300_000), "a/b", Cancellation));
        Assert.IsEmpty(Directory.GetFiles(_storage.Root, "*", SearchOption.AllDirectories));
    }

    private async Task<byte[]> ReadAsync(ObjectRef reference)
    {
        await using var stream = await Objects.OpenReadAsync(reference, verify: true, Cancellation);
        var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancellation);
        return copy.ToArray();
    }

    /// <summary>Gives so many bytes and then fails, as a connection does.</summary>
    private sealed class BreakingStream(int length) : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new EndOfStreamException();
    }
}
