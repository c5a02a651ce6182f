namespace SynthStudio.Tabular;

/// <summary>Distinct texts with their counts, in memory.</summary>
internal sealed class CountedTexts
{
    private readonly TextDictionary texts = new();
    private long[] rows = new long[16];

    /// <summary>Number of distinct texts.</summary>
    public int Count => texts.Count;

    /// <summary>Memory in use.</summary>
    public long Memory => texts.Memory + (sizeof(long) * texts.Count);

    public ReadOnlySpan<byte> Text(int code) => texts.Bytes(code);

    public uint Hash(int code) => texts.Hash(code);

    public long Rows(int code) => rows[code];

    public void Add(in DuckText text, long count) => Add(texts.Code(in text), count);

    public void Add(ReadOnlySpan<byte> text, long count) => Add(texts.Code(text), count);

    public void Clear()
    {
        Array.Clear(rows, 0, texts.Count);
        texts.Clear();
    }

    public void Visit(GroupVisitor visitor)
    {
        for (var code = 0; code < texts.Count; code++)
        {
            visitor(texts.Bytes(code), rows[code]);
        }
    }

    private void Add(int code, long count)
    {
        if (code >= rows.Length)
        {
            Array.Resize(ref rows, rows.Length * 2);
        }

        rows[code] += count;
    }
}
