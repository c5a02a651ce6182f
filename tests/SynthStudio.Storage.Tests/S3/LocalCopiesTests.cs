using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>Copies of what is stored are a convenience.</summary>
[TestClass]
public sealed class LocalCopiesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copies-");

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private string Copies => Path.Combine(_folder.FullName, "copies");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public void What_is_stored_does_not_fail_because_no_copy_of_it_can_be_kept()
    {
        var made = Path.Combine(_folder.FullName, "made");
        File.WriteAllText(made, "bytes");
        using var copies = new LocalCopies(Copies, most: 1000, new FakeTimeProvider());
        Directory.CreateDirectory(Path.Combine(Copies, "ab", "in the way"));

        copies.Adopt(made, "ab");
        copies.Adopt(Path.Combine(_folder.FullName, "its maker deleted it"), "cd");

        Assert.IsFalse(File.Exists(made), "It was taken over.");
        Assert.IsEmpty(Directory.GetFiles(Copies));
    }

    [TestMethod]
    public void What_was_made_is_there_without_being_fetched()
    {
        var made = Path.Combine(_folder.FullName, "made");
        File.WriteAllText(made, "bytes");
        using var copies = new LocalCopies(Copies, most: 1000, new FakeTimeProvider());

        copies.Adopt(made, "ab");

        Assert.AreEqual("bytes", File.ReadAllText(Path.Combine(Copies, "ab")));
        Assert.HasCount(1, Directory.GetFiles(Copies));
    }

    [TestMethod]
    [DataRow("other", DisplayName = "other bytes")]
    [DataRow("by", DisplayName = "an end before the last byte")]
    [DataRow("", DisplayName = "nothing in it")]
    public async Task A_copy_that_is_damaged_where_it_lies_is_made_anew_once_from_what_is_stored(string found)
    {
        var stored = "bytes"u8.ToArray();
        var (reference, opened) = (ReferenceTo(stored), 0);
        using var copies = new LocalCopies(Copies, most: 1000, new FakeTimeProvider());
        var path = await copies.GetAsync(reference, Open, Cancellation);
        await File.WriteAllTextAsync(path, found, Cancellation);

        for (var i = 0; i < 3; i++)
            Assert.AreEqual("bytes", await File.ReadAllTextAsync(await copies.GetAsync(reference, Open, Cancellation), Cancellation));

        Assert.AreEqual(2, opened, "For the first copy and for the one in the damaged one's place.");
        Assert.HasCount(1, Directory.GetFiles(Copies));

        Task<Stream> Open()
        {
            opened++;
            return Task.FromResult<Stream>(new VerifyingStream(new MemoryStream(stored), reference));
        }
    }

    [TestMethod]
    public async Task An_object_whose_copy_is_damaged_and_itself_too_is_told_to_be_and_no_copy_stays()
    {
        var reference = ReferenceTo("bytes"u8.ToArray());
        var stored = "bytes"u8.ToArray();
        using var copies = new LocalCopies(Copies, most: 1000, new FakeTimeProvider());
        var path = await copies.GetAsync(reference, Open, Cancellation);
        await File.WriteAllTextAsync(path, "other", Cancellation);
        stored = "bites"u8.ToArray();

        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsExactlyAsync<ObjectCorruptException>(() => copies.GetAsync(reference, Open, Cancellation));
            Assert.IsEmpty(Directory.GetFiles(Copies));
        }

        Task<Stream> Open() => Task.FromResult<Stream>(new VerifyingStream(new MemoryStream(stored), reference));
    }

    private static ObjectRef ReferenceTo(byte[] bytes)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return new ObjectRef(ObjectKeys.For(sha256), sha256, bytes.Length, "a/b");
    }
}
