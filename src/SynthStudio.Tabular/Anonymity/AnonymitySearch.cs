namespace SynthStudio.Tabular;

/// <summary>
/// Finds the small sets of columns that tell rows apart best, by counting all of them: each set refines the groups of the set that it extends by
/// one column. Rows that are alone already stay so and are not looked at again, which makes telling sets cheap.
/// </summary>
public static class AnonymitySearch
{
    /// <summary>Distinct values of more of the rows than this make a key, which identifies by itself.</summary>
    private const double KeyShare = 0.9;

    /// <summary>Reads the table at <paramref name="path"/> once and counts.</summary>
    /// <param name="path">Where the file lies.</param>
    /// <param name="fileName">The name it is known by; null takes it from the path.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops at once.</param>
    /// <exception cref="TableException">The file cannot be used, has no such column, or is too large to be held in memory.</exception>
    public static IdentifyingSets Find(
        string path, string? fileName, AnonymityOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(options.MostColumns is >= 1 and <= 4, true, nameof(options));
        using var source = TableSource.Open(path, fileName, options.Reading, cancellation);
        var indexes = options.Columns.Count == 0
            ? [.. Enumerable.Range(0, source.Names.Count)]
            : options.Columns.Distinct(StringComparer.Ordinal).Select(name => source.IndexOf(name) is >= 0 and var at
                ? at
                : throw new TableException(TableError.UnknownColumn, $"{source.FileName} has no column '{name}'.", name)).ToArray();
        var columns = Read(source, indexes, options, cancellation);
        progress?.Report(0.3);
        return Search(columns, options, progress, cancellation);
    }

    private static List<CodedCells> Read(TableSource source, int[] indexes, AnonymityOptions options, CancellationToken cancellation)
    {
        var columns = indexes.Select(i => new CodedCells(source.Names[i])).ToList();
        long rows = 0;
        foreach (var batch in source.Read(indexes, options.Reading.MaximumRows, cancellation))
        {
            SideBySide.Run(columns.Count, options.Reading.Threads, column => columns[column].Add(batch, column));
            rows += batch.Rows;
            if (rows * columns.Count > options.MostCells)
            {
                throw new TableException(
                    TableError.TooManyRows, $"{source.FileName} has more than {options.MostCells / columns.Count} rows of {columns.Count} columns: name fewer columns.");
            }
        }

        return rows == 0 ? throw new TableException(TableError.NoRows, $"{source.FileName} has a header but no rows.") : columns;
    }

    private static IdentifyingSets Search(List<CodedCells> columns, AnonymityOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        var rows = columns[0].Count;
        var named = options.Columns.Count > 0;
        var chosen = columns.Where(c => named || (c.Distinct > 1 && c.Distinct <= KeyShare * rows)).OrderByDescending(c => c.Distinct).ToList();
        var most = Math.Min(options.MostColumns, chosen.Count);
        while (chosen.Count > most && Sets(chosen.Count, most) * rows > options.Work) chosen.RemoveAt(chosen.Count - 1);
        chosen.Sort((a, b) => columns.IndexOf(a).CompareTo(columns.IndexOf(b)));

        var found = new List<IdentifyingSet>[most];
        for (var size = 0; size < most; size++) found[size] = [];
        var done = 0;
        SideBySide.Run(chosen.Count, options.Reading.Threads, first =>
        {
            var search = new SetCounter(chosen, most, cancellation);
            search.Count(first, set =>
            {
                lock (found) found[set.Columns.Count - 1].Add(set);
            });
            lock (found) progress?.Report(0.3 + (0.7 * ++done / chosen.Count));
        });
        return new IdentifyingSets
        {
            Rows = rows,
            Examined = [.. chosen.Select(c => c.Name)],
            LeftOut = [.. columns.Except(chosen).Select(c => c.Name)],
            Counted = found.Sum(f => f.Count),
            Sets =
            [
                .. found.SelectMany(f => f.OrderByDescending(s => s.UniqueRows).ThenByDescending(s => s.RowsBelowFive)
                    .ThenBy(s => string.Join('\0', s.Columns), StringComparer.Ordinal).Take(options.Shown)),
            ],
        };
    }

    /// <summary>How many sets of up to <paramref name="most"/> of <paramref name="columns"/> there are.</summary>
    private static double Sets(int columns, int most)
    {
        var (sum, of) = (0.0, 1.0);
        for (var size = 1; size <= most; size++) sum += of = of * (columns - size + 1) / size;
        return sum;
    }
}
