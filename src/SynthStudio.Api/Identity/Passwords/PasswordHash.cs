using System.Globalization;
using System.Text.RegularExpressions;

namespace SynthStudio.Api.Identity.Passwords;

/// <summary>Cost of an Argon2id hash.</summary>
/// <param name="MemoryKiB">m, in KiB.</param>
/// <param name="Passes">t.</param>
internal readonly record struct PasswordCost(int MemoryKiB, int Passes);

/// <summary>A stored password: Argon2id with one lane, in the PHC string format, <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>.</summary>
internal sealed partial record PasswordHash(PasswordCost Cost, byte[] Salt, byte[] Hash)
{
    /// <summary>The hash in a text; null when it is none of ours.</summary>
    public static PasswordHash? Parse(string text)
    {
        var match = Format().Match(text);
        return match.Success
            ? new PasswordHash(
                new PasswordCost(
                    int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
                    int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)),
                Decode(match.Groups[3].Value), Decode(match.Groups[4].Value))
            : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"$argon2id$v=19$m={Cost.MemoryKiB},t={Cost.Passes},p=1${Encode(Salt)}${Encode(Hash)}");

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Decode(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));

    [GeneratedRegex(@"\A\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})\z")]
    private static partial Regex Format();
}
