using SynthStudio.Privacy.Numerics;

namespace SynthStudio.Privacy.Loss;

/// <summary>
/// A loss distribution in at most a few thousand groups of neighbouring grid points, each with its mass and mean: enough for tail bounds
/// (Chernoff's is valid with any order) and to find a good tilt.
/// </summary>
internal sealed class LossMoments
{
    private const int Groups = 4096;
    private const int Orders = 64;
    private const double LargestTilt = 1e4;

    private readonly double _interval;
    private readonly double[] _logs; // log mass of each group
    private readonly double[] _first; // its first grid index,
    private readonly double[] _last; // its last,
    private readonly double[] _mean; // and the mean between them

    private LossMoments(double interval, int groups)
    {
        _interval = interval;
        (_logs, _first, _last, _mean) = (new double[groups], new double[groups], new double[groups], new double[groups]);
    }

    public static LossMoments Of(double[] mass, long lowest, double interval)
    {
        var width = (mass.Length + Groups - 1) / Groups;
        var moments = new LossMoments(interval, (mass.Length + width - 1) / width);
        for (var g = 0; g < moments._logs.Length; g++)
        {
            double sum = 0, moment = 0;
            var (first, last) = (g * width, Math.Min(mass.Length, (g + 1) * width) - 1);
            for (var i = first; i <= last; i++)
            {
                sum += mass[i];
                moment += mass[i] * (i - first);
            }

            moments._logs[g] = Math.Log(sum); // minus infinity for an empty group
            (moments._first[g], moments._last[g]) = (lowest + first, lowest + last);
            moments._mean[g] = lowest + first + (sum > 0 ? moment / sum : 0);
        }

        return moments;
    }

    /// <summary>The grid indices between which the sum of <paramref name="count"/> such losses lies, but for <paramref name="tail"/>.</summary>
    public (long Low, long High) Window(long count, double tail)
    {
        var slack = Math.Log(2 / tail);
        double low = count * _first[0], high = count * _last[^1];
        for (var k = 0; k < Orders; k++)
        {
            var order = Math.Pow(10, -7 + 7.0 * k / (Orders - 1)); // for a grid step
            high = Math.Min(high, (count * LogMomentBound(order) + slack) / order);
            low = Math.Max(low, -(count * LogMomentBound(-order) + slack) / order);
        }

        return ((long)Math.Floor(low), (long)Math.Ceiling(high));
    }

    /// <summary>
    /// The tilt under which a composition has the mean loss <paramref name="loss"/>, from below: the losses around it become the likeliest, and
    /// keep their digits. 0 when the mean is not below it anyway.
    /// </summary>
    public static double TiltTo(double loss, IReadOnlyList<(LossMoments Moments, long Count)> parts)
    {
        double low = 0, high = LargestTilt;
        if (parts.Sum(part => part.Count * part.Moments.Mean(0)) >= loss) return 0;
        while (high - low > 1e-3 * high)
        {
            var middle = 0.5 * (low + high);
            if (parts.Sum(part => part.Count * part.Moments.Mean(middle)) < loss) low = middle;
            else high = middle;
        }

        return low;
    }

    /// <summary>
    /// Upper bound of log E[e^(order index)]: within a group the exponential lies below its chord, whose mean only needs the group's mean.
    /// </summary>
    private double LogMomentBound(double order)
    {
        var terms = new double[_logs.Length];
        for (var g = 0; g < terms.Length; g++)
        {
            var width = _last[g] - _first[g];
            var share = width > 0 ? (_mean[g] - _first[g]) / width : 0;
            var greater = order > 0 ? _last[g] : _first[g];
            var weight = order > 0 ? share : 1 - share;
            terms[g] = _logs[g] + order * greater + LogMath.Log1P((1 - weight) * LogMath.Expm1(-Math.Abs(order) * width));
        }

        return LogMath.Sum(terms);
    }

    /// <summary>Mean loss after tilting.</summary>
    private double Mean(double tilt)
    {
        var step = tilt * _interval;
        var greatest = double.NegativeInfinity;
        for (var g = 0; g < _logs.Length; g++) greatest = Math.Max(greatest, _logs[g] + step * _mean[g]);
        double sum = 0, moment = 0;
        for (var g = 0; g < _logs.Length; g++)
        {
            var weight = Math.Exp(_logs[g] + step * _mean[g] - greatest);
            sum += weight;
            moment += weight * _mean[g];
        }

        return sum > 0 ? _interval * moment / sum : 0;
    }
}
