using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Training;

/// <summary>The training rows in an endless order: every epoch a new shuffle. Safe for concurrent use.</summary>
internal sealed class EpochOrder(int[] rows, long seed)
{
    private readonly Lock epochLock = new();
    private readonly Dictionary<long, int[]> epochs = [];

    /// <summary>The row at <paramref name="position"/>, counted over all epochs.</summary>
    public int this[long position]
    {
        get
        {
            var (epoch, row) = Math.DivRem(position, rows.Length);
            return Epoch(epoch)[row];
        }
    }

    private int[] Epoch(long number)
    {
        lock (epochLock)
        {
            if (!epochs.TryGetValue(number, out var order))
            {
                foreach (var old in epochs.Keys.Where(old => old < number - 1).ToList()) epochs.Remove(old);
                order = [.. rows];
                new SeededStream(seed, StreamPurpose.Epoch, number).Shuffle<int>(order);
                epochs.Add(number, order);
            }

            return order;
        }
    }
}
