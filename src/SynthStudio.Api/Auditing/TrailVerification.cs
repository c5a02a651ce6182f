using SynthStudio.Api.Errors;
using SynthStudio.Catalog.Audit;
using SynthStudio.Storage;

namespace SynthStudio.Api.Auditing;

/// <summary>Verifies a trail for who asked for it, and tells a disk that fails from all else that may be wrong.</summary>
internal static class TrailVerification
{
    /// <summary>Goes along a chain, and has its end on the disk, which comes before its signature.</summary>
    /// <param name="trail">The trails.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="TrailDiskException">The disk does not take the end.</exception>
    public static async Task<AuditFindings> VerifyOnDiskAsync(this AuditTrail trail, string chain, CancellationToken cancellation)
    {
        try
        {
            return await trail.VerifyAsync(chain, cancellation);
        }
        catch (IOException e) when (!IsOfStore(e))
        {
            throw new TrailDiskException(chain, e);
        }
    }

    /// <summary>Whether the store fails that the signed ends are kept in, which callers are told in words of its own.</summary>
    private static bool IsOfStore(IOException e) =>
        e is StorageFullException or StorageUnavailableException or ObjectNotFoundException or ObjectCorruptException;
}
