namespace SynthStudio.Tabular;

/// <summary>Counts the groups of all sets of columns that begin with one of them. Not for several threads. A hot path: one look-up a row and set.</summary>
/// <param name="columns">The columns, all of the same length.</param>
/// <param name="most">Columns in a set, at most.</param>
/// <param name="cancellation">Stops at once.</param>
internal sealed class SetCounter(IReadOnlyList<CodedCells> columns, int most, CancellationToken cancellation)
{
    private const int Small = 5;

    /// <summary>Up to so many pairs of group and value they are looked up in a table of all, else by hashing.</summary>
    private const long LargestTable = 1 << 22;

    private readonly Level[] levels = [.. Enumerable.Range(0, most).Select(_ => new Level())];
    private readonly List<string> names = [];
    private int[] table = [];
    private ulong[] keys = [];
    private int[] values = [];

    /// <summary>Counts the sets that begin with the column numbered <paramref name="first"/> and go on with later ones.</summary>
    public void Count(int first, Action<IdentifyingSet> found)
    {
        var rows = columns[first].Count;
        Extend(new Level { Length = rows, GroupCount = 1 }, first, 0, rows, found);
    }

    private void Extend(Level parent, int column, int depth, int rows, Action<IdentifyingSet> found)
    {
        cancellation.ThrowIfCancellationRequested();
        var level = levels[depth];
        names.Add(columns[column].Name);
        var sizes = Refine(parent, columns[column], level);
        found(Figures(parent, level, sizes, rows));
        if (depth + 1 < most && column + 1 < columns.Count)
        {
            DropUnique(parent, level, sizes);
            for (var next = column + 1; next < columns.Count; next++) Extend(level, next, depth + 1, rows, found);
        }

        names.RemoveAt(names.Count - 1);
    }

    /// <summary>Gives each row of the parent its group in the level, and answers the groups' sizes.</summary>
    private int[] Refine(Level parent, CodedCells column, Level level)
    {
        level.Reserve(parent.Length);
        var groups = level.Groups!;
        var count = 0;
        var pairs = (long)parent.GroupCount * column.Codes;
        if (pairs <= LargestTable)
        {
            if (table.Length < pairs) table = new int[Math.Max(pairs, 2L * table.Length)];
            Array.Clear(table, 0, (int)pairs);
            for (var i = 0; i < parent.Length; i++)
            {
                ref var group = ref table[((parent.Groups?[i] ?? 0) * column.Codes) + column[parent.Rows?[i] ?? i]];
                if (group == 0) group = ++count;
                groups[i] = group - 1;
            }
        }
        else
        {
            count = RefineByHash(parent, column, groups);
        }

        var sizes = level.Sizes(count);
        for (var i = 0; i < parent.Length; i++) sizes[groups[i]]++;
        level.GroupCount = count;
        return sizes;
    }

    private int RefineByHash(Level parent, CodedCells column, int[] groups)
    {
        var capacity = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * parent.Length));
        if (keys.Length < capacity) (keys, values) = (new ulong[capacity], new int[capacity]);
        Array.Clear(values, 0, capacity);
        var mask = capacity - 1;
        var count = 0;
        for (var i = 0; i < parent.Length; i++)
        {
            var key = ((ulong)(uint)(parent.Groups?[i] ?? 0) << 32) | (uint)column[parent.Rows?[i] ?? i];
            var place = (int)((key * 0x9E3779B97F4A7C15UL) >> 32) & mask;
            while (values[place] != 0 && keys[place] != key) place = (place + 1) & mask;
            if (values[place] == 0) (keys[place], values[place]) = (key, ++count);
            groups[i] = values[place] - 1;
        }

        return count;
    }

    private IdentifyingSet Figures(Level parent, Level level, int[] sizes, int rows)
    {
        var (unique, below, smallest) = ((long)parent.Unique, (long)parent.Unique, parent.Unique > 0 ? 1L : long.MaxValue);
        for (var group = 0; group < level.GroupCount; group++)
        {
            var size = sizes[group];
            unique += size == 1 ? 1 : 0;
            below += size < Small ? size : 0;
            smallest = Math.Min(smallest, size);
        }

        return new IdentifyingSet([.. names], level.GroupCount + parent.Unique, unique, smallest, below, (double)unique / rows, (double)below / rows);
    }

    /// <summary>Leaves the rows of the level that are alone in their group behind: they are alone in every finer one.</summary>
    private static void DropUnique(Level parent, Level level, int[] sizes)
    {
        var (kept, groups, renumbered) = (0, level.Groups!, 0);
        var number = level.Numbers();
        for (var group = 0; group < level.GroupCount; group++) number[group] = sizes[group] > 1 ? renumbered++ : -1;
        for (var i = 0; i < parent.Length; i++)
        {
            if (number[groups[i]] is >= 0 and var group)
            {
                level.Rows![kept] = parent.Rows?[i] ?? i;
                groups[kept++] = group;
            }
        }

        level.Unique = parent.Unique + (parent.Length - kept);
        (level.Length, level.GroupCount) = (kept, renumbered);
    }

    /// <summary>The rows that some columns leave together with others, each with its group; null for all rows, in one group.</summary>
    private sealed class Level
    {
        private int[] sizes = [], numbers = [];

        public int[]? Rows { get; private set; }

        public int[]? Groups { get; private set; }

        public int Length { get; set; }

        public int GroupCount { get; set; }

        /// <summary>Rows that are alone in their group.</summary>
        public int Unique { get; set; }

        public void Reserve(int rows)
        {
            if (Groups is null || Groups.Length < rows) (Rows, Groups) = (new int[rows], new int[rows]);
        }

        /// <summary>A zero for each group.</summary>
        public int[] Sizes(int groups)
        {
            if (sizes.Length < groups) (sizes, numbers) = (new int[Math.Max(groups, 2 * sizes.Length)], new int[Math.Max(groups, 2 * sizes.Length)]);
            Array.Clear(sizes, 0, groups);
            return sizes;
        }

        /// <summary>Room for a number for each group.</summary>
        public int[] Numbers() => numbers;
    }
}
