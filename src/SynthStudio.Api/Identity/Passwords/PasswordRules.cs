using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Identity.Passwords;

/// <summary>
/// What a new password must be (after NIST SP 800-63B, section 3.1.1): long, and not what is tried first. No
/// rules of composition, no expiry.
/// </summary>
internal static class PasswordRules
{
    public const int Shortest = 12;
    public const int Longest = 256;
    private const int LeastDistinct = 5;
    private const int LongestFiller = 4;

    /// <summary>What is tried first, without the digits and signs that people put before and after it.</summary>
    private static readonly string[] Guessed =
    [
        "password", "passwort", "passphrase", "qwerty", "qwertz", "azerty", "qwertyuiop", "asdfghjkl", "letmein", "welcome", "iloveyou", "administrator", "admin",
        "synthstudio", "synthetic", "changeme", "secret", "trustno", "monkey", "dragon", "football", "sunshine", "princess",
    ];

    /// <summary>Refuses a password that is easily guessed.</summary>
    /// <param name="password">The password.</param>
    /// <param name="email">The address of its owner; empty for none.</param>
    /// <param name="field">The field that it came in.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static void Check(string password, string email, string field)
    {
        if (Problem(password, email) is { } problem) throw ApiErrors.InvalidField(field, problem, ErrorReasons.WeakPassword);
    }

    /// <summary>A password of a sign-in: whatever it is, nobody has a longer one.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it is missing, or too long.</exception>
    public static void CheckGiven(string password, string field)
    {
        if (password.Length is 0 or > Longest) throw ApiErrors.InvalidField(field, $"must have 1 to {Longest} characters.");
    }

    /// <summary>What is wrong with a password, in words; null for nothing.</summary>
    internal static string? Problem(string password, string email)
    {
        if (password.Length is < Shortest or > Longest) return $"must have {Shortest} to {Longest} characters.";
        if (password.Distinct().Count() < LeastDistinct) return $"must have at least {LeastDistinct} different characters.";
        if (IsRun(password)) return "must not be a row of characters that follow each other.";
        var lower = password.ToLowerInvariant();
        var local = email.Split('@')[0].ToLowerInvariant();
        if (local.Length > 3 && lower.Contains(local, StringComparison.Ordinal)) return "must not hold your address.";
        return Guessed.Any(word => lower.Replace(word, "", StringComparison.Ordinal) is var rest && rest.Length < lower.Length && IsFiller(rest))
            ? "is among the first that are tried. Take some words that do not belong together."
            : null;
    }

    private static bool IsRun(string password) =>
        password.Zip(password.Skip(1)).Count(pair => Math.Abs(pair.Second - pair.First) == 1) >= password.Length - 3;

    private static bool IsFiller(string rest) => rest.Count(char.IsLetter) <= LongestFiller;
}
