using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>
/// A store that takes connections and never answers, or stops in the midst of an answer: who waits for it is
/// told, and who gives up does not wait.
/// </summary>
[TestClass]
public sealed class SilentStoreTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-silent-");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _taken = [];

    /// <summary>Sent over the first connection; nothing over the others.</summary>
    private string _answer = "";

    /// <summary>Every connection is closed after the first bytes of an answer.</summary>
    private bool _breaksOff;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    private S3StorageOptions Bucket => new() { Bucket = "b", Endpoint = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", AccessKey = "k", SecretKey = "s", CacheBytes = 1 << 20 };

    [TestInitialize]
    public void Listen()
    {
        _listener.Start();
        _ = TakeAsync();
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var client in _taken) client.Dispose();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task A_mark_is_asked_for_no_longer_than_who_holds_a_row_may_wait()
    {
        using var marks = new S3MarkStore(S3Client.CreateForSmall(Bucket), Bucket);
        var began = Stopwatch.GetTimestamp();

        await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => marks.FindAsync("a", Cancellation));

        Assert.IsLessThan(30 * Second, Stopwatch.GetElapsedTime(began));
        Assert.IsGreaterThan(1, _taken.Count, "It is asked again within the time.");
    }

    [TestMethod]
    public async Task Requests_are_tried_again_and_then_the_store_is_unavailable()
    {
        using var store = Store(S3Client.Create(Bucket, Bucket.Endpoint, Second, retries: 1));

        await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => store.PutAsync(new MemoryStream([1]), "a/b", Cancellation));
        await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => store.ProbeAsync(Cancellation));

        Assert.IsGreaterThanOrEqualTo(4, _taken.Count); // A client may open a connection that it does not need any more.
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>", DisplayName = "in the midst of parts")]
    public async Task Who_gives_up_does_not_wait(string first)
    {
        if (first.Length > 0) _answer = $"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {first.Length}\r\n\r\n{first}";
        using var store = Store(S3Client.Create(Bucket));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var put = store.PutAsync(new MemoryStream(new byte[40_000_000]), "a/b", stop.Token);
        while (_taken.Count < (first.Length > 0 ? 3 : 1)) await Task.Delay(20, Cancellation);
        var began = Stopwatch.GetTimestamp();

        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => put);

        Assert.IsLessThan(30 * Second, Stopwatch.GetElapsedTime(began));
    }

    [TestMethod]
    public async Task An_answer_that_stops_in_its_midst_is_not_waited_for()
    {
        _answer = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789";
        using var client = S3Client.Create(Bucket);
        using var response = await client.GetObjectAsync("b", "k", Cancellation);
        await using var received = new ReceivedStream(response.ResponseStream, "k", Second);
        var bytes = new byte[100];
        await received.ReadExactlyAsync(bytes.AsMemory(0, 10), Cancellation);

        await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => received.ReadExactlyAsync(bytes.AsMemory(0, 10), Cancellation).AsTask());
    }

    [TestMethod]
    public async Task A_store_that_breaks_its_answers_off_is_unavailable()
    {
        _breaksOff = true;
        using var store = Store(S3Client.Create(Bucket, Bucket.Endpoint, 60 * Second, retries: 1));

        var error = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => store.ProbeAsync(Cancellation));

        Assert.IsFalse(error.IsRefusal);
        Assert.IsInstanceOfType<HttpIOException>(error.InnerException);
    }

    private S3ObjectStore Store(IAmazonS3 client) => new(client, Bucket, _folder.FullName, TimeProvider.System);

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(Cancellation);
                lock (_taken) _taken.Add(client);
                if (_breaksOff)
                {
                    _ = await client.GetStream().ReadAsync(new byte[1], Cancellation);
                    await client.GetStream().WriteAsync("HTTP/1.1 2"u8.ToArray(), Cancellation);
                    client.Client.Shutdown(SocketShutdown.Send);
                }

                if (_answer.Length > 0) await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(_answer), Cancellation);
                _answer = "";
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }
}
