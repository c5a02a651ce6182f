using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>Of two test programs that start the first S3 server of a checkout at once, neither finds half of what it needs.</summary>
[TestClass]
public sealed class NodePackagesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("node-packages-");

    public TestContext TestContext { get; set; } = null!;

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task Who_comes_while_another_one_installs_has_all_of_it()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "package.json"), "{}", TestContext.CancellationToken);
        var (isHalf, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = NodePackages.EnsureAsync(_folder.FullName, async place =>
        {
            Add(place, "one");
            isHalf.SetResult();
            await goOn.Task.WaitAsync(TestContext.CancellationToken);
            Add(place, "two");
        });
        await isHalf.Task.WaitAsync(TestContext.CancellationToken);

        await NodePackages.EnsureAsync(_folder.FullName, place =>
        {
            Assert.IsTrue(File.Exists(Path.Combine(place, "package.json")));
            Add(place, "one");
            Add(place, "two");
            return Task.CompletedTask;
        });

        CollectionAssert.AreEqual(new[] { "one", "two" }, Packages());
        goOn.SetResult();
        await first;
        CollectionAssert.AreEqual(new[] { "one", "two" }, Packages());
        Assert.IsEmpty(Directory.GetDirectories(Path.Combine(_folder.FullName, "obj")));
        await NodePackages.EnsureAsync(_folder.FullName, _ => throw new InvalidOperationException("It is there."));
    }

    [TestMethod]
    public async Task What_failed_is_installed_again()
    {
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => NodePackages.EnsureAsync(_folder.FullName, place =>
        {
            Add(place, "one");
            throw new InvalidOperationException("The registry went away.");
        }));

        await NodePackages.EnsureAsync(_folder.FullName, place =>
        {
            Add(place, "two");
            return Task.CompletedTask;
        });

        CollectionAssert.AreEqual(new[] { "two" }, Packages());
    }

    private static void Add(string place, string package) => Directory.CreateDirectory(Path.Combine(place, "node_modules", package));

    private string?[] Packages() =>
    [
        .. Directory.GetDirectories(Path.Combine(_folder.FullName, "node_modules")).Select(Path.GetFileName).Order(StringComparer.Ordinal),
    ];
}
