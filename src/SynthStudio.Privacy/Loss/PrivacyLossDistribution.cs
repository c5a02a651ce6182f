using System.Numerics;
using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Loss;

/// <summary>
/// The distribution of the privacy loss log(P/Q) under P on a grid of losses l = i h, with the probability of an infinite loss beside it. Every
/// delta read from it is at least the true one.
/// </summary>
/// <remarks>
/// It can be held tilted: mass_i is proportional to P(l_i) e^(theta l_i). Composing loses digits relative to the largest mass, so a tilt that
/// brings the losses of interest to the middle keeps their digits however improbable they are (exponential change of measure, Esscher).
/// </remarks>
internal sealed class PrivacyLossDistribution
{
    /// <summary>Step h of the loss grid.</summary>
    public const double DefaultInterval = 1e-4;

    /// <summary>Probability, after tilting, that composing may leave out on either side; above, it then counts as infinite loss.</summary>
    private const double TruncatedMass = 1e-15;

    /// <summary>A span of losses of about 400 by <see cref="DefaultInterval"/>, far beyond any promise; composing takes some 50 bytes a point.</summary>
    private const int LargestGrid = 1 << 22;

    private readonly double _interval;
    private readonly long _lowest;
    private readonly double[] _mass;
    private readonly double _infinite;
    private readonly double _tilt;
    private readonly double _logScale; // P(l_i) = mass_i exp(_logScale - _tilt l_i)

    /// <param name="interval">Step h of the loss grid.</param>
    /// <param name="lowest">Grid index of the first mass.</param>
    /// <param name="mass">Probabilities of consecutive grid losses.</param>
    /// <param name="infinite">Probability of an infinite loss.</param>
    public PrivacyLossDistribution(double interval, long lowest, double[] mass, double infinite)
        : this(interval, lowest, mass, infinite, 0, 0)
    {
    }

    private PrivacyLossDistribution(double interval, long lowest, double[] mass, double infinite, double tilt, double logScale)
    {
        _interval = interval;
        _lowest = lowest;
        _mass = mass;
        _infinite = Math.Min(1, infinite);
        _tilt = tilt;
        _logScale = logScale;
    }

    /// <summary>Nothing happened: the loss is 0.</summary>
    public static PrivacyLossDistribution Identity(double interval) => new(interval, 0, [1], 0);

    /// <summary>Everything was revealed.</summary>
    public static PrivacyLossDistribution NonPrivate(double interval) => new(interval, 0, [0], 1);

    /// <summary>The finite losses in groups, for tail bounds and tilts.</summary>
    public LossMoments Moments() => LossMoments.Of(_mass, _lowest, _interval);

    /// <summary>The same distribution, held with another tilt. Only of an untilted one.</summary>
    public PrivacyLossDistribution Tilted(double tilt)
    {
        var logs = new double[_mass.Length];
        for (var i = 0; i < logs.Length; i++) logs[i] = _mass[i] > 0 ? Math.Log(_mass[i]) + tilt * Loss(i) : double.NegativeInfinity;
        var scale = LogMath.Sum(logs);
        if (double.IsInfinity(scale)) return new PrivacyLossDistribution(_interval, _lowest, _mass, _infinite, tilt, 0);
        for (var i = 0; i < logs.Length; i++) logs[i] = Math.Exp(logs[i] - scale);
        return new PrivacyLossDistribution(_interval, _lowest, logs, _infinite, tilt, scale);
    }

    /// <summary>The loss of <paramref name="count"/> independent runs, by the fast Fourier transform within a window that Chernoff's bound gives.</summary>
    public PrivacyLossDistribution Times(long count)
    {
        if (count == 1) return this;
        var (low, high) = Moments().Window(count, TruncatedMass);
        DemandGrid((Int128)high - low + 1);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, Math.Max(high - low + 1, _mass.Length)));
        var mean = Mean();
        var excess = new double[size]; // over the certain loss `mean`: phases stay small where the spectrum is large
        for (var i = 0; i < _mass.Length; i++) excess[Modulo(i - mean, size)] = _mass[i];
        excess[0] -= 1;
        var spectrum = new RealSpectrum(excess);
        spectrum.PowerOfOnePlus(count);
        var composed = spectrum.Inverse();

        var mass = new double[high - low + 1];
        for (var i = 0L; i < mass.Length; i++) mass[i] = Math.Max(0, composed[Modulo(low + i - count * (_lowest + mean), size)]);
        var logScale = count * _logScale;
        var above = TruncatedMass * Math.Exp(logScale - _tilt * high * _interval);
        return new PrivacyLossDistribution(_interval, low, mass, above - LogMath.Expm1(count * LogMath.Log1P(-_infinite)), _tilt, logScale);
    }

    /// <summary>The loss of this and <paramref name="other"/> together; both hold the same tilt.</summary>
    public PrivacyLossDistribution Plus(PrivacyLossDistribution other)
    {
        var length = (long)_mass.Length + other._mass.Length - 1;
        DemandGrid(length);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, length));
        var spectrum = new RealSpectrum(Padded(_mass, size));
        spectrum.Multiply(new RealSpectrum(Padded(other._mass, size)));
        var composed = spectrum.Inverse();
        var mass = new double[length];
        for (var i = 0; i < mass.Length; i++) mass[i] = Math.Max(0, composed[i]);
        var infinite = 1 - (1 - _infinite) * (1 - other._infinite);
        return new PrivacyLossDistribution(_interval, _lowest + other._lowest, mass, infinite, _tilt, _logScale + other._logScale).Trim();
    }

    /// <summary>delta(epsilon) = P(infinite) + sum over losses l above epsilon of P(l) (1 - e^(epsilon - l)); at most 1.</summary>
    public double Delta(double epsilon)
    {
        var delta = _infinite;
        for (var i = _mass.Length - 1; i >= 0 && Loss(i) > epsilon; i--) delta -= Probability(i) * LogMath.Expm1(epsilon - Loss(i));
        return Math.Min(1, delta);
    }

    /// <summary>Delta on a grid of epsilons, from the largest down, in one pass over the losses. Only of an untilted one; to about 1e-12.</summary>
    public IEnumerable<(double Epsilon, double Delta)> Deltas(double lowest, double highest, double step)
    {
        var (p, q) = (_infinite, 0.0); // probability of the losses above epsilon, under P and under Q
        var next = _mass.Length - 1;
        for (var i = (int)Math.Round((highest - lowest) / step); i >= 0; i--)
        {
            var epsilon = lowest + i * step;
            for (; next >= 0 && Loss(next) > epsilon; next--)
            {
                p += _mass[next];
                q += _mass[next] * Math.Exp(-Loss(next));
            }

            yield return (epsilon, Math.Clamp(p - Math.Exp(epsilon) * q, 0, 1));
        }
    }

    /// <summary>
    /// The smallest epsilon, 0 or more, at <paramref name="delta"/>; infinite when an infinite loss alone is likelier; null when it lies below the
    /// losses that a tilted distribution kept.
    /// </summary>
    public double? Epsilon(double delta)
    {
        if (_infinite > delta) return double.PositiveInfinity;
        double p = _infinite, q = 0; // probability of the losses above the current one, under P and under Q
        for (var i = _mass.Length - 1; i >= 0; i--)
        {
            if (p - Math.Exp(Math.Min(Loss(i), 700)) * q > delta) return Math.Max(0, Math.Log((p - delta) / q));
            if (Loss(i) < 0) break;
            var probability = Probability(i);
            p += probability;
            q += probability * Math.Exp(-Loss(i));
        }

        return p - q > delta ? Math.Max(0, Math.Log((p - delta) / q)) : Loss(0) <= 0 || _tilt == 0 ? 0 : null;
    }

    /// <exception cref="PrivacyException">A grid of so many points is refused.</exception>
    public static void DemandGrid(Int128 points)
    {
        if (points > LargestGrid || points < 1) // Less than one: the window's ends are beyond all numbers.
        {
            throw new PrivacyException(
                PrivacyError.LossTooLarge,
                $"The privacy loss spans {points} grid points, more than {LargestGrid}: the noise is far too small to promise anything. Use more noise or fewer steps.");
        }
    }

    private double Loss(int i) => (_lowest + i) * _interval;

    private double Probability(int i) => _tilt == 0 ? _mass[i] : _mass[i] * Math.Exp(_logScale - _tilt * Loss(i));

    private long Mean()
    {
        double sum = 0, total = 0;
        for (var i = 0; i < _mass.Length; i++)
        {
            sum += i * _mass[i];
            total += _mass[i];
        }

        return total > 0 ? (long)Math.Round(sum / total) : 0;
    }

    /// <summary>Drops tails of negligible mass; what is dropped above counts as infinite loss.</summary>
    private PrivacyLossDistribution Trim()
    {
        var (first, last) = (0, _mass.Length - 1);
        for (var below = 0.0; first < last && (below += _mass[first]) < TruncatedMass;) first++;
        var dropped = 0.0;
        for (var above = 0.0; last > first && (above += _mass[last]) < TruncatedMass;) dropped += Probability(last--);
        return new PrivacyLossDistribution(_interval, _lowest + first, _mass[first..(last + 1)], _infinite + dropped, _tilt, _logScale);
    }

    private static double[] Padded(double[] mass, int size)
    {
        var padded = new double[size];
        mass.CopyTo(padded, 0);
        return padded;
    }

    private static int Modulo(long value, int size) => (int)(((value % size) + size) % size);
}
