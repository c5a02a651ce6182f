using System.Security.Cryptography;
using System.Text;
using SynthStudio.Storage;

namespace SynthStudio.Catalog.Secrets;

/// <summary>Seals the secrets of second factors by the master key, each bound to its user: who has the database alone cannot make codes.</summary>
public sealed class SecondFactorSeals
{
    private const int NonceBytes = 12, TagBytes = 16;

    /// <summary>Of a box as earlier versions made it: a nonce, a tag, and a secret, which always had 20 bytes. Boxes of the master key are larger.</summary>
    private const int EarlierBytes = NonceBytes + TagBytes + 20;

    private readonly MasterKey _master;
    private readonly byte[] _earlier;

    internal SecondFactorSeals(MasterKey master, LedgerKey ledger)
    {
        (_master, _earlier) = (master, ledger.SecondFactors());
        Column = new SealedColumn(SecretKind.SecondFactor, "accounts", "owner", "second_factor", (user, _) => PurposeOf(user)) { IsEarlier = IsEarlier, OpenEarlier = OpenEarlier };
    }

    /// <summary>Where they are stored.</summary>
    internal SealedColumn Column { get; }

    /// <summary>Seals the secret of a user.</summary>
    public byte[] Seal(byte[] secret, string user) => _master.Seal(secret, PurposeOf(user));

    /// <summary>Opens what <see cref="Seal"/> made, or an earlier version.</summary>
    /// <exception cref="SealBrokenException">It was not sealed for this user by a key of ours.</exception>
    public byte[] Open(byte[] box, string user) => IsEarlier(box) ? OpenEarlier(box, user) : _master.Open(box, PurposeOf(user));

    private static bool IsEarlier(byte[] box) => box.Length == EarlierBytes;

    /// <summary>By a key of the ledger's (AES-256-GCM).</summary>
    private byte[] OpenEarlier(byte[] box, string user)
    {
        var secret = new byte[box.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_earlier, TagBytes);
        try
        {
            cipher.Decrypt(
                box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), secret,
                Encoding.UTF8.GetBytes(user));
            return secret;
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new SealBrokenException(PurposeOf(user), "it is not what was sealed by the ledger's key", e);
        }
    }

    private static string PurposeOf(string user) => $"second factor of {user}";
}
