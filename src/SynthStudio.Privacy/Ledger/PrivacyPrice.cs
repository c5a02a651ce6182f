namespace SynthStudio.Privacy.Ledger;

/// <summary>
/// An (epsilon, delta) as whole numbers, so that what is added and taken back again cancels exactly: epsilon in billionths, delta in units of
/// 1e-18. What is asked for is rounded up, what may be spent is rounded down.
/// </summary>
/// <param name="NanoEpsilon">Epsilon times 1e9.</param>
/// <param name="AttoDelta">Delta times 1e18.</param>
public readonly record struct PrivacyPrice(long NanoEpsilon, long AttoDelta)
{
    /// <summary>More than this is no protection that anybody should plan with.</summary>
    public const double MaxEpsilon = 1000;

    private const double Nano = 1e9, Atto = 1e18;

    /// <summary>Costs nothing.</summary>
    public static PrivacyPrice Nothing { get; }

    public double Epsilon => NanoEpsilon / Nano;

    public double Delta => AttoDelta / Atto;

    /// <summary>What a job asks for, rounded up.</summary>
    /// <exception cref="PrivacyException">Not above 0 (numbers too small to count are refused), not finite, or beyond any use.</exception>
    public static PrivacyPrice Asked(double epsilon, double delta) =>
        new((long)Math.Ceiling(CheckEpsilon(epsilon) * Nano), (long)Math.Ceiling(CheckDelta(delta) * Atto));

    /// <summary>What may be spent, rounded down.</summary>
    /// <exception cref="PrivacyException">Not above 0 (numbers too small to count are refused), not finite, or beyond any use.</exception>
    public static PrivacyPrice Allowed(double epsilon, double delta) =>
        new((long)(CheckEpsilon(epsilon) * Nano), (long)(CheckDelta(delta) * Atto));

    public static PrivacyPrice operator +(PrivacyPrice one, PrivacyPrice other) =>
        new(checked(one.NanoEpsilon + other.NanoEpsilon), checked(one.AttoDelta + other.AttoDelta));

    public static PrivacyPrice operator -(PrivacyPrice one, PrivacyPrice other) =>
        new(checked(one.NanoEpsilon - other.NanoEpsilon), checked(one.AttoDelta - other.AttoDelta));

    /// <summary>Epsilon in billionths, rounded up with room for the last digits of the computation; <see cref="long.MaxValue"/> when it is infinite.</summary>
    internal static long Upwards(double epsilon) =>
        epsilon < MaxEpsilon * MaxEpsilon ? (long)Math.Ceiling(Math.BitIncrement(epsilon * (1 + 1e-9)) * Nano) : long.MaxValue;

    private static double CheckEpsilon(double epsilon) =>
        PrivacyException.Demand(epsilon, epsilon is >= 1 / Nano and <= MaxEpsilon, "epsilon", FormattableString.Invariant($"from 1e-9 to {MaxEpsilon}"));

    private static double CheckDelta(double delta) => PrivacyException.Demand(delta, delta is >= 1 / Atto and < 1, "delta", "from 1e-18 to 1, without 1");
}
