using System.ComponentModel.DataAnnotations;
using SynthStudio.Catalog.Packages;

namespace SynthStudio.Api.Packages;

/// <summary>Which model packages may be imported. Those that this installation signed always may.</summary>
public sealed class PackageOptions : IValidatableObject
{
    /// <summary>Whose packages are taken beside our own.</summary>
    public IList<TrustedSignerOptions> TrustedSigners { get; init; } = [];

    /// <summary>Whether a package without signature is taken when who imports it says so: nobody answers for what it draws and promises.</summary>
    public bool AllowUnsigned { get; set; }

    /// <summary>What each signer needs.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        for (var i = 0; i < TrustedSigners.Count; i++)
        {
            if (TrustedSigners[i].Problem() is { } problem) yield return new ValidationResult(problem, [$"{nameof(TrustedSigners)}:{i}"]);
        }
    }
}

/// <summary>An installation whose packages are taken.</summary>
public sealed class TrustedSignerOptions
{
    /// <summary>What it is called here.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its public key, as <c>synth package key</c> prints it (PEM, P-256), or the base 64 in it as one line.</summary>
    public string PublicKey { get; set; } = "";

    /// <summary>What is wrong; null for nothing.</summary>
    internal string? Problem()
    {
        if (Name.Length == 0) return "needs a Name.";
        try
        {
            PackageSeal.Public(Name, PublicKey).Dispose();
            return null;
        }
        catch (FormatException)
        {
            return "needs a PublicKey as synth package key prints it (PEM, P-256).";
        }
    }
}
