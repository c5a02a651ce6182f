using Microsoft.Extensions.Time.Testing;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>Copies of what is stored are a convenience.</summary>
[TestClass]
public sealed class LocalCopiesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("copies-");

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
}
