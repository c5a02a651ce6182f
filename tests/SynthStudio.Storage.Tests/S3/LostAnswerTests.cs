using System.Net;
using System.Net.Sockets;
using System.Text;
using SynthStudio.Storage.S3;
using SynthStudio.Testing.Servers;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>A store makes an object of its parts, and its answer gets lost: asked again it does not know the upload any more, as MinIO and others do.</summary>
[TestClass]
public sealed class LostAnswerTests : IDisposable
{
    private const string MetadataPrefix = "x-amz-meta-";
    private const string Unknown = "<Error><Code>NoSuchUpload</Code><Message>It may have been aborted or completed.</Message></Error>";

    /// <summary>Two parts.</summary>
    private const int Length = 17_000_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("s3-lost-");
    private readonly HttpListener _server = new();
    private readonly string _address = $"http://127.0.0.1:{Ports.FindFree()}";
    private readonly Dictionary<string, string> _metadata = [];
    private int _completions;

    /// <summary>What is under the key in the end came by another upload.</summary>
    private bool _isOfAnother;

    /// <summary>The store does not know of an upload that it has begun.</summary>
    private bool _isForgotten;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestInitialize]
    public void Listen()
    {
        _server.Prefixes.Add($"{_address}/");
        _server.Start();
        _ = ServeAsync();
    }

    public void Dispose()
    {
        _server.Close();
        _folder.Delete(recursive: true);
    }

    [TestMethod]
    public async Task An_object_that_is_there_was_put()
    {
        using var store = Store();

        var put = await store.PutAsync(new MemoryStream(TestStorage.Bytes(Length)), "a/b", Cancellation);

        Assert.AreEqual((Length, 2), (put.Size, _completions));
    }

    [TestMethod]
    public async Task What_another_upload_made_counts_for_nothing_and_the_store_is_asked_again_later()
    {
        _isOfAnother = true;
        using var store = Store();

        var error = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(
            () => store.PutAsync(new MemoryStream(TestStorage.Bytes(Length)), "a/b", Cancellation));

        Assert.IsFalse(error.IsRefusal);
    }

    [TestMethod]
    public async Task A_store_that_forgot_the_parts_that_it_has_is_asked_again_later()
    {
        _isForgotten = true;
        using var store = Store();

        var error = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(
            () => store.PutAsync(new MemoryStream(TestStorage.Bytes(Length)), "a/b", Cancellation));

        Assert.IsFalse(error.IsRefusal);
    }

    [TestMethod]
    public async Task An_export_that_is_there_was_made()
    {
        using var bucket = new ForeignBucket(_address, "us-east-1", "b", "k", "s", TimeSpan.FromSeconds(5), ConnectAsync);
        var told = 0L;

        await bucket.WriteAsync(new MemoryStream(TestStorage.Bytes(Length)), "rows.csv", "text/csv", "projects/p/transfers/t", replaceable: null, bytes => told += bytes, Cancellation);

        Assert.AreEqual((Length, 2), (told, _completions));
    }

    [TestMethod]
    public async Task An_export_that_was_given_up_was_not_made()
    {
        _isOfAnother = true;
        using var bucket = new ForeignBucket(_address, "us-east-1", "b", "k", "s", TimeSpan.FromSeconds(5), ConnectAsync);

        await Assert.ThrowsExactlyAsync<ForeignBucketException>(() => bucket.WriteAsync(
            new MemoryStream(TestStorage.Bytes(Length)), "rows.csv", "text/csv", "projects/p/transfers/t", replaceable: null, _ => { }, Cancellation));
    }

    private S3ObjectStore Store()
    {
        var bucket = new S3StorageOptions { Bucket = "b", Endpoint = _address, AccessKey = "k", SecretKey = "s", CacheBytes = 1 << 20 };
        return new S3ObjectStore(S3Client.Create(bucket), bucket, _folder.FullName, TimeProvider.System);
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) await AnswerAsync(await _server.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(HttpListenerContext call)
    {
        var (request, response) = (call.Request, call.Response);
        await request.InputStream.CopyToAsync(Stream.Null, Cancellation);
        switch (request.HttpMethod)
        {
            case "POST" when request.Url!.Query.Contains("uploadId=", StringComparison.Ordinal):
                if (++_completions == 1) End(response, HttpStatusCode.BadGateway, ""); // The store made it, and a proxy lost the answer.
                else End(response, HttpStatusCode.NotFound, Unknown);
                break;
            case "POST":
                foreach (var name in request.Headers.AllKeys.OfType<string>()
                    .Where(name => name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase)))
                {
                    _metadata[name] = request.Headers[name]!;
                }

                End(response, HttpStatusCode.OK, "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>");
                break;
            case "PUT" when _isForgotten:
                End(response, HttpStatusCode.NotFound, Unknown);
                break;
            case "PUT":
                response.AddHeader("ETag", $"\"{Convert.ToHexStringLower(Convert.FromBase64String(request.Headers["Content-MD5"]!))}\"");
                End(response, HttpStatusCode.OK, "");
                break;
            case "HEAD" when _completions > 0:
                foreach (var (name, value) in _metadata) response.AddHeader(name, _isOfAnother ? "another" : value);
                End(response, HttpStatusCode.OK, "");
                break;
            case "HEAD":
                End(response, HttpStatusCode.NotFound, "");
                break;
            case "GET":
                End(response, HttpStatusCode.OK, "<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated></ListBucketResult>");
                break;
            default:
                End(response, HttpStatusCode.NotFound, Unknown);
                break;
        }
    }

    private static void End(HttpListenerResponse response, HttpStatusCode status, string content)
    {
        response.StatusCode = (int)status;
        response.ContentType = "application/xml";
        response.Close(Encoding.UTF8.GetBytes(content), willBlock: true);
    }
}
