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
        options.Preview?.Begin(source.Names);
        try
        {
            foreach (var batch in source.Read(Enumerable.Range(0, source.Names.Count), options.Reading.MaximumRows, cancellation))
            {
                groups.Add(batch, options);
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

    // What looks at whole rows comes first: it is the largest piece.
    private void Add(TextBatch batch, ProfileOptions options)
    {
        SideBySide.Run(Columns.Count + 3, options.Reading.Threads, piece =>
        {
            switch (piece)
            {
                case 0:
                    Duplicates.Add(batch);
                    break;
                case 1:
                    Sample.Add(batch);
                    break;
                case 2:
                    options.Fingerprints?.Add(batch);
                    break;
                default:
                    Columns[piece - 3].Add(batch, piece - 3);
                    break;
            }
        });
        options.Preview?.Add(batch);
        Rows += batch.Rows;
    }
}
