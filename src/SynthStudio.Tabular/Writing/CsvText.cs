namespace SynthStudio.Tabular;

/// <summary>Texts as cells of delimited text (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>Whether a text is its own cell.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> text, byte delimiter)
    {
        ReadOnlySpan<byte> special = [delimiter, (byte)'"', (byte)'\r', (byte)'\n'];
        return text.Length > 0 && text.IndexOfAny(special) < 0 && text[0] > ' ' && text[^1] > ' ';
    }

    /// <summary>The cell for a text: as it is, or in quotes when it holds a delimiter, quote or line end, or white space at an end.</summary>
    public static byte[] Quote(byte[] text, byte delimiter)
    {
        if (IsPlain(text, delimiter))
        {
            return text;
        }

        var quoted = new byte[text.Length + text.AsSpan().Count((byte)'"') + 2];
        var at = 0;
        quoted[at++] = (byte)'"';
        foreach (var b in text)
        {
            if (b == '"')
            {
                quoted[at++] = b;
            }

            quoted[at++] = b;
        }

        quoted[at] = (byte)'"';
        return quoted;
    }
}
