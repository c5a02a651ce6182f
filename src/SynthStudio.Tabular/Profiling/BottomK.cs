namespace SynthStudio.Tabular;

/// <summary>
/// The k smallest of a stream of hashes, without repeats, each with how often it came (a bottom-k sketch: Cohen, Kaplan, Summarizing Data Using
/// Bottom-k Sketches, PODC 2007). Two sketches of the same k tell what share of their streams' distinct hashes is common.
/// </summary>
/// <typeparam name="T">What a hash brings along; that of one of its occurrences is kept.</typeparam>
/// <param name="kept">k.</param>
internal sealed class BottomK<T>(int kept)
{
    private readonly ulong[] values = new ulong[4 * kept];
    private readonly (long Count, T Item)[] items = new (long, T)[4 * kept];
    private int count;
    private bool isWhole = true;

    /// <summary>Larger hashes are left out.</summary>
    public ulong Border { get; private set; } = ulong.MaxValue;

    /// <summary>Whether all hashes that came are kept.</summary>
    public bool IsWhole
    {
        get
        {
            Cut();
            return isWhole;
        }
    }

    /// <summary>Ascending, distinct, at most k.</summary>
    public ReadOnlySpan<ulong> Values
    {
        get
        {
            Cut();
            return values.AsSpan(0, count);
        }
    }

    /// <summary>How often each of <see cref="Values"/> came, and what it brought.</summary>
    public ReadOnlySpan<(long Count, T Item)> Items
    {
        get
        {
            Cut();
            return items.AsSpan(0, count);
        }
    }

    public void Add(ulong value, T item)
    {
        if (value > Border) return;
        if (count == values.Length) Cut();
        (values[count], items[count]) = (value, (1, item));
        count++;
    }

    /// <summary>Sorts, puts repeats together, and keeps the smallest.</summary>
    private void Cut()
    {
        Array.Sort(values, items, 0, count);
        var last = -1;
        for (var i = 0; i < count; i++)
        {
            if (last >= 0 && values[i] == values[last]) items[last].Count += items[i].Count;
            else (values[++last], items[last]) = (values[i], items[i]);
        }

        isWhole &= last < kept;
        var left = Math.Min(last + 1, kept);
        Array.Clear(items, left, count - left);
        count = left;
        if (!isWhole) Border = values[count - 1];
    }
}
