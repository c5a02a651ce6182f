using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>Open uploads of processes that share a bucket: what one acknowledged, any other goes on from.</summary>
[TestClass, DoNotParallelize]
public sealed class SharedUploadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-uploads-");
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly List<ServiceProvider> _processes = [];
    private readonly string _prefix = $"{Guid.NewGuid():N}/";
    private string _endpoint = "";

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private string[] Copies(string process) => Directory.GetFiles(Path.Combine(_folder.FullName, process, "uploads"));

    /// <summary>And a while more: the files' times are those of the machine, which went on since the clock was made.</summary>
    private void LetPass(TimeSpan time) => _clock.Advance(time + StagedUploadStore.IdlePeriod);

    [TestInitialize]
    public async Task StartAsync() => _endpoint = (await S3Server.SharedAsync()).Endpoint;

    public void Dispose()
    {
        foreach (var process in _processes) process.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task What_one_process_acknowledged_another_goes_on_from_and_completes()
    {
        var bytes = TestStorage.Bytes(30_000_000);
        var one = Process("one");
        var session = await one.CreateAsync(bytes.Length, Cancellation);
        await one.AppendAsync(session, 0, bytes.AsMemory(0, 19_000_000), Cancellation);
        Assert.AreEqual(19_000_000, await one.FlushAsync(session, Cancellation));
        await one.AppendAsync(session, 19_000_000, bytes.AsMemory(19_000_000, 1_000), Cancellation); // Taken, not acknowledged: it may die with its process.

        var other = Process("other");
        Assert.AreEqual(19_000_000, await other.GetCommittedSizeAsync(session, Cancellation));
        Assert.AreEqual(30_000_000, await other.AppendAsync(session, 19_000_000, bytes.AsMemory(19_000_000), Cancellation));
        await other.FlushAsync(session, Cancellation);

        Assert.AreEqual(30_000_000, await one.GetCommittedSizeAsync(session, Cancellation), "The first one catches up.");
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Assert.AreEqual(hash, (await one.FinishAsync(session, "text/csv", hash, cancellation: Cancellation)).Sha256);

        // The first one dies before anybody notes the object: it can be made once more.
        Assert.AreEqual(hash, (await Process("third").FinishAsync(session, "text/csv", hash, cancellation: Cancellation)).Sha256);
        await other.DiscardAsync(session, Cancellation);
        await Assert.ThrowsExactlyAsync<UploadNotFoundException>(() => Process("fourth").GetCommittedSizeAsync(session, Cancellation));
    }

    [TestMethod]
    public async Task Pieces_that_two_processes_cut_differently_are_one_upload_and_gaps_are_not_bridged()
    {
        var bytes = TestStorage.Bytes(1_000);
        var (one, other) = (Process("one"), Process("other"));
        var session = await one.CreateAsync(null, Cancellation);
        await one.AppendAsync(session, 0, bytes.AsMemory(0, 400), Cancellation);
        await other.AppendAsync(session, 0, bytes.AsMemory(0, 600), Cancellation); // A client that heard no answer and tried elsewhere.
        await other.FlushAsync(session, Cancellation);
        await one.FlushAsync(session, Cancellation);
        var third = Process("third");
        Assert.AreEqual(600, await third.GetCommittedSizeAsync(session, Cancellation));
        var wrong = await Assert.ThrowsExactlyAsync<UploadOffsetException>(() => third.AppendAsync(session, 700, bytes.AsMemory(700), Cancellation).AsTask());
        Assert.AreEqual(600, wrong.CommittedSize);
        await one.AppendAsync(session, 600, bytes.AsMemory(600), Cancellation);
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(bytes)), (await one.FinishAsync(session, "text/csv", null, cancellation: Cancellation)).Sha256);
    }

    [TestMethod]
    public async Task An_upload_that_is_thrown_away_is_gone_everywhere_and_an_empty_one_is_not()
    {
        var (one, other) = (Process("one"), Process("other"));
        var session = await one.CreateAsync(null, Cancellation);
        Assert.AreEqual(0, await other.GetCommittedSizeAsync(session, Cancellation));
        Assert.Contains(session, await Process("second").ListSessionsAsync(TimeProvider.System.GetUtcNow().AddSeconds(1), Cancellation));
        await other.DiscardAsync(session, Cancellation);
        Assert.DoesNotContain(session, await Process("second").ListSessionsAsync(TimeProvider.System.GetUtcNow().AddSeconds(1), Cancellation));
        await Assert.ThrowsExactlyAsync<UploadNotFoundException>(() => Process("third").GetCommittedSizeAsync(session, Cancellation));
        await Assert.ThrowsExactlyAsync<UploadNotFoundException>(() => other.AppendAsync(session, 0, new byte[1], Cancellation).AsTask());
    }

    [TestMethod]
    public async Task A_process_keeps_no_copy_of_what_it_has_not_used_for_a_while()
    {
        var one = Process("one");
        var session = await one.CreateAsync(null, Cancellation);
        await one.AppendAsync(session, 0, new byte[100], Cancellation);
        await one.FlushAsync(session, Cancellation);
        _clock.Advance(StagedUploadStore.IdleTime / 2);
        Assert.HasCount(1, Copies("one"));
        LetPass(StagedUploadStore.IdleTime);
        Assert.IsEmpty(Copies("one"));
        Assert.AreEqual(100, await one.GetCommittedSizeAsync(session, Cancellation));
    }

    [TestMethod]
    public async Task A_copy_that_a_call_left_when_it_failed_goes_too_when_the_upload_goes_on_elsewhere()
    {
        var (one, other) = (Process("one"), Process("other"));
        var session = await one.CreateAsync(null, Cancellation);
        await one.AppendAsync(session, 0, new byte[100], Cancellation);
        await one.FlushAsync(session, Cancellation);
        using (var left = new CancellationTokenSource())
        {
            await left.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => one.FinishAsync(session, "text/csv", cancellation: left.Token));
        }

        await other.FinishAsync(session, "text/csv", cancellation: Cancellation);
        await other.DiscardAsync(session, Cancellation);
        Assert.HasCount(1, Copies("one"));
        LetPass(StagedUploadStore.IdleTime);
        Assert.IsEmpty(Copies("one"));
        await Assert.ThrowsExactlyAsync<UploadNotFoundException>(() => one.GetCommittedSizeAsync(session, Cancellation));
    }

    [TestMethod]
    public async Task Pieces_that_a_browser_sent_by_links_in_any_order_are_the_upload_and_a_piece_of_another_length_is_none()
    {
        var bytes = TestStorage.Bytes(100_000);
        var store = Process("one");
        var session = await store.CreateAsync(bytes.Length, Cancellation);
        using var browser = new HttpClient();
        var wrong = await store.CreateLinkAsync(session, 0, 60_000, TimeSpan.FromMinutes(10));
        Assert.Contains("content-length", wrong!.Url.Query, "The length is signed: a store refuses another one.");
        using (await browser.PutAsync(wrong.Url, new ByteArrayContent(bytes[..10]), Cancellation))
            Assert.AreEqual(0, await store.GetCommittedSizeAsync(session, Cancellation), "Where a store does not, it counts for nothing.");

        await SendAsync(60_000, bytes[60_000..]);
        Assert.AreEqual(0, await store.GetCommittedSizeAsync(session, Cancellation), "There is a gap before it.");
        await SendAsync(0, bytes[..60_000]);
        Assert.AreEqual(100_000, await Process("other").GetCommittedSizeAsync(session, Cancellation));

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var stored = await store.FinishAsync(session, "text/csv", hash, cancellation: Cancellation);
        Assert.AreEqual((hash, 100_000L), (stored.Sha256, stored.Size));
        var link = await Objects.CreateLinkAsync(stored, "people.csv", TimeSpan.FromMinutes(10));
        using var answer = await browser.GetAsync(link, Cancellation);
        CollectionAssert.AreEqual(bytes, await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.AreEqual("people.csv", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));

        async Task SendAsync(long offset, byte[] piece)
        {
            var link = await store.CreateLinkAsync(session, offset, piece.Length, TimeSpan.FromMinutes(10));
            Assert.IsEmpty(link!.Headers);
            using var sent = await browser.PutAsync(link.Url, new ByteArrayContent(piece), Cancellation);
            Assert.IsTrue(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(Cancellation));
        }
    }

    private IObjectStore Objects => _processes[0].GetRequiredService<IObjectStore>();

    private IUploadStore Process(string name)
    {
        var bucket = new S3StorageOptions
        {
            Bucket = S3Server.Bucket, Endpoint = _endpoint, AccessKey = S3Server.Key, SecretKey = S3Server.Key, Prefix = _prefix,
        };
        _processes.Add(new ServiceCollection()
            .AddSingleton<TimeProvider>(_clock)
            .AddSynthStudioStorage(new StorageOptions { Root = Path.Combine(_folder.FullName, name), S3 = bucket })
            .BuildServiceProvider());
        return _processes[^1].GetRequiredService<IUploadStore>();
    }
}
