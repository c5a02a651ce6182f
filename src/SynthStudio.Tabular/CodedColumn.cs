namespace SynthStudio.Tabular;

/// <summary>Texts as codes into a dictionary of distinct values: categories, booleans, free text and identifiers.</summary>
public sealed class CodedColumn(ColumnSchema schema, int[] codes, string[] values) : Column(schema)
{
    /// <summary>The code of a missing value.</summary>
    public const int Missing = -1;

    /// <summary>One code a row: an index into <see cref="Values"/>, or <see cref="Missing"/>.</summary>
    public int[] Codes { get; } = codes;

    /// <summary>The distinct texts, in no particular order.</summary>
    public string[] Values { get; } = values;

    public override int Count => Codes.Length;

    public override bool IsMissing(int row) => Codes[row] == Missing;

    /// <summary>The text in <paramref name="row"/>, or null when it is missing.</summary>
    public string? Text(int row) => Codes[row] == Missing ? null : Values[Codes[row]];

    public override CodedColumn Take(ReadOnlySpan<int> rows)
    {
        var taken = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            taken[i] = Codes[rows[i]];
        }

        return new CodedColumn(Schema, taken, Values);
    }
}
