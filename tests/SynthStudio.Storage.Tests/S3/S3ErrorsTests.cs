using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>Who is to blame when a request to a bucket fails.</summary>
[TestClass]
public sealed class S3ErrorsTests
{
    private static readonly S3StorageOptions Options = new() { Bucket = "tests" };

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Cancellation => TestContext.CancellationToken;

    [TestMethod]
    public async Task A_store_that_ends_a_connection_at_once_or_in_the_midst_of_an_answer_is_away()
    {
        foreach (var met in BreakingOff())
        {
            var told = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => S3Errors.TranslateAsync<int>(Options, "key", () => throw met));
            Assert.AreSame(met, told.InnerException);
            Assert.IsFalse(told.IsRefusal);
        }
    }

    [TestMethod]
    public async Task A_store_that_goes_away_while_an_object_is_read_is_away()
    {
        foreach (var met in BreakingOff())
        {
            await using var received = new ReceivedStream(new BrokenStream(met), "key");

            var told = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(
                () => received.ReadExactlyAsync(new byte[1], Cancellation).AsTask());

            Assert.AreSame(met, told.InnerException);
            Assert.AreSame(met, Assert.ThrowsExactly<StorageUnavailableException>(() => received.Read(new byte[1], 0, 1)).InnerException);
        }
    }

    [TestMethod]
    [DataRow("RequestTimeout", false)]
    [DataRow("IncompleteBody", false)]
    [DataRow("BadDigest", false)]
    [DataRow("InvalidArgument", true)]
    public async Task What_came_late_or_not_whole_is_not_refused(string code, bool isRefusal)
    {
        var met = new AmazonS3Exception("bad request", ErrorType.Sender, code, "1", HttpStatusCode.BadRequest);

        var told = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(
            () => S3Errors.TranslateAsync<int>(Options, "key", () => throw met));

        Assert.AreEqual(isRefusal, told.IsRefusal);
    }

    [TestMethod]
    public async Task What_fails_on_this_machine_is_not_the_stores_fault()
    {
        const int noSpace = 28;
        var met = new IOException("No space left on device", noSpace);
        Assert.AreSame(met, await Assert.ThrowsExactlyAsync<IOException>(() => S3Errors.TranslateAsync<int>(Options, "key", () => throw met)));
        await Assert.ThrowsExactlyAsync<EndOfStreamException>(
            () => S3Errors.TranslateAsync<int>(Options, "key", () => throw new EndOfStreamException()));
    }

    /// <summary>What the client passes on; the last but one is how an encrypted connection ends where it may not.</summary>
    private static Exception[] BreakingOff() =>
    [
        new SocketException((int)SocketError.NotConnected), new IOException("broken", new SocketException()),
        new HttpIOException(HttpRequestError.ResponseEnded),
        new IOException("Received an unexpected EOF or 0 bytes from the transport stream."), new ObjectDisposedException("SslStream"),
    ];

    private sealed class BrokenStream(Exception met) : ForwardStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException<int>(met);

        public override int Read(byte[] buffer, int offset, int count) => throw met;
    }
}
