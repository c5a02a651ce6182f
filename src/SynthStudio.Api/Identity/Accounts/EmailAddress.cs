using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Identity.Accounts;

/// <summary>A mail address, as it was written and as it is found.</summary>
/// <param name="Text">As its owner wrote it.</param>
/// <param name="Key">In lower case: no two accounts differ by case only.</param>
internal readonly record struct EmailAddress(string Text, string Key)
{
    private const int LongestLocalPart = 64;
    private const int Longest = 254;

    /// <summary>The address in a field. That somebody reads it is for a mail to prove; here it only has to look like one.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it does not.</exception>
    public static EmailAddress Read(string text, string field) =>
        Find(text) ?? throw ApiErrors.InvalidField(field, "must be a mail address such as ada@example.org.");

    /// <summary>The address in a text; null when it does not look like one.</summary>
    public static EmailAddress? Find(string text)
    {
        var trimmed = text.Trim();
        var at = trimmed.LastIndexOf('@');
        if (at is < 1 or > LongestLocalPart || trimmed.Length > Longest) return null;
        var (local, domain) = (trimmed[..at], trimmed[(at + 1)..]);
        var isGood = Uri.CheckHostName(domain) == UriHostNameType.Dns && !local.Any(c =>
            char.IsWhiteSpace(c) || ErrorText.IsHarmful(c) || c is '"' or '<' or '>' or '(' or ')' or ',' or ';' or '@');
        return isGood ? new EmailAddress(trimmed, trimmed.ToLowerInvariant()) : null;
    }
}
