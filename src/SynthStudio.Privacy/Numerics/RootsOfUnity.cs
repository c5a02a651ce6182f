namespace SynthStudio.Privacy.Numerics;

/// <summary>cos and sin of 2 pi j / n for j below n/2, for every power of two n; each computed once a process.</summary>
internal static class RootsOfUnity
{
    private static readonly Lock Gate = new();
    private static double[][] cos = [[], [1]];
    private static double[][] sin = [[], [0]];

    /// <returns>Arrays by level: entry l holds the roots of order 2^l, at least up to <paramref name="size"/>.</returns>
    public static (double[][] Cos, double[][] Sin) UpTo(int size)
    {
        lock (Gate)
        {
            for (var level = cos.Length; level <= int.Log2(size); level++)
            {
                var (c, s) = Double(cos[level - 1], sin[level - 1]);
                (cos, sin) = ([.. cos, c], [.. sin, s]);
            }

            return (cos, sin);
        }
    }

    /// <summary>The roots of twice the order: every other one is known.</summary>
    private static (double[] Cos, double[] Sin) Double(double[] knownCos, double[] knownSin)
    {
        var count = 2 * knownCos.Length;
        var (c, s) = (new double[count], new double[count]);
        for (var j = 0; j < count; j += 2)
        {
            (c[j], s[j]) = (knownCos[j / 2], knownSin[j / 2]);
            (s[j + 1], c[j + 1]) = Math.SinCos(Math.PI * (j + 1) / count);
        }

        return (c, s);
    }
}
