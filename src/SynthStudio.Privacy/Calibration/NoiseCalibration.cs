using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy.Calibration;

/// <summary>Finds the least noise that keeps a promise. What it returns always keeps it.</summary>
public static class NoiseCalibration
{
    /// <summary>Relative width of the last bracket.</summary>
    public const double Tolerance = 1e-5;

    private const double LeastNoise = 1e-2;
    private const double MostNoise = 1e6;

    /// <summary>The smallest noise multiplier, to <see cref="Tolerance"/>, at which the mechanism is (epsilon, delta)-DP.</summary>
    /// <param name="mechanism">What happens at a noise multiplier; its epsilon must fall with the noise.</param>
    /// <param name="accountant">Who proves it.</param>
    /// <param name="epsilon">Above 0.</param>
    /// <param name="delta">Between 0 and 1.</param>
    /// <exception cref="PrivacyException">No noise up to a million meets the target, or it needs none.</exception>
    public static double NoiseMultiplier(Func<double, PrivacyEvent> mechanism, IPrivacyAccountant accountant, double epsilon, double delta)
    {
        Ranges.Positive(epsilon, "epsilon");
        Ranges.OpenProbability(delta, "delta");
        var kept = 1.0;
        var broken = 1.0;
        if (EpsilonAt(kept) > epsilon)
        {
            while (EpsilonAt(kept *= 2) > epsilon)
            {
                broken = kept;
                if (kept > MostNoise)
                    throw NotFeasible(FormattableString.Invariant($"No noise multiplier up to {MostNoise} gives epsilon {epsilon} at delta {delta}: take fewer steps or a smaller sample rate."));
            }
        }
        else
        {
            while (EpsilonAt(broken /= 2) <= epsilon)
            {
                kept = broken;
                if (broken < LeastNoise)
                    throw NotFeasible(FormattableString.Invariant($"Epsilon {epsilon} at delta {delta} is kept with a noise multiplier below {LeastNoise}: this asks for no protection; ask for a smaller epsilon."));
            }
        }

        return FeasibleBracket.Narrow(EpsilonAt, epsilon, broken, kept, Tolerance);

        double EpsilonAt(double noise)
        {
            try
            {
                return accountant.Epsilon(mechanism(noise), delta);
            }
            catch (PrivacyException exception) when (exception.Error == PrivacyError.LossTooLarge)
            {
                return double.PositiveInfinity;
            }
        }
    }

    private static PrivacyException NotFeasible(string message) => new(PrivacyError.NotFeasible, message, "epsilon");
}
