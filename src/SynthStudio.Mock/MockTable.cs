using SynthStudio.Tabular;

namespace SynthStudio.Mock;

/// <summary>
/// A table made from a declared schema, without any data: <c>{"locale": "en", "columns": {name: {"type": …}}, "correlations": […]}</c>. Any
/// number of rows, the same for the same seed, whatever the threads.
/// </summary>
public sealed class MockTable
{
    /// <summary>Rows that are made together.</summary>
    private const int BlockRows = 8192;

    private readonly List<MockColumn> columns;

    private MockTable(List<MockColumn> columns, IReadOnlyList<string> order)
    {
        this.columns = columns;
        Schema = new TableSchema { Columns = [.. order.Select(name => columns.Find(c => c.Schema.Name == name)!.Schema)] };
    }

    /// <summary>The columns in the order of the declaration.</summary>
    public TableSchema Schema { get; }

    /// <summary>Understands a mock schema.</summary>
    /// <exception cref="MockSchemaException">The text is no mock schema; the message names column and property.</exception>
    public static MockTable Parse(string json)
    {
        var (columns, order) = MockSchemaReader.Read(json);
        return new MockTable(columns, order);
    }

    /// <summary>Makes rows, in blocks, in order.</summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="seed">Equal seeds make equal rows; the first rows of a longer table are those of a shorter one.</param>
    /// <param name="threads">Blocks that are made side by side; 0 means one a core.</param>
    /// <param name="cancellation">Stops at the next block.</param>
    public IEnumerable<Table> Make(long rows, long seed, int threads = 0, CancellationToken cancellation = default) =>
        Make(new MockRows(rows) { FirstBlock = BlockRows, Block = BlockRows }, seed, threads, cancellation);

    /// <summary>Makes rows, in the blocks that are wished, in order; a row is the same whatever the blocks.</summary>
    /// <param name="rows">Which rows, and how many together.</param>
    /// <param name="seed">Equal seeds make equal rows.</param>
    /// <param name="threads">Blocks that are made side by side; 0 means one a core.</param>
    /// <param name="cancellation">Stops at the next block.</param>
    public IEnumerable<Table> Make(MockRows rows, long seed, int threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows.Count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rows.First);
        ArgumentOutOfRangeException.ThrowIfLessThan(Math.Min(rows.FirstBlock, rows.Block), 1);
        return rows.Blocks().AsParallel().AsOrdered()
            .WithDegreeOfParallelism(threads > 0 ? threads : Math.Min(Environment.ProcessorCount, 64))
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .WithCancellation(cancellation)
            .Select(block => Make(new RowBlock(seed, block.First, block.Rows)));
    }

    private Table Make(RowBlock block)
    {
        foreach (var column in columns)
        {
            block.Made.Add(column.Schema.Name, column.Make(block));
        }

        return new Table(Schema, [.. Schema.Columns.Select(c => block.Made[c.Name])]);
    }
}
