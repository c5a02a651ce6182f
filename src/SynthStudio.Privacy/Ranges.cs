namespace SynthStudio.Privacy;

/// <summary>The ranges that privacy parameters have; NaN and infinities are always refused.</summary>
internal static class Ranges
{
    public static double Positive(double value, string name) =>
        PrivacyException.Demand(value, double.IsFinite(value) && value > 0, name, "a finite number above 0");

    public static double NotNegative(double value, string name) =>
        PrivacyException.Demand(value, double.IsFinite(value) && value >= 0, name, "a finite number, 0 or more");

    public static double Probability(double value, string name) =>
        PrivacyException.Demand(value, value is >= 0 and <= 1, name, "from 0 to 1");

    /// <summary>A delta that an epsilon can be asked for.</summary>
    public static double OpenProbability(double value, string name) =>
        PrivacyException.Demand(value, value is > 0 and < 1, name, "between 0 and 1");
}
