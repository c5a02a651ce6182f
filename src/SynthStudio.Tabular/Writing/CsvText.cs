namespace SynthStudio.Tabular;

/// <summary>Texts as cells of delimited text (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>The cell for a text: as it is, or in quotes when it holds a delimiter, quote or line end, or white space at an end.</summary>
    public static byte[] Quote(byte[] text, byte delimiter)
    {
        ReadOnlySpan<byte> special = [delimiter, (byte)'"', (byte)'\r', (byte)'\n'];
        if (text.Length > 0 && text.AsSpan().IndexOfAny(special) < 0 && text[0] > ' ' && text[^1] > ' ')
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
