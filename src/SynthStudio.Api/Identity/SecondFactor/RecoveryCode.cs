using System.Security.Cryptography;
using System.Text;
using OtpNet;

namespace SynthStudio.Api.Identity.SecondFactor;

/// <summary>Codes for who has lost the app: 80 random bits each, <c>abcd-efgh-ijkl-mnop</c>, stored as hashes, good once.</summary>
internal static class RecoveryCode
{
    /// <summary>How many a user has.</summary>
    public const int Count = 10;

    private const int Bytes = 10;
    private const int Letters = 16;

    public static string Create()
    {
        var text = Base32Encoding.ToString(RandomNumberGenerator.GetBytes(Bytes)).ToLowerInvariant();
        return string.Join('-', text.Chunk(4).Select(four => new string(four)));
    }

    /// <summary>What is stored; null when the text cannot be such a code. Case, hyphens and blanks do not matter.</summary>
    public static byte[]? Hash(string text)
    {
        var letters = string.Concat(text.Where(c => c is not ('-' or ' '))).ToLowerInvariant();
        return letters.Length == Letters ? SHA256.HashData(Encoding.UTF8.GetBytes(letters)) : null;
    }
}
