using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage.Tests.Encryption;

/// <summary>Encrypted objects in a folder.</summary>
[TestClass, DoNotParallelize]
public sealed class EncryptionTestsInAFolder : EncryptionTests
{
    protected override S3StorageOptions? Bucket => null;

    protected override Task<byte[]> StoredAsync(ObjectRef reference) => File.ReadAllBytesAsync(PathOf(reference), Cancellation);

    protected override async Task StoreAsync(ObjectRef reference, byte[] bytes)
    {
        File.Delete(PathOf(reference));
        await File.WriteAllBytesAsync(PathOf(reference), bytes, Cancellation);
    }

    [TestMethod]
    public async Task Any_part_of_an_object_can_be_read_alone()
    {
        var bytes = TestStorage.Bytes((3 * Chunk) + 17);
        var put = await PutAsync(bytes);
        await using var stream = await Objects.OpenReadAsync(put, verify: false, Cancellation);
        Assert.IsTrue(stream.CanSeek);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var from = random.Next(bytes.Length);
            var part = new byte[random.Next(1, Math.Min(2 * Chunk, bytes.Length - from + 1))];
            stream.Position = from;
            stream.ReadExactly(part);
            CollectionAssert.AreEqual(bytes[from..(from + part.Length)], part);
        }

        stream.Seek(0, SeekOrigin.End);
        Assert.AreEqual(0, stream.Read(new byte[1]));
    }

    private string PathOf(ObjectRef reference) => Path.Combine(Root, "objects", reference.Key);
}

/// <summary>What encryption promises, in every store.</summary>
public abstract class EncryptionTests : IDisposable
{
    protected const int Chunk = ObjectCipher.ChunkBytes;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("encrypted-");
    private readonly TestProjectKeys _keys = new();
    private readonly MasterKey _master = new(RandomNumberGenerator.GetBytes(MasterKey.Bytes));
    private ServiceProvider _services = null!;

    public TestContext TestContext { get; set; } = null!;

    protected CancellationToken Cancellation => TestContext.CancellationToken;

    protected string Root => _folder.FullName;

    protected IObjectStore Objects => _services.GetRequiredService<IObjectStore>();

    protected IObjectStore ProjectA => Objects.OfProject("projects/a");

    protected IUploadStore Uploads => _services.GetRequiredService<IUploadStore>();

    protected IPieceSeals Pieces => _services.GetRequiredService<IPieceSeals>();

    protected abstract S3StorageOptions? Bucket { get; }

    /// <summary>The bytes as they lie in the store.</summary>
    protected abstract Task<byte[]> StoredAsync(ObjectRef reference);

    /// <summary>Puts other bytes in their place.</summary>
    protected abstract Task StoreAsync(ObjectRef reference, byte[] bytes);

    [TestInitialize]
    public void Compose() => Restart();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected void Restart(bool encrypt = true, TimeProvider? clock = null, MasterKey? master = null)
    {
        _services?.Dispose();
        _services = new ServiceCollection().AddSingleton(clock ?? TimeProvider.System).AddSingleton<IProjectKeys>(_keys).AddSingleton(master ?? _master)
            .AddSynthStudioStorage(new StorageOptions { Root = Root, S3 = Bucket, Encrypt = encrypt, CacheBytes = 1 << 20 }).BuildServiceProvider();
    }

    [TestMethod]
    public async Task A_decrypted_copy_that_nobody_uses_for_a_day_goes_by_itself()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        Restart(clock: clock);
        var bytes = TestStorage.Bytes(100);
        var put = await PutAsync(bytes);
        var path = await Objects.GetLocalPathAsync(put, Cancellation);
        for (var hour = 0; hour < 23; hour++) clock.Advance(TimeSpan.FromHours(1));
        Assert.IsTrue(File.Exists(path));
        await Objects.GetLocalPathAsync(put, Cancellation); // Used, so that its day begins anew.
        for (var hour = 0; hour < 23; hour++) clock.Advance(TimeSpan.FromHours(1));
        Assert.IsTrue(File.Exists(path));

        for (var hour = 0; hour < 2; hour++) clock.Advance(TimeSpan.FromHours(1));

        Assert.IsFalse(File.Exists(path));
        CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(await Objects.GetLocalPathAsync(put, Cancellation), Cancellation));
    }

    [TestMethod]
    public async Task A_decrypted_copy_that_is_damaged_is_made_anew_while_what_is_stored_is_sound()
    {
        var bytes = TestStorage.Bytes(Chunk + 17);
        var put = await PutAsync(bytes);
        var path = await Objects.GetLocalPathAsync(put, Cancellation);

        await DamageCopyAsync();
        CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(await Objects.GetLocalPathAsync(put, Cancellation), Cancellation));

        await DamageCopyAsync();
        var stored = await StoredAsync(put);
        stored[^1] ^= 1;
        await StoreAsync(put, stored);
        await Assert.ThrowsExactlyAsync<ObjectCorruptException>(() => Objects.GetLocalPathAsync(put, Cancellation));
        Assert.IsFalse(File.Exists(path));

        Task DamageCopyAsync() => File.WriteAllBytesAsync(path, [.. bytes[..^1], (byte)~bytes[^1]], Cancellation);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(Chunk - 1)]
    [DataRow(Chunk)]
    [DataRow(Chunk + 1)]
    [DataRow((5 * Chunk) + 3)]
    public async Task What_is_put_is_read_and_nothing_of_it_is_stored(int length)
    {
        var bytes = TestStorage.Bytes(length);
        var put = await PutAsync(bytes);

        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(bytes)), put.Sha256);
        Assert.AreEqual(length, put.Size);
        CollectionAssert.AreEqual(bytes, await ReadAsync(put));
        CollectionAssert.AreEqual(bytes, await File.ReadAllBytesAsync(await Objects.GetLocalPathAsync(put, Cancellation), Cancellation));
        var stored = await StoredAsync(put);
        Assert.HasCount((int)(ObjectCipher.HeadBytes + length + (ObjectCipher.ChunksOf(length) * ObjectCipher.TagBytes)), stored);
        if (length > 32) Assert.IsLessThan(0, stored.AsSpan().IndexOf(bytes.AsSpan(0, 16)));
        Assert.DoesNotContain(put.Sha256, put.Key, "Nor does the name tell the hash, by which who knows a table would know it again.");
        Assert.IsLessThan(0, stored.AsSpan().IndexOf(SHA256.HashData(bytes)));
        Assert.IsTrue(await Objects.ExistsAsync(put, Cancellation));
        Assert.IsNull(await Objects.CreateLinkAsync(put, "a.csv", TimeSpan.FromMinutes(1)));
        Assert.AreEqual(put.Key, await ProjectA.KeyOfAsync(put.Sha256, Cancellation));
    }

    [TestMethod]
    public async Task The_same_bytes_are_one_object_in_a_project_and_another_in_the_next()
    {
        var bytes = TestStorage.Bytes(Chunk + 5);
        var first = await PutAsync(bytes);
        var stored = await StoredAsync(first);
        var file = Path.Combine(Root, "file");
        await File.WriteAllBytesAsync(file, bytes, Cancellation);

        Assert.AreEqual(first, await ProjectA.PutFileAsync(file, "text/csv", Cancellation));
        Assert.IsFalse(File.Exists(file), "It was taken over.");
        CollectionAssert.AreEqual(stored, await StoredAsync(first));
        var other = await Objects.OfProject("projects/b").PutAsync(new MemoryStream(bytes), "a/b", Cancellation);
        Assert.AreNotEqual(first.Key, other.Key);
        Assert.AreEqual(first.Sha256, other.Sha256);
        CollectionAssert.AreEqual(bytes, await ReadAsync(other));
        Assert.AreEqual(2, await Objects.ListAsync(Cancellation).CountAsync(Cancellation));
    }

    [TestMethod]
    public async Task Damage_anywhere_is_noticed()
    {
        var bytes = TestStorage.Bytes((2 * Chunk) + 100);
        var put = await PutAsync(bytes);
        var stored = await StoredAsync(put);
        const int head = ObjectCipher.HeadBytes, chunk = ObjectCipher.StoredChunkBytes;
        var damaged = new Dictionary<string, byte[]>
        {
            ["a bit of the mark"] = Flipped(0), ["a bit of the chunk size"] = Flipped(4), ["a bit of the key's id"] = Flipped(9), ["a bit of the size"] = Flipped(24), ["a bit of the name"] = Flipped(40),
            ["a bit of the first chunk"] = Flipped(head), ["a bit of the first tag"] = Flipped(head + Chunk), ["a bit of the last byte"] = Flipped(stored.Length - 1),
            ["cut in the last chunk"] = stored[..^1], ["cut at a chunk"] = stored[..(head + chunk)], ["cut in the head"] = stored[..20], ["nothing"] = [],
            ["chunks in another order"] = [.. stored[..head], .. stored[(head + chunk)..(head + (2 * chunk))], .. stored[head..(head + chunk)], .. stored[(head + (2 * chunk))..]],
            ["a chunk twice"] = [.. stored[..(head + chunk)], .. stored[head..(head + chunk)], .. stored[(head + (2 * chunk))..]],
        };
        var other = await PutAsync(TestStorage.Bytes(bytes.Length, seed: 2));
        damaged["another object of the project"] = await StoredAsync(other);
        damaged["a chunk of another object"] = [.. stored[..head], .. (await StoredAsync(other))[head..(head + chunk)], .. stored[(head + chunk)..]];
        damaged["the plain bytes"] = bytes;
        foreach (var (what, now) in damaged)
        {
            await StoreAsync(put, now);
            try
            {
                await ReadAsync(put);
                Assert.Fail(what);
            }
            catch (Exception e) when (e is ObjectCorruptException or ObjectNotFoundException)
            {
                Assert.IsTrue(e is ObjectCorruptException || what == "a bit of the key's id", what);
            }
        }

        await StoreAsync(put, stored);
        CollectionAssert.AreEqual(bytes, await ReadAsync(put));

        byte[] Flipped(int at)
        {
            var changed = (byte[])stored.Clone();
            changed[at] ^= 1;
            return changed;
        }
    }

    [TestMethod]
    public async Task A_new_key_encrypts_what_comes_and_the_earlier_one_still_reads()
    {
        var bytes = TestStorage.Bytes(1000);
        var old = await PutAsync(bytes);
        _keys.Rotate("projects/a");
        var fresh = await PutAsync(bytes);

        Assert.AreNotEqual(old.Key, fresh.Key);
        foreach (var put in new[] { old, fresh }) CollectionAssert.AreEqual(bytes, await ReadAsync(put));
    }

    [TestMethod]
    public async Task Without_its_key_or_with_another_nobody_reads_an_object()
    {
        var erased = await PutAsync(TestStorage.Bytes(100));
        var kept = await Objects.OfProject("projects/b").PutAsync(new MemoryStream(TestStorage.Bytes(100)), "a/b", Cancellation);
        _keys.Erase("projects/a");
        await Assert.ThrowsExactlyAsync<ObjectNotFoundException>(() => ReadAsync(erased));
        CollectionAssert.AreEqual(TestStorage.Bytes(100), await ReadAsync(kept));
        _keys.Falsify("projects/b");
        await Assert.ThrowsExactlyAsync<ObjectCorruptException>(() => ReadAsync(kept));
    }

    [TestMethod]
    public async Task Encryption_can_be_switched_on_and_off_over_what_is_there()
    {
        Restart(encrypt: false);
        var plain = await PutAsync([1, 2, 3]);
        Assert.AreEqual(ObjectKeys.For(plain.Sha256), plain.Key);
        Restart();
        var encrypted = await PutAsync([1, 2, 3]);
        Assert.AreNotEqual(plain.Key, encrypted.Key);
        foreach (var mode in new[] { true, false })
        {
            Restart(mode);
            foreach (var put in new[] { plain, encrypted }) CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, await ReadAsync(put));
        }
    }

    [TestMethod]
    public async Task An_upload_becomes_an_encrypted_object_of_its_project_and_leaves_nothing_plain()
    {
        var bytes = TestStorage.Bytes(3 * Chunk);
        var session = await Uploads.CreateAsync(bytes.Length, Cancellation);
        await Uploads.AppendAsync(session, 0, bytes, Cancellation);
        var put = await Uploads.FinishAsync(session, "text/csv", project: "projects/a", cancellation: Cancellation);

        CollectionAssert.AreEqual(bytes, await ReadAsync(put));
        Assert.AreEqual(put.Key, await ProjectA.KeyOfAsync(put.Sha256, Cancellation));
        foreach (var file in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
            Assert.IsLessThan(0, (await File.ReadAllBytesAsync(file, Cancellation)).AsSpan().IndexOf(bytes.AsSpan(0, 32)), file);
    }

    /// <summary>An object of the first project.</summary>
    protected Task<ObjectRef> PutAsync(byte[] bytes) => ProjectA.PutAsync(new MemoryStream(bytes), "text/csv", Cancellation);

    protected async Task<byte[]> ReadAsync(ObjectRef reference)
    {
        await using var stream = await Objects.OpenReadAsync(reference, verify: true, Cancellation);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}
