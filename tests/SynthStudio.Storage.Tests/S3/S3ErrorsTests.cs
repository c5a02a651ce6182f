using System.Net.Sockets;
using SynthStudio.Storage.S3;

namespace SynthStudio.Storage.Tests.S3;

/// <summary>Who is to blame when a request to a bucket fails.</summary>
[TestClass]
public sealed class S3ErrorsTests
{
    private static readonly S3StorageOptions Options = new() { Bucket = "tests" };

    [TestMethod]
    public async Task A_store_that_ends_a_connection_at_once_or_in_the_midst_of_an_answer_is_away()
    {
        foreach (var met in (Exception[])
            [
                new SocketException((int)SocketError.NotConnected), new IOException("broken", new SocketException()),
                new HttpIOException(HttpRequestError.ResponseEnded),
            ])
        {
            var told = await Assert.ThrowsExactlyAsync<StorageUnavailableException>(() => S3Errors.TranslateAsync<int>(Options, "key", () => throw met));
            Assert.AreSame(met, told.InnerException);
            Assert.IsFalse(told.IsRefusal);
        }
    }

    [TestMethod]
    public async Task What_fails_on_this_machine_is_not_the_stores_fault()
    {
        var met = new IOException("No space left on device");
        Assert.AreSame(met, await Assert.ThrowsExactlyAsync<IOException>(() => S3Errors.TranslateAsync<int>(Options, "key", () => throw met)));
    }
}
