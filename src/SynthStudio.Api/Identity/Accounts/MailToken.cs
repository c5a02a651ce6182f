using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>What a mail carries: 256 random bits, <c>sm_…</c>, of which the hash is stored.</summary>
internal static class MailToken
{
    private const string Prefix = "sm_";
    private const int Bytes = 32;

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The hash of a token in a field.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it is none.</exception>
    public static byte[] Hash(string token) => token.StartsWith(Prefix, StringComparison.Ordinal) && token.Length < 100
        ? SHA256.HashData(Encoding.UTF8.GetBytes(token))
        : throw ApiErrors.InvalidField("token", "must be a token that a mail brought, sm_....");
}
