using System.Numerics;

namespace SynthStudio.Privacy.Numerics;

/// <summary>
/// Discrete Fourier transform of N real numbers, N a power of two of at least 4, with exactly computed roots of unity: composing privacy losses
/// raises the spectrum to powers of up to millions, so that every lost digit counts. Two neighbouring reals form one complex number; the
/// transform runs in place and leaves frequencies in bit-reversed order, which products and powers do not mind.
/// </summary>
internal sealed class RealSpectrum
{
    private readonly int _half; // complex length
    private readonly double[] _re;
    private readonly double[] _im;
    private readonly double[][] _cos; // by level: roots of unity of order 2^level
    private readonly double[][] _sin;

    /// <param name="values">Real numbers; the length is a power of two.</param>
    public RealSpectrum(ReadOnlySpan<double> values)
    {
        _half = values.Length / 2;
        _re = new double[_half];
        _im = new double[_half];
        for (var i = 0; i < _half; i++) (_re[i], _im[i]) = (values[2 * i], values[2 * i + 1]);
        (_cos, _sin) = RootsOfUnity.UpTo(values.Length);
        Forward(0, _half, BitOperations.Log2((uint)_half));
    }

    /// <summary>
    /// Replaces every frequency g by (1 + g)^exponent: the spectrum of the sequence 1 + g convolved with itself. Giving what differs from the
    /// unit impulse keeps the digits that a power of millions needs.
    /// </summary>
    public void PowerOfOnePlus(long exponent) => Change((re, im, _) =>
    {
        var excess = 2 * re + re * re + im * im; // |1 + g|^2 - 1
        if (excess <= -1) return (0, 0);
        var length = Math.Exp(0.5 * exponent * LogMath.Log1P(excess));
        var (sin, cos) = Math.SinCos(exponent * Math.Atan2(im, 1 + re));
        return (length * cos, length * sin);
    });

    /// <summary>Multiplies by another spectrum of the same length: the spectrum of the cyclic convolution.</summary>
    public void Multiply(RealSpectrum other)
    {
        var theirs = new List<(double Re, double Im)>(2 * _half + 1);
        other.Visit((re, im) => theirs.Add((re, im)));
        Change((re, im, index) =>
        {
            var (a, b) = theirs[index];
            return (re * a - im * b, re * b + im * a);
        });
    }

    /// <summary>The real sequence again; the spectrum is used up.</summary>
    public double[] Inverse()
    {
        Backward(0, _half, BitOperations.Log2((uint)_half));
        var values = new double[2 * _half];
        for (var i = 0; i < _half; i++) (values[2 * i], values[2 * i + 1]) = (_re[i] / _half, _im[i] / _half);
        return values;
    }

    private void Visit(Action<double, double> see) => Change((re, im, _) =>
    {
        see(re, im);
        return (re, im);
    });

    /// <summary>
    /// Unpacks the two frequencies k and N/2 - k of the real sequence from their complex pair, changes them, and packs them again.
    /// In bit-reversed order the partner of place j in the block from 2^b to 2^(b+1) is its mirror image in that block.
    /// </summary>
    private void Change(Func<double, double, int, (double Re, double Im)> change)
    {
        var index = 0;
        var (zero, _) = change(_re[0] + _im[0], 0, index++);
        var (middle, _) = change(_re[0] - _im[0], 0, index++);
        (_re[0], _im[0]) = (0.5 * (zero + middle), 0.5 * (zero - middle));
        var bits = BitOperations.Log2((uint)_half);
        var (cos, sin) = (_cos[bits + 1], _sin[bits + 1]);
        for (var block = 1; block < _half; block *= 2)
        {
            for (int j = block, mirror = 2 * block - 1; j <= mirror; j++, mirror--)
            {
                var k = (int)(Reverse((uint)j) >> (32 - bits));
                // even and odd parts: Z[k] = E + i O, conj Z[N/2 - k] = E - i O; X[k] = E + w^k O, X[N/2 - k] = conj(E - w^k O)
                var (evenRe, evenIm) = (0.5 * (_re[j] + _re[mirror]), 0.5 * (_im[j] - _im[mirror]));
                var (oddRe, oddIm) = (0.5 * (_im[j] + _im[mirror]), -0.5 * (_re[j] - _re[mirror]));
                var (c, s) = (cos[k], -sin[k]);
                var (turnedRe, turnedIm) = (c * oddRe - s * oddIm, c * oddIm + s * oddRe);
                var first = change(evenRe + turnedRe, evenIm + turnedIm, index++);
                (double Re, double Im) second = j == mirror ? (first.Re, -first.Im) : change(evenRe - turnedRe, evenIm - turnedIm, index++);
                (evenRe, evenIm) = (0.5 * (first.Re + second.Re), 0.5 * (first.Im + second.Im));
                (turnedRe, turnedIm) = (0.5 * (first.Re - second.Re), 0.5 * (first.Im - second.Im));
                (oddRe, oddIm) = (c * turnedRe + s * turnedIm, c * turnedIm - s * turnedRe);
                (_re[j], _im[j]) = (evenRe - oddIm, evenIm + oddRe);
                (_re[mirror], _im[mirror]) = (evenRe + oddIm, -evenIm + oddRe);
            }
        }
    }

    private static uint Reverse(uint x)
    {
        x = ((x >> 1) & 0x55555555) | ((x & 0x55555555) << 1);
        x = ((x >> 2) & 0x33333333) | ((x & 0x33333333) << 2);
        x = ((x >> 4) & 0x0F0F0F0F) | ((x & 0x0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(x);
    }

    /// <summary>Decimation in frequency, depth first so that the working set soon fits a cache.</summary>
    private void Forward(int start, int length, int level)
    {
        if (length == 1) return;
        var half = length / 2;
        Span<double> aRe = _re.AsSpan(start, half), aIm = _im.AsSpan(start, half);
        Span<double> bRe = _re.AsSpan(start + half, half), bIm = _im.AsSpan(start + half, half);
        ReadOnlySpan<double> cos = _cos[level].AsSpan(0, half), sin = _sin[level].AsSpan(0, half);
        var i = 0;
        for (; i <= half - Vector<double>.Count; i += Vector<double>.Count)
        {
            var (ar, ai) = (new Vector<double>(aRe[i..]), new Vector<double>(aIm[i..]));
            var (br, bi) = (new Vector<double>(bRe[i..]), new Vector<double>(bIm[i..]));
            var (c, s) = (new Vector<double>(cos[i..]), new Vector<double>(sin[i..]));
            (ar + br).CopyTo(aRe[i..]);
            (ai + bi).CopyTo(aIm[i..]);
            var (dr, di) = (ar - br, ai - bi);
            (dr * c + di * s).CopyTo(bRe[i..]);
            (di * c - dr * s).CopyTo(bIm[i..]);
        }

        for (; i < half; i++)
        {
            var (dr, di) = (aRe[i] - bRe[i], aIm[i] - bIm[i]);
            (aRe[i], aIm[i]) = (aRe[i] + bRe[i], aIm[i] + bIm[i]);
            (bRe[i], bIm[i]) = (dr * cos[i] + di * sin[i], di * cos[i] - dr * sin[i]);
        }

        Forward(start, half, level - 1);
        Forward(start + half, half, level - 1);
    }

    /// <summary>Decimation in time with conjugate roots: undoes <see cref="Forward"/> but for the factor <c>length</c>.</summary>
    private void Backward(int start, int length, int level)
    {
        if (length == 1) return;
        var half = length / 2;
        Backward(start, half, level - 1);
        Backward(start + half, half, level - 1);
        Span<double> aRe = _re.AsSpan(start, half), aIm = _im.AsSpan(start, half);
        Span<double> bRe = _re.AsSpan(start + half, half), bIm = _im.AsSpan(start + half, half);
        ReadOnlySpan<double> cos = _cos[level].AsSpan(0, half), sin = _sin[level].AsSpan(0, half);
        var i = 0;
        for (; i <= half - Vector<double>.Count; i += Vector<double>.Count)
        {
            var (ar, ai) = (new Vector<double>(aRe[i..]), new Vector<double>(aIm[i..]));
            var (br, bi) = (new Vector<double>(bRe[i..]), new Vector<double>(bIm[i..]));
            var (c, s) = (new Vector<double>(cos[i..]), new Vector<double>(sin[i..]));
            var (tr, ti) = (br * c - bi * s, bi * c + br * s);
            (ar + tr).CopyTo(aRe[i..]);
            (ai + ti).CopyTo(aIm[i..]);
            (ar - tr).CopyTo(bRe[i..]);
            (ai - ti).CopyTo(bIm[i..]);
        }

        for (; i < half; i++)
        {
            var (tr, ti) = (bRe[i] * cos[i] - bIm[i] * sin[i], bIm[i] * cos[i] + bRe[i] * sin[i]);
            (bRe[i], bIm[i]) = (aRe[i] - tr, aIm[i] - ti);
            (aRe[i], aIm[i]) = (aRe[i] + tr, aIm[i] + ti);
        }
    }
}
