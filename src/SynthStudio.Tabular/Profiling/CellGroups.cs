using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SynthStudio.Tabular;

/// <summary>
/// Keyed fingerprints of single cells and of pairs of cells of a row, the smallest of those that occur once in the table and of those that occur
/// again, each with the fingerprints of all cells of its row: by them rows of two tables are found to be about the same person although one table
/// has columns that the other lacks. Names and order of columns and rows do not matter.
/// </summary>
/// <remarks>
/// A pair is looked at when its columns are at most <see cref="Reach"/> apart, so that the work grows with the columns and not with their square;
/// up to 33 columns that is every pair. Memory is bounded, whatever the table.
/// </remarks>
/// <param name="columns">Columns of the table, at most <see cref="MostColumns"/>.</param>
internal sealed class CellGroups(int columns)
{
    /// <summary>How far the columns of a pair may be apart.</summary>
    public const int Reach = 32;

    /// <summary>Of wider tables only the first columns are looked at.</summary>
    public const int MostColumns = 4096;

    /// <summary>Rows that are looked at together: their hashes stay in the processor's first cache.</summary>
    public const int BlockRows = 256;

    /// <summary>In place of the second column of a single cell.</summary>
    public const ushort NoColumn = ushort.MaxValue;

    private const int MostKept = 1024, LeastKept = 128, KeptCells = 1 << 16;
    private const int HeaderBytes = 2, GroupBytes = sizeof(ulong) + 1 + (2 * sizeof(ushort));

    /// <summary>For each that occurs once, so many distinct ones are watched: where values are few most occur again.</summary>
    private const int Watched = 4;

    /// <summary>For so many that occur once, one is kept that occurs again: people repeat themselves in joins.</summary>
    private const int OncePerRepeated = 4;

    private readonly int kept = Kept(columns);
    private readonly BottomK<Group> smallest = new(Watched * Kept(columns));
    private readonly ulong[] nothing = new ulong[BlockRows];
    private readonly ulong[] sums = new ulong[BlockRows];
    private readonly uint[]?[] rowCells = new uint[BlockRows][];

    /// <summary>Values that came lately, by their last bits; the first bit says whether again: of what is frequent two occurrences say all.</summary>
    private readonly ulong[] recent = new ulong[1 << 15];

    /// <param name="cells">Fingerprints of the cells, column by column, each of <see cref="BlockRows"/>.</param>
    /// <param name="rows">Rows that are filled.</param>
    public void Add(ReadOnlySpan<ulong> cells, int rows)
    {
        Array.Clear(rowCells);
        for (var first = 0; first < columns; first++)
        {
            Add(cells, first, NoColumn, rows);
            for (var second = first + 1; second < Math.Min(columns, first + 1 + Reach); second++) Add(cells, first, (ushort)second, rows);
        }
    }

    /// <summary>
    /// The number of columns (two bytes), and by ascending fingerprint: the fingerprint (eight bytes), whether it came once
    /// (one), its columns (two each), and four bytes of each cell of its row. All big-endian.
    /// </summary>
    public byte[] ToBytes()
    {
        var values = smallest.Values;
        var items = smallest.Items;
        var size = GroupBytes + (columns * sizeof(uint));
        var bytes = new byte[HeaderBytes + ((kept + (kept / OncePerRepeated)) * size)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)columns);
        var (once, repeated, end) = (kept, kept / OncePerRepeated, HeaderBytes);
        for (var i = 0; i < values.Length; i++)
        {
            var (count, group) = items[i];
            if ((count == 1 ? once-- : repeated--) <= 0) continue;
            var place = bytes.AsSpan(end, size);
            BinaryPrimitives.WriteUInt64BigEndian(place, values[i]);
            place[8] = count == 1 ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16BigEndian(place[9..], group.First);
            BinaryPrimitives.WriteUInt16BigEndian(place[11..], group.Second);
            for (var c = 0; c < columns; c++) BinaryPrimitives.WriteUInt32BigEndian(place[(GroupBytes + (c * sizeof(uint)))..], group.Cells[c]);
            end += size;
        }

        return bytes[..end];
    }

    /// <summary>The wider the table, the fewer: rows take more space.</summary>
    private static int Kept(int columns) => Math.Clamp(KeptCells / columns, LeastKept, MostKept);

    private void Add(ReadOnlySpan<ulong> cells, int first, ushort second, int rows)
    {
        // Sums of keyed pseudo-random values are so themselves, and do not depend on the order of the columns.
        var one = MemoryMarshal.Cast<ulong, Vector<ulong>>(cells.Slice(first * BlockRows, BlockRows));
        var other = MemoryMarshal.Cast<ulong, Vector<ulong>>(second == NoColumn ? nothing : cells.Slice(second * BlockRows, BlockRows));
        var added = MemoryMarshal.Cast<ulong, Vector<ulong>>(sums.AsSpan());
        var border = new Vector<ulong>(smallest.Border);
        var below = Vector<ulong>.Zero;
        for (var i = 0; i < added.Length; i++)
        {
            added[i] = one[i] + other[i];
            below |= Vector.LessThanOrEqual(added[i], border);
        }

        if (below == Vector<ulong>.Zero) return;
        for (var row = 0; row < rows; row++)
        {
            if (sums[row] <= smallest.Border && IsNews(sums[row]))
                smallest.Add(sums[row], new Group((ushort)first, second, rowCells[row] ??= CellsOf(cells, row)));
        }
    }

    /// <summary>Whether a value did not come lately, or once only.</summary>
    private bool IsNews(ulong value)
    {
        const ulong again = 1UL << 63;
        ref var known = ref recent[value & (ulong)(recent.Length - 1)];
        if (known == (value | again)) return false;
        known = known == (value & ~again) ? value | again : value & ~again;
        return true;
    }

    private uint[] CellsOf(ReadOnlySpan<ulong> cells, int row)
    {
        var found = new uint[columns];
        for (var column = 0; column < columns; column++) found[column] = (uint)(cells[(column * BlockRows) + row] >> 32);
        return found;
    }

    private readonly record struct Group(ushort First, ushort Second, uint[] Cells);
}
