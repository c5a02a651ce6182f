using System.Security.Authentication;
using SynthStudio.Api.Outbound;
using SynthStudio.Catalog.Transfers;
using SynthStudio.Storage.S3;

namespace SynthStudio.Api.Transfers.Buckets;

/// <summary>From what a store of somebody else answers to what its user can do.</summary>
internal static class BucketErrors
{
    public static TransferException Of(ForeignBucketException e, BucketAddress address, string key)
    {
        var store = address.Url.Length > 0 ? address.Url : $"Amazon S3 in {address.Region}";
        return e.Failure switch
        {
            ForeignBucketFailure.NoBucket => new(TransferReasons.BucketUnknown, $"{store} has no bucket {address.Bucket}: check its name and region.", address.Bucket, e),
            ForeignBucketFailure.NoObject => new(TransferReasons.ObjectMissing, $"The bucket {address.Bucket} has no object {key}.", key, e),
            ForeignBucketFailure.KeyRefused => new(TransferReasons.LoginRefused, $"{store} does not accept the access key, or its secret is another.", address.Bucket, e),
            ForeignBucketFailure.Forbidden => new(TransferReasons.NotPermitted, $"The access key may not do that in the bucket {address.Bucket}: give it the right for {key}.", key, e),
            ForeignBucketFailure.Refused => new(TransferReasons.NotPermitted, $"{store} refuses the request for {key}.", key, e),
            _ when Holds<AddressNotAllowedException>(e) => new(
                TransferReasons.AddressNotAllowed, $"{store} has no address that the server may call: check the name; private networks only the operator can allow (Transfers:AllowedNetworks).", inner: e),
            _ when Holds<AuthenticationException>(e) => new(TransferReasons.TlsFailed, $"{store} has no certificate that the server trusts.", inner: e),
            _ => new(TransferReasons.Unreachable, $"{store} does not answer: check its address, and that its firewall lets this server in.", inner: e),
        };
    }

    private static bool Holds<T>(Exception? e) where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T) return true;
        }

        return false;
    }
}
