using System.Buffers.Binary;

namespace SynthStudio.Catalog;

/// <summary>
/// Keyed fingerprints of single cells and pairs of cells of a table's rows, each with the fingerprints of its row's other cells, as the profiling
/// job wrote them (CellGroups): finds the same people in a table that has columns more or less, a join among them.
/// </summary>
/// <remarks>
/// A cell or pair that occurs once in its table points to one row. Where two tables have such ones in common, their rows are laid side by side. Of the
/// same people all columns agree that both tables have, so nearly all pairs of rows agree in the same, greatest number of cells; rows of strangers
/// who happen to share an age and an income, or a running number, agree here in more cells and there in less. This is evidence, not proof: it
/// misses tables that have in common only columns by which nobody can be told apart, and cells that were spelled otherwise or computed; and it takes
/// tables for the same that describe the same days or places in the same words, which is the safe side.
/// </remarks>
internal sealed class GroupSketch
{
    private const int HeaderBytes = 2, GroupBytes = sizeof(ulong) + 1 + (2 * sizeof(ushort));

    /// <summary>With fewer pairs of rows nothing is said.</summary>
    private const int LeastRows = 10;

    /// <summary>The number of agreeing cells that so many of the rows do not exceed is the number of common columns.</summary>
    private const double Quantile = 0.8;

    /// <summary>At most this share of rows that do not belong together may agree as much.</summary>
    private const double ByChance = 0.1;

    private readonly byte[] _stored;
    private readonly ulong[] _values;
    private readonly int _columns;

    /// <param name="stored">What the profiling job wrote; empty for nothing.</param>
    /// <exception cref="ArgumentException">These are no groups.</exception>
    public GroupSketch(byte[] stored)
    {
        _stored = stored;
        _columns = stored.Length < HeaderBytes ? 0 : BinaryPrimitives.ReadUInt16BigEndian(stored);
        if (stored.Length > 0 && (_columns == 0 || (stored.Length - HeaderBytes) % Size != 0))
            throw new ArgumentException("These bytes are no fingerprints of cells.", nameof(stored));
        _values = new ulong[_columns == 0 ? 0 : (stored.Length - HeaderBytes) / Size];
        for (var i = 0; i < _values.Length; i++) _values[i] = BinaryPrimitives.ReadUInt64BigEndian(Place(i));
    }

    public static GroupSketch Empty { get; } = new([]);

    private int Size => GroupBytes + (_columns * sizeof(uint));

    public byte[] ToBytes() => _stored;

    /// <summary>Whether rows of the tables agree so much that they must be about the same people.</summary>
    public bool IsRelatedTo(GroupSketch other)
    {
        var common = Common(other);

        // In a part of the table more is unique than in the whole, and in a join people are repeated: then one side must do.
        return IsEvident(common.Where(pair => pair.Mine.IsUnique && pair.Theirs.IsUnique))
            || IsEvident(common.Where(pair => pair.Mine.IsUnique || pair.Theirs.IsUnique));
    }

    private List<(Group Mine, Group Theirs)> Common(GroupSketch other)
    {
        var common = new List<(Group, Group)>();
        for (int i = 0, j = 0; i < _values.Length && j < other._values.Length;)
        {
            var order = _values[i].CompareTo(other._values[j]);
            if (order == 0) common.Add((At(i), other.At(j)));
            if (order <= 0) i++;
            if (order >= 0) j++;
        }

        return common;
    }

    private ReadOnlySpan<byte> Place(int group) => _stored.AsSpan(HeaderBytes + (group * Size), Size);

    private Group At(int group)
    {
        var place = Place(group);
        var cells = new uint[_columns];
        for (var c = 0; c < _columns; c++) cells[c] = BinaryPrimitives.ReadUInt32BigEndian(place[(GroupBytes + (c * sizeof(uint)))..]);
        return new Group(place[8] == 1, BinaryPrimitives.ReadUInt16BigEndian(place[9..]), BinaryPrimitives.ReadUInt16BigEndian(place[11..]), cells);
    }

    private static bool IsEvident(IEnumerable<(Group Mine, Group Theirs)> common)
    {
        var rows = common.OrderBy(pair => pair.Mine.Size).DistinctBy(pair => pair.Mine.Row).ToList();
        if (rows.Count < LeastRows) return false;

        // Agreement in cells, the group's own included, by which the rows were found and which say nothing alone.
        var columns = rows.Select(Agreement).Order().ElementAt((int)(Quantile * rows.Count));
        rows.RemoveAll(pair => pair.Mine.Size >= columns);
        if (rows.Count < LeastRows) return false;
        var share = rows.Count(pair => Agreement(pair) >= columns) / (double)rows.Count;

        // The same with rows that do not belong together: each with those of some next ones.
        int[] shifts = [1, 2, 3, 5, 7];
        var strangers = shifts.SelectMany(shift => rows.Select((pair, i) => (pair.Mine, rows[(i + shift) % rows.Count].Theirs)));
        var chance = strangers.Count(pair => Agreement(pair) >= columns) / (double)(shifts.Length * rows.Count);

        // Two standard deviations of a share above one half: few rows must agree nearly all.
        return chance <= ByChance && share >= 0.5 + (1 / Math.Sqrt(rows.Count));
    }

    private static int Agreement((Group Mine, Group Theirs) pair) => pair.Mine.Size + pair.Mine.AgreementWith(pair.Theirs);

    /// <summary>A cell or a pair of cells, and its row.</summary>
    /// <param name="IsUnique">It occurs once in its table.</param>
    /// <param name="First">Its column.</param>
    /// <param name="Second">Its second column; beyond all columns for none.</param>
    /// <param name="Cells">Fingerprints of the row's cells.</param>
    private sealed record Group(bool IsUnique, int First, int Second, uint[] Cells)
    {
        private readonly uint[] _others = [.. Cells.Where((_, column) => column != First && column != Second).Order()];

        /// <summary>Cells of the group.</summary>
        public int Size => Cells.Length - _others.Length;

        /// <summary>The same for groups of the same row.</summary>
        public ulong Row { get; } = Cells.Aggregate(0UL, (sum, cell) => (sum * 0x9e3779b97f4a7c15) + cell + 1);

        /// <summary>Cells outside of both groups that the rows have in common, whatever their columns.</summary>
        public int AgreementWith(Group other)
        {
            var common = 0;
            for (int i = 0, j = 0; i < _others.Length && j < other._others.Length;)
            {
                var order = _others[i].CompareTo(other._others[j]);
                if (order == 0) common++;
                if (order <= 0) i++;
                if (order >= 0) j++;
            }

            return common;
        }
    }
}
