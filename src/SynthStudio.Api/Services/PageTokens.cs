using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SynthStudio.Api.Errors;
using SynthStudio.Api.Identity;
using SynthStudio.Catalog;

namespace SynthStudio.Api.Services;

/// <summary>Page tokens: opaque, signed, and good only for the query they came from. They grant nothing: every page is authorized anew.</summary>
internal sealed class PageTokens(SigningKeyRing keys)
{
    public const int DefaultSize = 50;
    public const int LargestSize = 1000;
    private const int MacLength = 16;

    /// <summary>What a list request asks for.</summary>
    /// <param name="size">As sent; 0 for the default.</param>
    /// <param name="token">As sent; empty for the first page.</param>
    /// <param name="query">Everything else that decides which entries the list has.</param>
    /// <param name="cancellation">Stops the call.</param>
    public async ValueTask<PageRequest> OpenAsync(int size, string token, string query, CancellationToken cancellation)
    {
        if (size < 0) throw ApiErrors.InvalidField("page_size", "must not be negative.");
        size = size == 0 ? DefaultSize : Math.Min(size, LargestSize);
        if (token.Length == 0) return new PageRequest(size);

        var ring = await keys.GetAsync(cancellation);
        return TryRead(token, out var mac, out var text)
            && ring.Published.Any(key => CryptographicOperations.FixedTimeEquals(mac, Mac(key, query, text)))
            && PageCursor.TryDecode(text, out var cursor)
            ? new PageRequest(size, cursor)
            : throw ApiErrors.InvalidField("page_token", "is not one of this list. Start at the first page.", ErrorReasons.InvalidPageToken);
    }

    /// <summary>The token of the next page; empty when there is none.</summary>
    public async ValueTask<string> SealAsync(PageCursor? next, string query, CancellationToken cancellation)
    {
        if (next is not { } cursor) return "";
        var text = cursor.Encode();
        var mac = Mac((await keys.GetAsync(cancellation)).Signing, query, text);
        return Base64Url.EncodeToString([.. mac, .. Encoding.ASCII.GetBytes(text)]);
    }

    private static bool TryRead(string token, out byte[] mac, out string text)
    {
        (mac, text) = ([], "");
        if (!Base64Url.IsValid(token)) return false;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= MacLength) return false;
        (mac, text) = (bytes[..MacLength], Encoding.ASCII.GetString(bytes.AsSpan(MacLength)));
        return true;
    }

    private static byte[] Mac(SigningKeyRing.Key key, string query, string cursor) =>
        HMACSHA256.HashData(key.PageSecret, Encoding.UTF8.GetBytes($"{query}\n{cursor}"))[..MacLength];
}
