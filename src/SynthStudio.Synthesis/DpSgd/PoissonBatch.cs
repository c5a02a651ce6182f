using SynthStudio.Privacy.Noise;

namespace SynthStudio.Synthesis.DpSgd;

/// <summary>The records of the step at hand, and the parts that its shards work on. Drawn by the loop, read by the networks.</summary>
/// <param name="records">Rows of the table.</param>
/// <param name="shards">Parts of a batch.</param>
/// <param name="sample">Draws a batch from so many records.</param>
internal sealed class PoissonBatch(int records, int shards, Func<int, int[]> sample)
{
    private int[] drawn = [];

    public PoissonBatch(int records, int shards, double sampleRate, SecureKeystream bits)
        : this(records, shards, new PoissonSampling(sampleRate, bits).Draw)
    {
    }

    /// <summary>Row numbers of the step's records; there may be none.</summary>
    public ReadOnlySpan<int> Records => drawn;

    /// <summary>Draws the next step's records.</summary>
    public void Draw() => drawn = sample(records);

    /// <summary>A shard's part of the step's records.</summary>
    public ReadOnlySpan<int> Shard(int shard) =>
        drawn.AsSpan((int)((long)drawn.Length * shard / shards)..(int)((long)drawn.Length * (shard + 1) / shards));
}
