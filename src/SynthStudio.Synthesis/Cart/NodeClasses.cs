namespace SynthStudio.Synthesis.Cart;

/// <summary>
/// Gathers the target's cells in a node into a few classes, anew for every node: deep in a tree splits are judged by the differences that
/// are left there. Ordered cells become groups of equal mass, missing values one of their own; of others the most frequent ones stay
/// apart.
/// </summary>
/// <param name="cells">Number of the target's cells.</param>
/// <param name="ordered">Whether they ascend.</param>
/// <param name="missingCell">The cell of missing values of an ordered target, or -1.</param>
internal sealed class NodeClasses(int cells, bool ordered, int missingCell)
{
    /// <summary>Most classes.</summary>
    public const int Most = 16;

    /// <summary>Rows a class should have on average.</summary>
    private const int RowsPerClass = 8;

    private readonly int[] countOfCell = new int[cells];
    private readonly byte[] classOfCell = new byte[cells];
    private readonly List<int> present = [];

    /// <summary>Number of classes of the node last looked at.</summary>
    public int Count { get; private set; }

    public byte this[ushort cell] => classOfCell[cell];

    /// <summary>Looks at a node.</summary>
    /// <param name="target">The target's cell by row.</param>
    /// <param name="rows">The node's rows.</param>
    public void Gather(ushort[] target, ReadOnlySpan<int> rows)
    {
        present.Clear();
        foreach (var row in rows)
        {
            if (countOfCell[target[row]]++ == 0) present.Add(target[row]);
        }

        if (ordered) GatherInOrder(rows.Length);
        else GatherByFrequency(rows.Length);
        foreach (var cell in present) countOfCell[cell] = 0;
    }

    private static int Room(int rows) => Math.Clamp(rows / RowsPerClass, 2, Most);

    private void GatherInOrder(int rows)
    {
        present.Sort();
        var hasMissing = missingCell >= 0 && countOfCell[missingCell] > 0;
        var values = hasMissing ? present.Count - 1 : present.Count;
        var groups = Math.Max(1, Room(rows) - (hasMissing ? 1 : 0));
        var mass = values <= groups ? 0 : (rows - (hasMissing ? countOfCell[missingCell] : 0)) / (double)groups;
        double upTo = 0;
        var group = 0;
        for (var i = 0; i < values; i++)
        {
            var count = countOfCell[present[i]];
            if (i > 0 && upTo + count / 2.0 > (group + 1) * mass && group < groups - 1) group++;
            classOfCell[present[i]] = (byte)group;
            upTo += count;
        }

        Count = values == 0 ? 0 : group + 1;
        if (hasMissing) classOfCell[missingCell] = (byte)Count++;
    }

    private void GatherByFrequency(int rows)
    {
        present.Sort((a, b) => countOfCell[a] != countOfCell[b] ? countOfCell[b].CompareTo(countOfCell[a]) : a.CompareTo(b));
        var room = Room(rows);
        for (var i = 0; i < present.Count; i++) classOfCell[present[i]] = (byte)Math.Min(i, room - 1);
        Count = Math.Min(present.Count, room);
    }
}
