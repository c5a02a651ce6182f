using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Api.Identity;

/// <summary>SHA-256 of a credential: by it a cache knows credentials without keeping them.</summary>
internal readonly record struct CredentialDigest(ulong A, ulong B, ulong C, ulong D)
{
    public static CredentialDigest Of(string credential)
    {
        Span<byte> utf8 = stackalloc byte[2048];
        if (!Encoding.UTF8.TryGetBytes(credential, utf8, out var length))
        {
            utf8 = Encoding.UTF8.GetBytes(credential);
            length = utf8.Length;
        }

        Span<ulong> digest = stackalloc ulong[4];
        SHA256.HashData(utf8[..length], MemoryMarshal.AsBytes(digest));
        return new CredentialDigest(digest[0], digest[1], digest[2], digest[3]);
    }
}
