using System.Net;
using System.Net.Sockets;
using System.Xml;
using Amazon.Runtime;
using Amazon.S3;

namespace SynthStudio.Storage.S3;

/// <summary>Says of a store's failures what they mean for who uses it.</summary>
internal static class S3Errors
{
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
        catch (AmazonS3Exception e) when ((int)e.StatusCode is >= 400 and < 500
            && e.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests))
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

    /// <summary>Whether the store, or the way to it, is to blame.</summary>
    public static bool IsOfStore(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException || IsTimeout(e) || IsBrokenOff(e);

    /// <summary>The client's own limit, not a wish of who called it.</summary>
    private static bool IsTimeout(Exception e) => e is TimeoutException or OperationCanceledException { InnerException: TimeoutException };

    /// <summary>
    /// The store, or the way to it, went away in the midst of an answer, or as soon as it had taken the connection: the client passes on
    /// what it meets then. Other failures of input and output are this machine's.
    /// </summary>
    private static bool IsBrokenOff(Exception e) =>
        e is HttpIOException or XmlException or SocketException or IOException { InnerException: SocketException };

    public static StorageUnavailableException NoBucket(S3StorageOptions options, Exception e) =>
        new($"The bucket {options.Bucket} does not exist: create it, or name another.", e, isRefusal: true);
}
