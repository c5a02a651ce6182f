using System.Globalization;

namespace SynthStudio.Tabular;

/// <summary>
/// A file with more rows than are to be held in memory: counts them, draws a uniform sample, whose schema then holds for all of them, and
/// reads them chunk by chunk. What <see cref="TableReader"/> says of formats and of missing values goes for it too.
/// </summary>
public sealed class TableFile : IDisposable
{
    private readonly TableSource source;
    private readonly SchemaFile? schema;
    private readonly ReadOptions options;
    private readonly List<(int Index, ColumnDeclaration? Declared)> wanted;
    private long? rows;

    private TableFile(TableSource source, SchemaFile? schema, ReadOptions options)
    {
        (this.source, this.schema, this.options) = (source, schema, options);
        wanted = source.Choose(schema, options);
    }

    /// <summary>Number of columns, those left out that the schema ignores.</summary>
    public int Columns => wanted.Count;

    /// <summary>Size of its text, or of the Parquet file, in bytes.</summary>
    public long Bytes => source.Relation.Facts.ExpandedBytes;

    /// <summary>Whether it is Parquet, whose size says little of its number of cells, but which can be counted without reading it.</summary>
    public bool IsPacked => source.Relation.Facts.Format == SourceFormat.Parquet;

    /// <summary>Opens <paramref name="path"/>; see <see cref="TableReader.Read"/>.</summary>
    /// <exception cref="TableException">The file or the schema cannot be used; the message names the column, row or option.</exception>
    public static TableFile Open(
        string path,
        string? fileName = null,
        SchemaFile? schema = null,
        ReadOptions? options = null,
        CancellationToken cancellation = default)
    {
        options ??= new ReadOptions();
        var source = TableSource.Open(path, fileName, options, cancellation);
        try
        {
            return new TableFile(source, schema, options);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Number of rows: takes a pass over the file, the first time.</summary>
    public long CountRows(CancellationToken cancellation) =>
        rows ??= long.Parse(source.Rows(source.Relation.CountQuery, cancellation)[0][0]!, CultureInfo.InvariantCulture);

    /// <summary>All rows.</summary>
    public Table Read(CancellationToken cancellation) =>
        TableReader.Finish(TableReader.Load(source, wanted, options, cancellation), schema, options).Table;

    /// <summary>
    /// So many rows at random, without repetition, in the order of the file; all of them when there are no more. Kinds, formats and decimal
    /// places are those of all rows, each of which is looked at.
    /// </summary>
    /// <param name="most">Rows wanted.</param>
    /// <param name="seed">The same file and seed give the same rows.</param>
    /// <param name="cancellation">Stops the reading at once.</param>
    /// <exception cref="TableException">There are no rows, or a value of any row does not fit its declaration.</exception>
    public Table Sample(int most, int seed, CancellationToken cancellation)
    {
        var left = CountRows(cancellation);
        if (left == 0)
        {
            throw TableReader.NoRows(source);
        }

        var random = new Random(seed);
        var builders = wanted.ConvertAll(w => new ColumnBuilder(source.Names[w.Index], w.Declared));
        long first = 0;
        foreach (var batch in Batches(cancellation))
        {
            // Selection sampling (Knuth, TAOCP vol. 2, 3.4.2, algorithm S): each row with the share that is still wanted.
            var chosen = batch.Chunks
                .Select(chunk => Enumerable.Range(0, chunk.Rows).Where(_ => random.NextInt64(left--) < most && most-- > 0).ToArray())
                .ToArray();
            SideBySide.Run(builders.Count, options.Threads, column =>
            {
                var row = first;
                for (var i = 0; i < chosen.Length; i++)
                {
                    var vector = batch.Chunks[i].Column(column);
                    builders[column].Add(vector, chosen[i]);
                    builders[column].Watch(vector, batch.Chunks[i].Rows, row);
                    row += batch.Chunks[i].Rows;
                }
            });
            first += batch.Rows;
        }

        return TableReader.Finish(builders, schema, options).Table;
    }

    /// <summary>All rows in the order of the file, in tables of some ten thousand rows; one is held at a time.</summary>
    /// <param name="exact">What the columns are, as <see cref="Sample"/> found.</param>
    /// <param name="cancellation">Stops the reading at once.</param>
    /// <param name="mostRows">Rows of a table at most, 2,048 or more.</param>
    /// <exception cref="TableException">A value does not fit the schema, which is not that of <see cref="Sample"/>.</exception>
    public IEnumerable<Table> Chunks(TableSchema exact, CancellationToken cancellation, int mostRows = int.MaxValue)
    {
        long first = 0;
        foreach (var batch in Batches(cancellation))
        {
            for (var begin = 0; begin < batch.Chunks.Count;)
            {
                var (end, rows) = (begin, 0);
                while (end < batch.Chunks.Count && (end == begin || rows + batch.Chunks[end].Rows <= mostRows))
                {
                    rows += batch.Chunks[end++].Rows;
                }

                yield return Table(exact, batch.Chunks.Skip(begin).Take(end - begin).ToArray(), first);
                (begin, first) = (end, first + rows);
            }
        }
    }

    public void Dispose() => source.Dispose();

    private Table Table(TableSchema exact, TextChunk[] chunks, long firstRow)
    {
        var columns = new Column[wanted.Count];
        SideBySide.Run(columns.Length, options.Threads, column =>
        {
            var builder = new ColumnBuilder(exact.Columns[column].Name, null, firstRow);
            foreach (var chunk in chunks)
            {
                builder.Add(chunk.Column(column), chunk.Rows);
            }

            columns[column] = builder.Finish(
                exact.Columns[column], options.InvalidValuesAreMissing, samePlace: true,
                exact.Domains.GetValueOrDefault(exact.Columns[column].Name)?.Values).Column;
        });
        return new Table(exact, columns);
    }

    private IEnumerable<TextBatch> Batches(CancellationToken cancellation) => source.Read(wanted.Select(w => w.Index), options.MaximumRows, cancellation);
}
