namespace SynthStudio.Evaluation.Statistics;

/// <summary>
/// The random numbers of NumPy's <c>RandomState</c>: MT19937 (Matsumoto and Nishimura 1998) seeded by one number. Samples and folds are
/// drawn as pandas and scikit-learn draw them, so that an independent evaluation in Python can look at the very same rows.
/// </summary>
internal sealed class RandomState
{
    private const int Size = 624;
    private const int Offset = 397;

    private readonly uint[] state = new uint[Size];
    private int position = Size;

    public RandomState(int seed)
    {
        state[0] = (uint)seed;
        for (var i = 1; i < Size; i++)
        {
            state[i] = (1812433253u * (state[i - 1] ^ (state[i - 1] >> 30))) + (uint)i;
        }
    }

    /// <summary>0 to <paramref name="count"/> - 1 in random order, as <c>RandomState.permutation</c> gives them.</summary>
    public int[] Permutation(int count)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = i;
        }

        Shuffle(values.AsSpan());
        return values;
    }

    /// <summary>Shuffles in place, as <c>RandomState.shuffle</c> does.</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = (int)UpTo((uint)i);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>A number from 0 to <paramref name="count"/> - 1, all equally likely.</summary>
    public int Below(int count) => (int)UpTo((uint)(count - 1));

    /// <summary>A number from 0 to <paramref name="greatest"/>: the lowest bits that can hold it, drawn until they do not exceed it.</summary>
    private uint UpTo(uint greatest)
    {
        var mask = (uint)((1ul << (32 - System.Numerics.BitOperations.LeadingZeroCount(greatest))) - 1);
        while (true)
        {
            var value = Next() & mask;
            if (value <= greatest)
            {
                return value;
            }
        }
    }

    private uint Next()
    {
        if (position == Size)
        {
            Twist();
        }

        var y = state[position++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
    }

    private void Twist()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (state[i] & 0x80000000u) | (state[(i + 1) % Size] & 0x7fffffffu);
            state[i] = state[(i + Offset) % Size] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0dfu);
        }

        position = 0;
    }
}
