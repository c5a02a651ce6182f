using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive.Operations;

/// <summary>Deals shares out to rows as exactly as whole rows can: after any number of rows no share is off by a row or more.</summary>
/// <param name="shares">Summing to 1.</param>
internal sealed class Quota(double[] shares)
{
    private readonly long[] dealt = new long[shares.Length];
    private long total;

    /// <summary>Deals the next rows, in random order.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="random">Of the order.</param>
    /// <returns>By row, which share it belongs to.</returns>
    public int[] Next(int rows, SeededStream random)
    {
        total += rows;
        var due = Array.ConvertAll(shares, share => share * total);
        var more = new int[shares.Length];
        for (var i = 0; i < more.Length; i++) more[i] = (int)Math.Max(0, Math.Floor(due[i]) - dealt[i]);

        // Rounding may have dealt a row early: then others must wait.
        foreach (var i in Enumerable.Range(0, more.Length).OrderBy(i => due[i] - dealt[i] - more[i]))
        {
            while (more.Sum() > rows && more[i] > 0) more[i]--;
        }

        var left = rows - more.Sum();
        foreach (var i in Enumerable.Range(0, more.Length).OrderByDescending(i => due[i] - dealt[i] - more[i]).Take(left)) more[i]++;
        var next = new List<int>(rows);
        for (var i = 0; i < more.Length; i++)
        {
            dealt[i] += more[i];
            next.AddRange(Enumerable.Repeat(i, more[i]));
        }

        var dealing = next.ToArray();
        random.Shuffle<int>(dealing);
        return dealing;
    }
}
