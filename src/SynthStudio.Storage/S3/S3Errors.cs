using System.Net;
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
            throw new StorageUnavailableException($"The object store refuses the access key for bucket {options.Bucket}.", e);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new StorageUnavailableException("The object store does not answer as it should; try again later.", e);
        }
    }

    public static StorageUnavailableException NoBucket(S3StorageOptions options, Exception e) =>
        new($"The bucket {options.Bucket} does not exist: create it, or name another.", e);
}
