namespace SynthStudio.Assistant.Providers;

/// <summary>Tokens that were taken.</summary>
/// <param name="Asked">Of what was sent.</param>
/// <param name="Answered">Of what came.</param>
/// <param name="IsEstimated">Whether a provider did not say, so that they are estimated by the length of the texts.</param>
public readonly record struct TokenUse(long Asked, long Answered, bool IsEstimated)
{
    /// <summary>Characters of a token, fewer than of most languages so that estimates are rather too great.</summary>
    private const int CharactersPerToken = 3;

    public long Total => Asked + Answered;

    public static TokenUse operator +(TokenUse one, TokenUse other) =>
        new(one.Asked + other.Asked, one.Answered + other.Answered, one.IsEstimated || other.IsEstimated);

    /// <summary>Tokens that a text probably takes.</summary>
    public static long Estimate(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
