namespace SynthStudio.Storage;

/// <summary>Keys of objects: <c>sha256/ab/cd/abcd...</c>, spread over folders so that none grows large.</summary>
public static class ObjectKeys
{
    /// <summary>What every key begins with.</summary>
    internal const string Prefix = "sha256/";

    private const int HashLength = 64;

    /// <param name="sha256">64 lower-case hexadecimal digits.</param>
    public static string For(string sha256) => IsHash(sha256)
        ? $"{Prefix}{sha256[..2]}/{sha256[2..4]}/{sha256}"
        : throw new ArgumentException("Not a SHA-256 in lower-case hexadecimal digits.", nameof(sha256));

    /// <summary>Whether the text is a key of ours. Anything else is never made into a path.</summary>
    public static bool IsKey(string key) => key.Length >= HashLength && IsHash(key[^HashLength..]) && key == For(key[^HashLength..]);

    /// <summary>Whether an object lies in the store encrypted: its key is another hash than that of its bytes.</summary>
    public static bool IsEncrypted(ObjectRef reference) => reference.Key != For(reference.Sha256);

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);
}
