using SynthStudio.Tabular;

namespace SynthStudio.Synthesis;

/// <summary>A file to learn: held in memory as long as it fits, else as a random sample of its rows and a way to read all of them.</summary>
public sealed class TrainingTable : IRowSource, IDisposable
{
    /// <summary>A table with more cells is not held in memory: at about 40 bytes a cell while it is read, this is 1.6 GB.</summary>
    public const long MostCellsInMemory = 40_000_000;

    /// <summary>Cells of the sample that stands for a larger table.</summary>
    public const long SampledCells = MostCellsInMemory / SampleShare;

    private const int SampleShare = 2;

    /// <summary>A row takes two bytes at least for every cell: smaller files need not be counted.</summary>
    private const int LeastBytesOfCell = 2;

    private readonly TableFile? file;

    private TrainingTable(Table table, TableFile? file, long rows) => (Table, this.file, RowCount) = (table, file, rows);

    /// <summary>The table, or a sample of it.</summary>
    public Table Table { get; }

    /// <summary>All rows of the file.</summary>
    public long RowCount { get; }

    /// <summary>For <see cref="FitRequest.AllRows"/>: null when <see cref="Table"/> is all there is.</summary>
    public IRowSource? AllRows => file is null ? null : this;

    /// <summary>Reads a file; see <see cref="TableReader.Read"/>.</summary>
    /// <param name="path">Where the file lies.</param>
    /// <param name="fileName">The name it is known by; null takes it from the path.</param>
    /// <param name="schema">What the user says of the columns; null infers everything, from the sample if there is one.</param>
    /// <param name="options">Null takes the defaults.</param>
    /// <param name="cancellation">Stops the reading at once.</param>
    /// <param name="mostCells">Rows times columns that may be held.</param>
    /// <exception cref="TableException">The file or the schema cannot be used.</exception>
    public static TrainingTable Read(
        string path, string? fileName, SchemaFile? schema, ReadOptions? options, CancellationToken cancellation, long mostCells = MostCellsInMemory)
    {
        var file = TableFile.Open(path, fileName, schema, options, cancellation);
        var large = false;
        try
        {
            large = MayExceed(file, mostCells) && file.CountRows(cancellation) * file.Columns > mostCells;
            return large
                ? new TrainingTable(
                    file.Sample((int)Math.Max(mostCells / SampleShare / file.Columns, 1), seed: 1, cancellation),
                    file, file.CountRows(cancellation))
                : InMemory(file.Read(cancellation));
        }
        catch
        {
            large = false;
            throw;
        }
        finally
        {
            if (!large) file.Dispose();
        }
    }

    public IEnumerable<Table> Read(CancellationToken cancellation) => file!.Chunks(Table.Schema, cancellation);

    public void Dispose() => file?.Dispose();

    private static TrainingTable InMemory(Table table) => new(table, null, table.RowCount);

    /// <summary>Parquet may pack a cell into less than a byte, so it is always counted, which takes no time there.</summary>
    private static bool MayExceed(TableFile file, long mostCells) => file.IsPacked || file.Bytes > LeastBytesOfCell * mostCells;
}
