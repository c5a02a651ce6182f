using SynthStudio.Synthesis.Packages;

namespace SynthStudio.Synthesis.Cart;

/// <summary>Order and trees as bytes: 32-bit counts followed by little-endian numbers.</summary>
internal static class TreeStore
{
    public static byte[] Write(ColumnOrder order, Tree[] trees)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        BinaryArrays.Write<int>(writer, order.Columns);
        for (var position = 0; position < trees.Length; position++)
        {
            BinaryArrays.Write<int>(writer, order.Predictors[position]);
            BinaryArrays.Write<int>(writer, trees[position].Predictor);
            BinaryArrays.Write<int>(writer, trees[position].Next);
            BinaryArrays.Write<int>(writer, trees[position].LeafRows);
            BinaryArrays.Write<ulong>(writer, trees[position].LeftBins);
            BinaryArrays.Write<ushort>(writer, trees[position].Cells);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <param name="bytes">What <see cref="Write"/> wrote.</param>
    /// <param name="cells">By modelled column: number of its cells.</param>
    /// <exception cref="InvalidDataException">The bytes are no trees of such columns.</exception>
    /// <exception cref="EndOfStreamException">Bytes are missing.</exception>
    public static (ColumnOrder Order, Tree[] Trees) Read(byte[] bytes, int[] cells)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var columns = BinaryArrays.Read<int>(reader);
        Demand(columns.Length == cells.Length && columns.Order().SequenceEqual(Enumerable.Range(0, cells.Length)), "the order of columns");
        var predictors = new int[columns.Length][];
        var trees = new Tree[columns.Length];
        for (var position = 0; position < trees.Length; position++)
        {
            predictors[position] = BinaryArrays.Read<int>(reader);
            trees[position] = new Tree
            {
                Predictor = BinaryArrays.Read<int>(reader),
                Next = BinaryArrays.Read<int>(reader),
                LeafRows = BinaryArrays.Read<int>(reader),
                LeftBins = BinaryArrays.Read<ulong>(reader),
                Cells = BinaryArrays.Read<ushort>(reader),
            };
            Demand(Array.TrueForAll(predictors[position], column => columns.AsSpan(0, position).Contains(column)), "a tree's predictors");
            Demand(FitsTogether(trees[position], predictors[position].Length, cells[columns[position]]), "a tree");
        }

        return (new ColumnOrder(columns, predictors), trees);
    }

    /// <summary>Children come after their parent, so that every way down ends; leaves lie within the cells.</summary>
    private static bool FitsTogether(Tree tree, int predictors, int cells)
    {
        var nodes = tree.Predictor.Length;
        if (nodes == 0 || tree.Next.Length != nodes || tree.LeafRows.Length != nodes || tree.LeftBins.Length != nodes * Tree.MaskWords) return false;
        for (var node = 0; node < nodes; node++)
        {
            var fits = tree.Predictor[node] < 0
                ? tree.LeafRows[node] > 0 && tree.Next[node] >= 0 && tree.Next[node] <= tree.Cells.Length - tree.LeafRows[node]
                : tree.Predictor[node] < predictors && tree.Next[node] > node && tree.Next[node] < nodes - 1;
            if (!fits) return false;
        }

        return Array.TrueForAll(tree.Cells, cell => cell < cells);
    }

    private static void Demand(bool met, string what)
    {
        if (!met) throw new InvalidDataException($"{what} does not fit");
    }
}
