using OtpNet;

namespace SynthStudio.Api.Identity.SecondFactor;

/// <summary>Codes that an app makes from a shared secret and the time (TOTP, RFC 6238, as all apps know it: SHA-1, six digits, 30 s).</summary>
internal static class TimeCodes
{
    private const int SecretBytes = 20;
    private const int Digits = 6;

    /// <summary>One code before and after the present one, for clocks that differ.</summary>
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    public static byte[] CreateSecret() => KeyGeneration.GenerateRandomKey(SecretBytes);

    /// <summary>The secret as people type it.</summary>
    public static string Show(byte[] secret) => Base32Encoding.ToString(secret).TrimEnd('=');

    /// <summary>The secret as apps scan it.</summary>
    public static string Uri(byte[] secret, string account) => new OtpUri(OtpType.Totp, Show(secret), account, "SynthStudio").ToString();

    /// <summary>Whether a text could be a code: six digits.</summary>
    public static bool LooksLikeOne(string text) => text.Length == Digits && text.All(char.IsAsciiDigit);

    /// <summary>The time step that a code is of, about now; null when it is of none.</summary>
    public static long? FindStep(byte[] secret, string code, DateTimeOffset now) =>
        new Totp(secret, totpSize: Digits).VerifyTotp(now.UtcDateTime, code, out var step, Window) ? step : null;
}
