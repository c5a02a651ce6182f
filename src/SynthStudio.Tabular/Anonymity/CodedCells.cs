namespace SynthStudio.Tabular;

/// <summary>The cells of a column as numbers of its distinct texts; missing is one of them.</summary>
internal sealed class CodedCells(string name)
{
    private const int Missing = 0;

    private readonly TextDictionary texts = new();
    private int[] codes = new int[2048];
    private bool hasMissing;

    public string Name => name;

    public int Count { get; private set; }

    /// <summary>Distinct values, missing counted as one.</summary>
    public int Distinct => texts.Count + (hasMissing ? 1 : 0);

    /// <summary>Codes are below this.</summary>
    public int Codes => texts.Count + 1;

    public int this[int row] => codes[row];

    public void Add(TextBatch batch, int column)
    {
        foreach (var chunk in batch.Chunks)
        {
            var vector = chunk.Column(column);
            if (Count + chunk.Rows > codes.Length) Array.Resize(ref codes, Math.Max(2 * codes.Length, Count + chunk.Rows));
            for (var row = 0; row < chunk.Rows; row++)
            {
                var isMissing = vector.IsNull(row) || NullText.IsNull(NullText.Trim(vector.Bytes(row)));
                hasMissing |= isMissing;
                codes[Count++] = isMissing ? Missing : 1 + texts.Code(in vector[row]);
            }
        }
    }
}
