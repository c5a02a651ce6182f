namespace SynthStudio.Mock;

/// <summary>
/// Random numbers of one cell: they follow from seed, stream and row alone (SplitMix64 from a mixed start), so that any row of any column can
/// be made by itself, by any thread, and is the same in every run.
/// </summary>
/// <param name="seed">The user's seed.</param>
/// <param name="stream">Tells columns and purposes apart.</param>
/// <param name="row">Number of the row, from 0.</param>
public struct CellRandom(long seed, ulong stream, long row)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong state = Mix(Mix(Mix((ulong)seed + Step) ^ (stream * Step)) ^ (ulong)row);

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits() => Mix(state += Step);

    /// <summary>Uniform in (0, 1).</summary>
    public double NextDouble() => ((NextBits() >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. <paramref name="bound"/> - 1 (bias below 2^-32).</summary>
    public int NextInt(int bound) => (int)Math.BigMul(NextBits(), (ulong)bound, out _);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
