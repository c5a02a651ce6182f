namespace SynthStudio.Catalog.Packages;

/// <summary>What is wrong with a package.</summary>
public enum PackageError
{
    /// <summary>It is none, or damaged.</summary>
    Corrupt,

    /// <summary>It is not what was signed.</summary>
    Tampered,

    /// <summary>It carries no signature.</summary>
    Unsigned,

    /// <summary>It is signed by a key that nobody said to trust.</summary>
    SignerUnknown,

    /// <summary>A newer version of the software wrote it.</summary>
    TooNew,
}

/// <summary>A package is not taken.</summary>
public sealed class PackageException(PackageError error, string message, Exception? inner = null) : Exception(message, inner)
{
    public PackageError Error { get; } = error;
}
