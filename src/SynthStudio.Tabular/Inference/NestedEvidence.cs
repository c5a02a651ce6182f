using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>
/// Whether cells of a column are JSON objects or lists. A few texts in brackets are none; objects that say something,
/// even a few, are no slip.
/// </summary>
internal sealed class NestedEvidence
{
    /// <summary>From this share of the values on, what looks like JSON is no slip.</summary>
    private const double NestedShare = 0.05;

    /// <summary>One cell may have strayed into the column.</summary>
    private const long MostStray = 1;

    /// <summary>Texts that are parsed at most: one that turns out to be no JSON costs an exception.</summary>
    private const int MostParsed = 10_000;

    private int parsed;

    /// <summary>Rows whose text looks like a JSON object or list.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows whose text is one beyond doubt; no longer counted when there are too many to be strays.</summary>
    public long ClearRows { get; private set; }

    /// <summary>Counts a trimmed text in.</summary>
    public void Add(ReadOnlySpan<byte> text, long rows)
    {
        if (!Looks(text)) return;
        Rows += rows;
        if (ClearRows <= MostStray && parsed++ < MostParsed && IsClear(text)) ClearRows += rows;
    }

    /// <summary>Whether a column with so many values is refused.</summary>
    public bool Refuses(long present) => ClearRows > MostStray || (present > 0 && (double)Rows / present >= NestedShare);

    // {"a": 1}, [1, 2], ['x'], [] and {}, but not [redacted].
    private static bool Looks(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || (text[0], text[^1]) is not (((byte)'{', (byte)'}') or ((byte)'[', (byte)']')))
        {
            return false;
        }

        var inner = NullText.Trim(text[1..^1]);
        return inner.Length == 0
            || inner[0] is (byte)'"' or (byte)'\'' or (byte)'{' or (byte)'[' or (byte)'-'
            || (text[0] == '[' && char.IsAsciiDigit((char)inner[0]));
    }

    /// <summary>Valid JSON: an object with a property, or a list of more than a number, as [1] may be a footnote.</summary>
    private static bool IsClear(ReadOnlySpan<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToArray());
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? root.EnumerateObject().Any()
                : root.ValueKind == JsonValueKind.Array
                    && (root.GetArrayLength() > 1 || root.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Number));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
