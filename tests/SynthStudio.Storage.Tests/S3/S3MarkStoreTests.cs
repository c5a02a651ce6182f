using Microsoft.Extensions.DependencyInjection;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>Marks in a bucket only rise, whoever writes them.</summary>
[TestClass, DoNotParallelize]
public sealed class S3MarkStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-marks-");
    private ServiceProvider _services = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private IMarkStore Marks => _services.GetRequiredService<IMarkStore>();

    [TestInitialize]
    public async Task ComposeAsync()
    {
        var bucket = new S3StorageOptions
        {
            Bucket = S3Server.Bucket, Endpoint = (await S3Server.SharedAsync()).Endpoint, AccessKey = S3Server.Key, SecretKey = S3Server.Key,
            Prefix = $"{Guid.NewGuid():N}/",
        };
        _services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSynthStudioStorage(new StorageOptions { Root = _folder.FullName, S3 = bucket })
            .BuildServiceProvider();
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task A_mark_rises_and_never_falls()
    {
        Assert.IsNull(await Marks.FindAsync("a/b", Cancellation));
        await Marks.RaiseAsync("a/b", new HighWaterMark(0, "zero"), Cancellation);
        Assert.AreEqual(new HighWaterMark(0, "zero"), await Marks.FindAsync("a/b", Cancellation));
        await Marks.RaiseAsync("a/b", new HighWaterMark(10, "ten"), Cancellation);
        await Marks.RaiseAsync("a/b", new HighWaterMark(9, "nine"), Cancellation);
        Assert.AreEqual(new HighWaterMark(10, "ten"), await Marks.FindAsync("a/b", Cancellation));
        Assert.IsNull(await Marks.FindAsync("a", Cancellation), "another name");
        Assert.IsNull(await Marks.FindAsync("a/b2", Cancellation), "another name");
    }

    [TestMethod]
    public async Task Of_marks_that_come_at_once_the_greatest_stays()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Marks.RaiseAsync("many", new HighWaterMark(i * 7 % 20 + 1, $"w{i * 7 % 20 + 1}"), Cancellation)));
        Assert.AreEqual(new HighWaterMark(20, "w20"), await Marks.FindAsync("many", Cancellation));
    }
}
