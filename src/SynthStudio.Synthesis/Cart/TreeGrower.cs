using SynthStudio.Synthesis.Cells;

namespace SynthStudio.Synthesis.Cart;

/// <summary>Grows the tree of one column.</summary>
/// <param name="target">The column's cell by row.</param>
/// <param name="cells">Number of its cells.</param>
/// <param name="drawable">By cell: whether it may be drawn; rows with another one are left out.</param>
/// <param name="order">What they mean.</param>
/// <param name="bins">By predictor, by row.</param>
/// <param name="shapes">What the bins of each predictor are.</param>
/// <param name="options">Leaf size and penalty.</param>
internal sealed class TreeGrower(
    ushort[] target, int cells, bool[] drawable, CellOrder order, byte[][] bins, PredictorBins[] shapes, CartOptions options)
{
    private readonly NodeClasses classes = new(cells, order.Ordered, order.MissingCell);
    private readonly SplitSearch search = new(bins, shapes, order.Ordered, options.MinimumLeaf, options.SplitPenalty);
    private readonly List<int> predictor = [], next = [], leafRows = [];
    private readonly List<ulong> leftBins = [];

    public Tree Grow(CancellationToken cancellation)
    {
        var rows = Enumerable.Range(0, target.Length).Where(row => drawable[target[row]]).ToArray();
        var leaves = new ushort[rows.Length];
        var classOfRow = new byte[rows.Length];
        var scratch = new int[rows.Length];
        var open = new Stack<(int Node, int First, int Count)>();
        open.Push((AddNode(), 0, rows.Length));
        while (open.TryPop(out var node))
        {
            cancellation.ThrowIfCancellationRequested();
            var members = rows.AsSpan(node.First, node.Count);
            if (FindSplit(members, classOfRow) is not { } split)
            {
                Close(node.Node, members, leaves, node.First);
                continue;
            }

            var leftCount = Partition(members, scratch, bins[split.Predictor], split.LeftBins);
            var child = AddNode();
            AddNode();
            (predictor[node.Node], next[node.Node]) = (split.Predictor, child);
            leftBins[node.Node * Tree.MaskWords] = (ulong)split.LeftBins;
            leftBins[node.Node * Tree.MaskWords + 1] = (ulong)(split.LeftBins >> 64);
            open.Push((child + 1, node.First + leftCount, node.Count - leftCount));
            open.Push((child, node.First, leftCount));
        }

        return new Tree
        {
            Predictor = [.. predictor], Next = [.. next], LeafRows = [.. leafRows], LeftBins = [.. leftBins], Cells = leaves,
        };
    }

    private Split? FindSplit(ReadOnlySpan<int> members, byte[] classOfRow)
    {
        if (bins.Length == 0 || members.Length < 2 * options.MinimumLeaf) return null;
        classes.Gather(target, members);
        if (classes.Count < 2) return null;
        for (var i = 0; i < members.Length; i++) classOfRow[i] = classes[target[members[i]]];
        return search.Find(members, classOfRow.AsSpan(0, members.Length), classes.Count);
    }

    private int AddNode()
    {
        predictor.Add(-1);
        next.Add(0);
        leafRows.Add(0);
        for (var word = 0; word < Tree.MaskWords; word++) leftBins.Add(0);
        return predictor.Count - 1;
    }

    private void Close(int node, ReadOnlySpan<int> members, ushort[] leaves, int first)
    {
        for (var i = 0; i < members.Length; i++) leaves[first + i] = target[members[i]];
        leaves.AsSpan(first, members.Length).Sort();
        (next[node], leafRows[node]) = (first, members.Length);
    }

    /// <summary>Brings the rows that go left to the front, keeping their order.</summary>
    private static int Partition(Span<int> members, int[] scratch, byte[] bin, UInt128 left)
    {
        int kept = 0, moved = 0;
        foreach (var row in members)
        {
            if ((left >> bin[row] & 1) == 1) members[kept++] = row;
            else scratch[moved++] = row;
        }

        scratch.AsSpan(0, moved).CopyTo(members[kept..]);
        return kept;
    }
}
