using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SynthStudio.Privacy.Noise;

/// <summary>
/// Whole-number Gaussian of one fixed width, P(k) proportional to exp(-k^2 / (2 sigma^2)), by the alias method (Walker 1977): one look-up a
/// draw, in the same time whatever comes out. Probabilities are computed and compared as whole numbers, to 2^-127 each.
/// </summary>
internal sealed class GaussianTable
{
    private const int ColumnBits = 14, Columns = 1 << ColumnBits;

    /// <summary>Bits of a column's threshold: what a first word has left beside column and sign, and a second word.</summary>
    private const int FirstBits = 64 - ColumnBits - 1, ThresholdBits = FirstBits + 64;

    /// <summary>Fraction bits while the weights are computed; their errors stay below 2^-230.</summary>
    private const int Precision = 256;

    /// <summary>By column: the threshold's first bits, and below them the alias.</summary>
    private readonly ulong[] _columns = new ulong[Columns];

    /// <summary>By column: the rest of the threshold, looked at once in 2^49 draws.</summary>
    private readonly ulong[] _rest = new ulong[Columns];

    public static GaussianTable Shared { get; } = new();

    /// <summary>sigma.</summary>
    public const int Sigma = 1_024;

    private GaussianTable() => Fill(Weights());

    /// <summary>One draw.</summary>
    /// <param name="word">64 uniform bits.</param>
    /// <param name="more">More of them, hardly ever asked for.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Draw(ulong word, SecureKeystream more)
    {
        var column = word & (Columns - 1);
        var entry = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_columns), (nint)column);
        var (fraction, threshold) = (word >> (ColumnBits + 1), entry >> ColumnBits);
        var magnitude = fraction < threshold ? column : entry & (Columns - 1);
        if (fraction == threshold) magnitude = Tie(column, entry, more);
        var sign = -(long)((word >> ColumnBits) & 1);
        return ((long)magnitude ^ sign) - sign;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong Tie(ulong column, ulong entry, SecureKeystream more) => more.Next64() < _rest[column] ? column : entry & (Columns - 1);

    /// <summary>
    /// By magnitude: exp(-k^2 / (2 sigma^2)), twice for those with two signs (a zero has both, and they are the same), as whole numbers that add
    /// up to Columns * 2^ThresholdBits. What is beyond the last column, 16 sigma out, is below 2^-184.
    /// </summary>
    private static BigInteger[] Weights()
    {
        var one = BigInteger.One << Precision;
        var step = ExpMinus(2, 2 * Sigma * Sigma, one);
        var ratio = ExpMinus(1, 2 * Sigma * Sigma, one);
        var weights = new BigInteger[Columns];
        var density = one;
        for (var k = 0; k < Columns; k++)
        {
            weights[k] = k == 0 ? density : 2 * density;
            density = (density * ratio) >> Precision;
            ratio = (ratio * step) >> Precision;
        }

        var total = weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        for (var k = 0; k < Columns; k++) weights[k] = (weights[k] << (ColumnBits + ThresholdBits)) / total;
        weights[0] += (BigInteger.One << (ColumnBits + ThresholdBits)) - weights.Aggregate(BigInteger.Zero, (sum, weight) => sum + weight);
        return weights;
    }

    /// <summary>exp(-n / d) for n well below d, by its series.</summary>
    private static BigInteger ExpMinus(int n, int d, BigInteger one)
    {
        BigInteger sum = one, term = one;
        for (var i = 1; !term.IsZero; i++)
        {
            term = term * -n / ((BigInteger)d * i);
            sum += term;
        }

        return sum;
    }

    /// <summary>Walker's table: every column holds a part of its own magnitude's weight, the rest of it belongs to one other magnitude.</summary>
    private void Fill(BigInteger[] weights)
    {
        var full = BigInteger.One << ThresholdBits;
        var small = new Stack<int>(Enumerable.Range(0, Columns).Where(k => weights[k] < full));
        var large = new Stack<int>(Enumerable.Range(0, Columns).Where(k => weights[k] >= full));
        while (small.TryPop(out var k))
        {
            var donor = large.Peek();
            Set(k, weights[k], donor);
            weights[donor] -= full - weights[k];
            if (weights[donor] < full) small.Push(large.Pop());
        }

        // What is left is exactly full: whichever way a draw falls, it is the column's own.
        foreach (var k in large) Set(k, full - 1, k);
    }

    private void Set(int column, BigInteger threshold, int alias)
    {
        _columns[column] = (ulong)(threshold >> 64) << ColumnBits | (uint)alias;
        _rest[column] = (ulong)(threshold & ulong.MaxValue);
    }
}
