using SynthStudio.Catalog.Secrets;
using SynthStudio.Storage;

namespace SynthStudio.Api.Lifecycle;

/// <summary>
/// All that the master key seals: secrets in the database, and the pieces of open uploads in a bucket. When none needs an
/// earlier key any more, that can be forgotten.
/// </summary>
internal sealed class StoredSeals(SecretSeals secrets, IPieceSeals? pieces = null)
{
    /// <summary>Seals all that need it anew.</summary>
    /// <param name="includeEarlierForms">Also secrets that stand there as an earlier version stored them.</param>
    /// <param name="cancellation">Stops the call; what is sealed anew stays so.</param>
    /// <returns>What it came to, by kind.</returns>
    public async Task<IReadOnlyList<ResealedSecrets>> ResealAsync(bool includeEarlierForms, CancellationToken cancellation)
    {
        var kinds = await secrets.ResealAsync(includeEarlierForms, cancellation);
        if (pieces is null) return kinds;
        var found = await pieces.ResealAsync(cancellation);
        return [.. kinds, new ResealedSecrets(SecretKind.UploadPiece, found.Count, found.Resealed, found.Unreadable)];
    }
}
