using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>A bucket whose policy refuses every put that does not say how the object is encrypted at rest.</summary>
[TestClass]
public sealed class EncryptionAtRestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-at-rest-");
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly S3StorageOptions _bucket = new()
    {
        Bucket = S3Server.Bucket, AccessKey = S3Server.Key, SecretKey = S3Server.Key, Prefix = $"only-encrypted/{Guid.NewGuid():N}/", Encryption = "aes256",
    };

    private ServiceProvider _services = null!;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private IObjectStore Objects => _services.GetRequiredService<IObjectStore>();

    private IUploadStore Uploads => _services.GetRequiredService<IUploadStore>();

    [TestInitialize]
    public async Task ComposeAsync()
    {
        _bucket.Endpoint = (await S3Server.SharedAsync()).Endpoint;
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_clock)
            .AddSynthStudioStorage(new StorageOptions { Root = _folder.FullName, S3 = _bucket }).BuildServiceProvider();
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow(10)]
    [DataRow(40_000_003, DisplayName = "in parts")]
    public async Task Objects_are_put_and_deleted(int length)
    {
        var put = await Objects.PutAsync(new MemoryStream(TestStorage.Bytes(length)), "a/b", Cancellation);
        Assert.IsTrue(await Objects.ExistsAsync(put, Cancellation));
        Assert.IsTrue(await Objects.DeleteAsync(put.Key, DateTimeOffset.MaxValue, Cancellation), "By a notice, which is an object too.");
    }

    [TestMethod]
    public async Task The_time_is_told() => // By an object that is put.
        Assert.IsLessThan(_clock.GetUtcNow().AddHours(1), await Objects.GetTimeAsync(Cancellation));

    [TestMethod]
    public async Task Marks_rise()
    {
        var marks = _services.GetRequiredService<IMarkStore>();
        await marks.RaiseAsync("a", new HighWaterMark(1, "one"), Cancellation);
        Assert.AreEqual(new HighWaterMark(1, "one"), await marks.FindAsync("a", Cancellation));
    }

    [TestMethod]
    public async Task Pieces_arrive_from_this_server_and_by_links_whose_headers_are_sent()
    {
        var bytes = TestStorage.Bytes(2_000);
        var session = await Uploads.CreateAsync(bytes.Length, Cancellation);
        await Uploads.AppendAsync(session, 0, bytes.AsMemory(0, 1_000), Cancellation);
        await Uploads.FlushAsync(session, Cancellation);
        var link = (await Uploads.CreateLinkAsync(session, 1_000, 1_000, TimeSpan.FromMinutes(10)))!;
        Assert.AreEqual("AES256", link.Headers["x-amz-server-side-encryption"]);
        StringAssert.Contains(Uri.UnescapeDataString(link.Url.Query), "x-amz-server-side-encryption", "It is signed.");

        using var browser = new HttpClient();
        using (var without = await browser.PutAsync(link.Url, new ByteArrayContent(bytes[1_000..]), Cancellation))
            Assert.AreEqual(System.Net.HttpStatusCode.Forbidden, without.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Put, link.Url) { Content = new ByteArrayContent(bytes[1_000..]) };
        foreach (var (name, value) in link.Headers) request.Headers.Add(name, value);
        using var sent = await browser.SendAsync(request, Cancellation);

        Assert.IsTrue(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(Cancellation));
        Assert.AreEqual(2_000, await Uploads.GetCommittedSizeAsync(session, Cancellation));
        Assert.AreEqual(2_000, (await Uploads.FinishAsync(session, "text/csv", null, cancellation: Cancellation)).Size);
    }

    [TestMethod]
    public async Task A_link_names_the_key_of_kms()
    {
        (_bucket.Encryption, _bucket.KmsKey) = ("kms", "arn:aws:kms:eu-west-1:1:key/2");
        var link = (await Uploads.CreateLinkAsync(await Uploads.CreateAsync(10, Cancellation), 0, 10, TimeSpan.FromMinutes(10)))!;
        CollectionAssert.AreEquivalent(
            new Dictionary<string, string> { ["x-amz-server-side-encryption"] = "aws:kms", ["x-amz-server-side-encryption-aws-kms-key-id"] = _bucket.KmsKey },
            link.Headers.ToDictionary());
    }

    [TestMethod]
    public async Task Without_the_setting_the_bucket_refuses()
    {
        _bucket.Encryption = "none";
        await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => Objects.PutAsync(new MemoryStream([1]), "a/b", Cancellation));
        await Assert.ThrowsExactlyAsync<StorageUnavailableException>(
            () => _services.GetRequiredService<IMarkStore>().RaiseAsync("a", new HighWaterMark(1, "one"), Cancellation));
    }
}
