using SynthStudio.Catalog;
using SynthStudio.Catalog.Packages;

namespace SynthStudio.Api.Packages;

/// <summary>The key that signs packages here, and those that are trusted.</summary>
internal sealed class PackageKeys : IDisposable
{
    public PackageKeys(LedgerKey key, ApiOptions options)
    {
        Own = PackageSeal.Of(key, options.Issuer);
        Trusted = [Own, .. options.Packages.TrustedSigners.Select(signer => PackageSeal.Public(signer.Name, signer.PublicKey))];
    }

    /// <summary>Signs what leaves.</summary>
    public PackageSeal Own { get; }

    /// <summary>Whose packages are taken; our own first.</summary>
    public IReadOnlyList<PackageSeal> Trusted { get; }

    public void Dispose()
    {
        foreach (var seal in Trusted) seal.Dispose();
    }
}
