using System.Buffers.Text;
using System.Security.Cryptography;

namespace SynthStudio.Api.Identity.Sessions;

/// <summary>
/// A refresh token, <c>sr_{session}_{family}{secret}</c>. All tokens of a session share the family part, which only who was given one can know: so a
/// token of the past, which is a theft, is told from one that somebody made up. The secret of the next token is made from the one before and a salt
/// that the server keeps: a repeat gets the same next token, while neither database nor old token alone are enough to make it.
/// </summary>
internal readonly record struct RefreshToken(string Session, byte[] Family, byte[] Secret)
{
    private const string Prefix = "sr";
    private const int FamilyBytes = 16;
    private const int SecretBytes = 32;

    /// <summary>Characters of a session's id: 20 hexadecimal digits after a letter that no API key's id begins with.</summary>
    private const int SessionLength = 21;

    /// <summary>The first token of a new session.</summary>
    public static RefreshToken Create() => new(
        "s" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10)),
        RandomNumberGenerator.GetBytes(FamilyBytes), RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Whether the id of a credential is that of a session, and not of an API key.</summary>
    public static bool IsSession(string credential) => credential.Length == SessionLength && credential[0] == 's';

    /// <summary>Takes a token apart; null when the text is none.</summary>
    public static RefreshToken? Parse(string text)
    {
        var parts = text.Split('_', 3);
        if (parts is not [Prefix, var session, var secret] || !IsSession(session) || secret.Length > 128 || !Base64Url.IsValid(secret)) return null;
        var bytes = Base64Url.DecodeFromChars(secret);
        return bytes.Length == FamilyBytes + SecretBytes ? new RefreshToken(session, bytes[..FamilyBytes], bytes[FamilyBytes..]) : null;
    }

    /// <summary>The next token.</summary>
    public RefreshToken Next(byte[] salt) => this with { Secret = HMACSHA256.HashData(Secret, salt) };

    /// <summary>What is stored of it: 256 random bits need no salt and no slow hash.</summary>
    public byte[] Hash() => SHA256.HashData(Secret);

    /// <summary>What is stored of what the family shares.</summary>
    public byte[] HashFamily() => SHA256.HashData(Family);

    public override string ToString() => $"{Prefix}_{Session}_{Base64Url.EncodeToString([.. Family, .. Secret])}";
}
