namespace SynthStudio.Privacy.Noise;

/// <summary>
/// Poisson sampling: every record is in with the same probability, independently of all others and of earlier batches. The accountants' sampled
/// events hold for nothing else: shuffled batches accounted as sampled ones may cost many times what is claimed (Chua et al., arXiv:2403.17673).
/// </summary>
/// <param name="sampleRate">Above 0 and at most 1; kept to 2^-64, rounded down.</param>
/// <param name="bits">Where the coins come from.</param>
public sealed class PoissonSampling(double sampleRate, SecureKeystream bits)
{
    private readonly ulong _below = sampleRate >= 1 ? ulong.MaxValue : (ulong)(Ranges.Positive(sampleRate, "sample_rate") * Math.Pow(2, 64));
    private readonly ulong[] _words = new ulong[4_096];

    /// <summary>The records of one batch, ascending; there may be none.</summary>
    /// <param name="records">How many there are to choose from.</param>
    public int[] Draw(int records)
    {
        if (sampleRate >= 1) return [.. Enumerable.Range(0, records)];
        var drawn = new List<int>((int)(records * sampleRate * 1.2) + 64);
        for (var first = 0; first < records; first += _words.Length)
        {
            var words = _words.AsSpan(0, Math.Min(_words.Length, records - first));
            bits.Fill(words);
            for (var i = 0; i < words.Length; i++) if (words[i] < _below) drawn.Add(first + i);
        }

        return [.. drawn];
    }
}
