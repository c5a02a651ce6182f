using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Api.Identity.OpenIdConnect;

/// <summary>
/// The secrets of one sign-in at a provider, all made from one that only the client has (HKDF, RFC 5869): the state that binds the answer to the
/// question, the nonce that binds the identity token to it, and the verifier of PKCE (RFC 7636) that binds the code to it. The server keeps its hash.
/// </summary>
internal sealed class ProviderFlow
{
    private const int Bytes = 32;

    private readonly byte[] _secret;

    private ProviderFlow(byte[] secret) => _secret = secret;

    public static ProviderFlow Create() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The flow of a client's secret; null when the text is none.</summary>
    public static ProviderFlow? Parse(string text) =>
        text.Length < 100 && Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is { Length: Bytes } secret ? new ProviderFlow(secret) : null;

    /// <summary>For the client.</summary>
    public string Secret => Base64Url.EncodeToString(_secret);

    /// <summary>What is stored.</summary>
    public byte[] Hash() => SHA256.HashData(_secret);

    public string State => Derive("state");

    public string Nonce => Derive("nonce");

    public string Verifier => Derive("pkce verifier");

    /// <summary>What the provider gets of the verifier.</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>Whether an answer is to this flow.</summary>
    public bool HasState(string state) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(State), Encoding.UTF8.GetBytes(state));

    private string Derive(string purpose) =>
        Base64Url.EncodeToString(HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, Bytes, info: Encoding.UTF8.GetBytes(purpose)));
}
