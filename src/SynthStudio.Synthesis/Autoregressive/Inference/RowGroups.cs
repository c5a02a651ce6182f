namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>
/// Rows gathered by what is known of them: rows of one group have equal cells so far, and share one pass through the network.
/// </summary>
internal sealed class RowGroups
{
    private readonly int[] group;
    private readonly List<int> representatives = [];

    /// <summary>All rows in one group.</summary>
    public RowGroups(int rows)
    {
        group = new int[rows];
        representatives.Add(0);
    }

    public int Count => representatives.Count;

    /// <summary>Number of rows.</summary>
    public int Rows => group.Length;

    /// <summary>A row of each group.</summary>
    public IReadOnlyList<int> Representatives => representatives;

    /// <summary>A row of the group.</summary>
    public int Representative(int number) => representatives[number];

    /// <summary>Splits the groups by a column's cells.</summary>
    public void Split(ReadOnlySpan<ushort> cells)
    {
        var known = new Dictionary<long, int>(Math.Min(group.Length, representatives.Count * 4));
        representatives.Clear();
        for (var row = 0; row < group.Length; row++)
        {
            var key = ((long)group[row] << 16) | cells[row];
            if (!known.TryGetValue(key, out group[row]))
            {
                known.Add(key, group[row] = representatives.Count);
                representatives.Add(row);
            }
        }
    }

    /// <summary>The rows in the order of their groups, and where each group begins; the last entry is the number of rows.</summary>
    /// <param name="cells">Only rows without a cell in it count.</param>
    public (int[] Rows, int[] Begins) Open(ReadOnlySpan<ushort> cells)
    {
        var begins = new int[Count + 1];
        for (var row = 0; row < group.Length; row++) if (cells[row] == Cell.Unset) begins[group[row] + 1]++;
        for (var g = 0; g < Count; g++) begins[g + 1] += begins[g];
        var rows = new int[begins[^1]];
        var next = begins.AsSpan(0, Count).ToArray();
        for (var row = 0; row < group.Length; row++) if (cells[row] == Cell.Unset) rows[next[group[row]]++] = row;
        return (rows, begins);
    }
}
