namespace SynthStudio.Tabular;

/// <summary>
/// A uniform sample of about half to all of <c>most</c> rows, of a table whose length is not known before: rows are kept while a hash of
/// their number is below a threshold, which is halved when there are too many.
/// </summary>
internal sealed class RowSample(SpillFile spill, int most)
{
    private const int BlockBytes = 1 << 20;
    private const int MissingText = -1;

    private readonly SpilledRecords records = new(spill, BlockBytes);
    private ulong threshold = ulong.MaxValue;
    private long seen;
    private long kept;

    /// <summary>Offers the rows of a batch.</summary>
    public void Add(TextBatch batch)
    {
        foreach (var chunk in batch.Chunks)
        {
            for (var row = 0; row < chunk.Rows; row++)
            {
                var hash = Mix((ulong)seen++);
                if (hash > threshold)
                {
                    continue;
                }

                Write(chunk, row, hash);
                if (++kept > most)
                {
                    threshold >>= 1;
                    kept >>= 1;
                }
            }
        }
    }

    /// <summary>Adds the cells of the columns numbered <paramref name="chosen"/>, in rising order, to a builder each.</summary>
    public void Fill(IReadOnlyList<int> chosen, IReadOnlyList<ColumnBuilder> builders)
    {
        foreach (var block in records.Blocks())
        {
            for (var rest = block.Span; rest.Length > 0;)
            {
                var isKept = SpilledRecords.Take<ulong>(ref rest) <= threshold;
                var next = 0;
                var cells = SpilledRecords.Take<int>(ref rest);
                for (var column = 0; column < cells; column++)
                {
                    var length = SpilledRecords.Take<int>(ref rest);
                    var text = SpilledRecords.Take(ref rest, Math.Max(length, 0));
                    if (isKept && next < chosen.Count && chosen[next] == column)
                    {
                        builders[next++].Add(text, length == MissingText);
                    }
                }
            }
        }
    }

    private void Write(TextChunk chunk, int row, ulong hash)
    {
        var columns = chunk.Columns;
        var bytes = sizeof(ulong) + sizeof(int);
        for (var column = 0; column < columns; column++)
        {
            var vector = chunk.Column(column);
            bytes += sizeof(int) + (vector.IsNull(row) ? 0 : vector[row].Length);
        }

        records.Begin(bytes);
        records.Put(hash);
        records.Put(columns);
        for (var column = 0; column < columns; column++)
        {
            var vector = chunk.Column(column);
            var text = vector.IsNull(row) ? default : vector.Bytes(row);
            records.Put(vector.IsNull(row) ? MissingText : text.Length);
            records.Put(text);
        }
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
    private static ulong Mix(ulong number)
    {
        number = (number + 1) * 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
