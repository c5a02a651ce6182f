using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SynthStudio.Api.Webhooks;

/// <summary>Signs what is sent, as Standard Webhooks 1.0 says.</summary>
internal static class WebhookSignature
{
    /// <summary>The value of the header <c>webhook-signature</c>: one signature for each key, separated by spaces.</summary>
    /// <param name="keys">The keys, newest first.</param>
    /// <param name="id">The event's id.</param>
    /// <param name="timestamp">When it is sent, in seconds since 1970.</param>
    /// <param name="body">The body.</param>
    public static string Of(IEnumerable<byte[]> keys, string id, long timestamp, string body)
    {
        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"));
        return string.Join(' ', keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, text))));
    }
}
