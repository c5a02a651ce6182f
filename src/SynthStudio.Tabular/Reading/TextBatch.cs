namespace SynthStudio.Tabular;

/// <summary>Some chunks that follow each other, which stay in memory until this is disposed.</summary>
internal sealed class TextBatch : IDisposable
{
    /// <summary>
    /// Cells a batch has at least, but for the last: enough that each column's dictionary comes into the processor's cache once for many rows,
    /// and few enough that wide tables stay small in memory.
    /// </summary>
    private const int LeastCells = 1 << 19;

    private readonly List<TextChunk> chunks = [];

    private TextBatch()
    {
    }

    public IReadOnlyList<TextChunk> Chunks => chunks;

    public int Rows { get; private set; }

    /// <summary>Puts chunks together.</summary>
    public static IEnumerable<TextBatch> Of(IEnumerable<TextChunk> chunks)
    {
        var batch = new TextBatch();
        try
        {
            foreach (var chunk in chunks)
            {
                batch.chunks.Add(chunk);
                batch.Rows += chunk.Rows;
                if ((long)batch.Rows * chunk.Columns >= LeastCells)
                {
                    var full = batch;
                    batch = new TextBatch();
                    yield return full;
                }
            }

            if (batch.Rows > 0)
            {
                var last = batch;
                batch = new TextBatch();
                yield return last;
            }
        }
        finally
        {
            batch.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var chunk in chunks)
        {
            chunk.Dispose();
        }

        chunks.Clear();
    }
}
