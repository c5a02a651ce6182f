using System.Net;
using System.Net.Sockets;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;

namespace SynthStudio.Storage.S3;

/// <summary>Says of a store's failures what they mean for who uses it.</summary>
internal static class S3Errors
{
    /// <summary>What an <see cref="IOException"/> has that no call of the system is behind.</summary>
    private const int NoNumber = unchecked((int)0x80131620);

    /// <summary>Sends a request about a key.</summary>
    /// <exception cref="ObjectNotFoundException">There is nothing under the key.</exception>
    /// <exception cref="StorageUnavailableException">The store does not answer, or refuses.</exception>
    public static async Task<T> TranslateAsync<T>(S3StorageOptions options, string key, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchBucket")
        {
            throw NoBucket(options, e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw new ObjectNotFoundException(key, e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            throw new StorageUnavailableException($"The object store refuses the access key for bucket {options.Bucket}.", e, isRefusal: true);
        }
        catch (AmazonS3Exception e) when (IsRefusal(e))
        {
            throw new StorageUnavailableException($"The object store does not do what it is asked ({e.ErrorCode}).", e, isRefusal: true);
        }
        catch (Exception e) when (IsOfStore(e))
        {
            throw new StorageUnavailableException("The object store does not answer as it should; try again later.", e);
        }
    }

    /// <summary>Sends a request that is to be over, tries included, within a time.</summary>
    /// <inheritdoc cref="TranslateAsync{T}(S3StorageOptions, string, Func{Task{T}})"/>
    public static async Task<T> TranslateAsync<T>(
        S3StorageOptions options, string key, TimeSpan limit, Func<CancellationToken, Task<T>> request, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(limit);
        try
        {
            return await TranslateAsync(options, key, () => request(stop.Token));
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw NoAnswer(e);
        }
    }

    /// <summary>The store took a connection, or not even that, and then said nothing.</summary>
    public static StorageUnavailableException NoAnswer(Exception e) => new("The object store does not answer in time; try again later.", e);

    /// <summary>The store sent a part of an answer, and went away.</summary>
    public static StorageUnavailableException BrokenOff(Exception e) =>
        new("The object store broke off in the midst of an object; try again later.", e);

    /// <summary>Whether the store, or the way to it, is to blame.</summary>
    public static bool IsOfStore(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException || IsTimeout(e) || IsBrokenOff(e);

    /// <summary>Not so where the request came late, or not whole: the next one may.</summary>
    private static bool IsRefusal(AmazonS3Exception e) => (int)e.StatusCode is >= 400 and < 500
        && e.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests)
        && e.ErrorCode is not ("RequestTimeout" or "IncompleteBody" or "BadDigest");

    /// <summary>The client's own limit, not a wish of who called it.</summary>
    private static bool IsTimeout(Exception e) => e is TimeoutException or OperationCanceledException { InnerException: TimeoutException };

    /// <summary>
    /// The store, or the way to it, went away in the midst of an answer, or as soon as it had taken the connection: the client passes on
    /// what it meets then, which may be a stream that the pool of connections closed. Other failures of input and output are this
    /// machine's.
    /// </summary>
    private static bool IsBrokenOff(Exception e) =>
        e is HttpIOException or XmlException or SocketException or ObjectDisposedException
        || e is IOException { InnerException: SocketException } || IsOfEncryption(e);

    /// <summary>
    /// A TLS connection that ends where it may not is told by a plain exception without a number of the system's, which all that files and
    /// disks fail with have.
    /// </summary>
    private static bool IsOfEncryption(Exception e) => e.GetType() == typeof(IOException) && e.HResult == NoNumber;

    public static StorageUnavailableException NoBucket(S3StorageOptions options, Exception e) =>
        new($"The bucket {options.Bucket} does not exist: create it, or name another.", e, isRefusal: true);
}
