using System.Runtime.CompilerServices;

namespace SynthStudio.Privacy.Noise;

/// <summary>
/// Whole-number Gaussian noise of one fixed width by the million, for sums on a fine grid: the noise multiplier sets the grid's step, not
/// the width. Three draws of width 1,024 are added, x + 500 y + 250,000 z.
/// </summary>
/// <remarks>
/// <para>Why the sum is Gaussian: completing the square, P(x + s y = k) is exp(-k^2 / (2 sigma^2)) with sigma^2 = a^2 + s^2 b^2, times a sum of a
/// Gaussian of width t, 1 / t^2 = s^2 / a^2 + 1 / b^2, over the whole numbers shifted by some c. By Poisson's summation that is the same for
/// every c up to a factor 1 +- 2 exp(-2 pi^2 t^2); here t is 2.04 both times, so 1 +- 10^-35 (the lemma behind Micciancio and Walter,
/// CRYPTO 2017, section 3).</para>
/// <para>What it means for privacy: noise from a continuous Gaussian, rounded to whole numbers and added to whole numbers, is the continuous
/// Gaussian mechanism with a rounded result, and rounding is post-processing; so such noise costs exactly what the continuous accountants say.
/// This noise is as good as that: the two distributions' log ratio at k is (k^2 / sigma^2 - 1) / (24 sigma^2), 10^-18 for a usual k, 10^-13 added
/// up over the 10^10 draws of a large training; together with the 2^-127 of the tables that is below what <see cref="EpsilonReserve"/> and
/// <see cref="DeltaReserve"/> keep back.</para>
/// </remarks>
public sealed class LatticeGaussian : IDisposable
{
    private const long Second = 500, Third = 250_000;
    private const int Chunk = 1_024;

    /// <summary>What a calibration must stay below its epsilon and delta, as a share of them, for the noise's distance from a Gaussian.</summary>
    public const double EpsilonReserve = 1e-9, DeltaReserve = 1e-9;

    private static readonly ThreadLocal<LatticeGaussian> Own = new(() => new LatticeGaussian());

    private readonly SecureKeystream _bits = new();
    private readonly ulong[] _words = new ulong[3 * Chunk];

    /// <summary>The standard deviation, in grid steps: about 2^28.</summary>
    public static double Sigma { get; } = GaussianTable.Sigma * Math.Sqrt(1 + Second * Second + Third * Third);

    /// <summary>The calling thread's own, never to be disposed: a key and its tables are not made anew for every release.</summary>
    public static LatticeGaussian OfThread => Own.Value!;

    /// <summary>Fills <paramref name="noise"/> with independent draws.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(Span<long> noise)
    {
        var table = GaussianTable.Shared;
        while (noise.Length > 0)
        {
            var part = noise[..Math.Min(noise.Length, Chunk)];
            var words = _words.AsSpan(0, 3 * part.Length);
            _bits.Fill(words);
            for (var i = 0; i < part.Length; i++)
                part[i] = table.Draw(words[3 * i], _bits) + Second * table.Draw(words[3 * i + 1], _bits) + Third * table.Draw(words[3 * i + 2], _bits);

            noise = noise[part.Length..];
        }

        Array.Clear(_words);
    }

    /// <summary>Fills <paramref name="normal"/> with independent standard normal numbers, for coins of records that must be as unknown as the noise.</summary>
    public void Fill(Span<float> normal)
    {
        Span<long> noise = stackalloc long[256];
        while (normal.Length > 0)
        {
            var part = noise[..Math.Min(normal.Length, noise.Length)];
            Fill(part);
            for (var i = 0; i < part.Length; i++) normal[i] = (float)(part[i] / Sigma);
            normal = normal[part.Length..];
        }
    }

    public void Dispose() => _bits.Dispose();
}
