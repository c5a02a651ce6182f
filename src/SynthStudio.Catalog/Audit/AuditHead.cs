namespace SynthStudio.Catalog.Audit;

/// <summary>The end of a chain, signed.</summary>
/// <param name="Chain">The chain's name.</param>
/// <param name="Sequence">Number of its last entry.</param>
/// <param name="Hash">That entry's hash.</param>
/// <param name="Signature">Of the three before, by <see cref="AuditSeal"/>.</param>
public sealed record AuditHead(string Chain, long Sequence, byte[] Hash, byte[] Signature)
{
    internal static AuditHead Sign(AuditSeal seal, string chain, long sequence, byte[] hash) => new(chain, sequence, hash, seal.Sign(chain, sequence, hash));

    internal bool IsSignedBy(AuditSeal seal) => seal.Verify(Chain, Sequence, Hash, Signature);

    /// <summary>Where the anchor keeps it.</summary>
    internal static string AnchorName(string chain) => $"audit/{chain}";

    /// <summary>Hash and signature as one word, as the anchor keeps it.</summary>
    internal LedgerHead ToAnchor() => new(Sequence, Convert.ToHexStringLower(Hash) + Convert.ToHexStringLower(Signature));

    /// <summary>The head that an anchor kept; null when its word is none.</summary>
    internal static AuditHead? FromAnchor(string chain, LedgerHead anchored)
    {
        if (anchored.Hash.Length <= 2 * AuditLine.HashBytes || !anchored.Hash.All(char.IsAsciiHexDigit) || anchored.Hash.Length % 2 != 0) return null;
        var bytes = Convert.FromHexString(anchored.Hash);
        return new AuditHead(chain, anchored.Sequence, bytes[..AuditLine.HashBytes], bytes[AuditLine.HashBytes..]);
    }
}
