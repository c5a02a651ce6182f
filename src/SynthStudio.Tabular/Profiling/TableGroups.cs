namespace SynthStudio.Tabular;

/// <summary>A table as one pass over it leaves it: columns gathered into distinct texts with their counts, hashes of its rows, and a sample.</summary>
internal sealed class TableGroups : IDisposable
{
    private readonly SpillFile spill;

    private TableGroups(TableSource source, ProfileOptions options)
    {
        spill = new SpillFile(source.TemporaryPath("groups"));
        var memory = options.CountedBytes / (source.Names.Count + 1);
        Columns = [.. source.Names.Select(_ => new TextGroups(spill, memory))];
        Duplicates = new DuplicateRows(spill, memory);
        Sample = new RowSample(spill, options.CorrelatedRows);
    }

    public IReadOnlyList<TextGroups> Columns { get; }

    public DuplicateRows Duplicates { get; }

    public RowSample Sample { get; }

    public long Rows { get; private set; }

    /// <summary>Reads the table once, from beginning to end.</summary>
    public static TableGroups Read(TableSource source, ProfileOptions options, CancellationToken cancellation)
    {
        var groups = new TableGroups(source, options);
        try
        {
            var columns = new TextVector[source.Names.Count];
            var all = source.Relation.Select(Enumerable.Range(0, columns.Length), options.Reading.MaximumRows);
            foreach (var chunk in source.Query(all, cancellation))
            {
                for (var column = 0; column < columns.Length; column++)
                {
                    columns[column] = chunk.Column(column);
                }

                groups.Add(columns, chunk.Rows);
            }

            return groups;
        }
        catch
        {
            groups.Dispose();
            throw;
        }
    }

    public void Dispose() => spill.Dispose();

    private void Add(TextVector[] columns, int rows)
    {
        for (var column = 0; column < columns.Length; column++)
        {
            Columns[column].Add(columns[column], rows);
        }

        Duplicates.Add(columns, rows);
        Sample.Add(columns, rows);
        Rows += rows;
    }
}
