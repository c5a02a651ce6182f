namespace SynthStudio.Tabular;

/// <summary>
/// The distinct texts of one column with their counts, of any number in bounded memory: a dictionary that is full is poured out on disk, cut
/// into parts by the hash of the texts, and each part is counted by itself in the end. A hot path: one look-up a cell.
/// </summary>
/// <param name="spill">Where full dictionaries go.</param>
/// <param name="memory">Bytes the dictionary may take; the disk's blocks in memory take at most as much again.</param>
internal sealed class TextGroups(SpillFile spill, long memory)
{
    private const int Parts = 64;
    private const int PartShift = 32 - 6;
    private const int LargestBlock = 1 << 14;
    private const int SmallestBlock = 256;

    /// <summary>Beyond it a dictionary would no longer stay in the processor's cache, and more memory makes counting slower.</summary>
    private const long MostMemory = 1 << 19;

    private readonly CountedTexts texts = new();
    private SpilledRecords[]? parts;
    private long poured;

    /// <summary>Rows without a text.</summary>
    public long Missing { get; private set; }

    /// <summary>How much there is to visit: texts in memory and those on disk, where one may lie several times.</summary>
    public long Size => poured + texts.Count;

    /// <summary>Counts the texts of a batch's column numbered <paramref name="column"/> in.</summary>
    public void Add(TextBatch batch, int column)
    {
        foreach (var chunk in batch.Chunks)
        {
            var vector = chunk.Column(column);
            for (var row = 0; row < chunk.Rows; row++)
            {
                if (vector.IsNull(row))
                {
                    Missing++;
                }
                else
                {
                    texts.Add(in vector[row], 1);
                }
            }

            PourIfFull();
        }
    }

    /// <summary>Counts one text in.</summary>
    public void Add(ReadOnlySpan<byte> text, long rows = 1)
    {
        texts.Add(text, rows);
        PourIfFull();
    }

    /// <summary>The same with white space around texts cut off, so that texts which differ in nothing else are one.</summary>
    public TextGroups Trimmed(CancellationToken cancellation)
    {
        var trimmed = new TextGroups(spill, memory) { Missing = Missing };
        Visit((text, rows) => trimmed.Add(NullText.Trim(text), rows), cancellation);
        return trimmed;
    }

    /// <summary>Shows every distinct text with its count, in any order.</summary>
    public void Visit(GroupVisitor visitor, CancellationToken cancellation)
    {
        if (parts is null)
        {
            texts.Visit(visitor);
            return;
        }

        Pour(parts);
        var gathered = new CountedTexts();
        foreach (var part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            gathered.Clear();
            Gather(part, gathered);
            gathered.Visit(visitor);
        }
    }

    private static void Gather(SpilledRecords part, CountedTexts gathered)
    {
        foreach (var block in part.Blocks())
        {
            for (var records = block.Span; records.Length > 0;)
            {
                var rows = SpilledRecords.TakeCompact(ref records);
                var length = (int)SpilledRecords.TakeCompact(ref records);
                gathered.Add(SpilledRecords.Take(ref records, length), rows);
            }
        }
    }

    private void PourIfFull()
    {
        if (texts.Memory > Math.Min(memory, MostMemory))
        {
            var block = (int)Math.Clamp(memory / Parts, SmallestBlock, LargestBlock);
            parts ??= [.. Enumerable.Range(0, Parts).Select(_ => new SpilledRecords(spill, block))];
            Pour(parts);
        }
    }

    private void Pour(SpilledRecords[] into)
    {
        for (var code = 0; code < texts.Count; code++)
        {
            var text = texts.Text(code);
            var part = into[texts.Hash(code) >> PartShift];
            part.Begin((2 * SpilledRecords.MostCompactBytes) + text.Length);
            part.PutCompact(texts.Rows(code));
            part.PutCompact(text.Length);
            part.Put(text);
        }

        poured += texts.Count;
        texts.Clear();
    }
}

/// <summary>Sees a distinct text that <paramref name="rows"/> rows have.</summary>
internal delegate void GroupVisitor(ReadOnlySpan<byte> text, long rows);
