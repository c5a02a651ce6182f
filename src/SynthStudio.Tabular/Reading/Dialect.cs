using System.Text;

namespace SynthStudio.Tabular;

/// <summary>How delimited text is written: quoting is always by double quotes, doubled inside (RFC 4180).</summary>
/// <param name="Delimiter">The character between cells.</param>
/// <param name="Names">The cells of the first record, trimmed.</param>
internal sealed record Dialect(char Delimiter, IReadOnlyList<string> Names)
{
    private const int SampleRecords = 200;

    /// <summary>
    /// Finds the delimiter that cuts the first records into the most cells of equal number; a table of one column has none, and gets a comma.
    /// </summary>
    /// <param name="head">The beginning of the file in UTF-8.</param>
    /// <param name="complete">Whether that is the whole file.</param>
    public static Dialect Find(ReadOnlySpan<byte> head, bool complete)
    {
        var best = (Delimiter: (byte)',', Score: 0.0);
        foreach (var delimiter in ",;\t|"u8)
        {
            var score = Score(head, delimiter, complete);
            best = score > best.Score ? (delimiter, score) : best;
        }

        var names = new List<string>();
        ReadRecord(head, best.Delimiter, names);
        return new Dialect((char)best.Delimiter, names);
    }

    // The share of records that have as many cells as the first, and then the number of cells.
    private static double Score(ReadOnlySpan<byte> head, byte delimiter, bool complete)
    {
        int records = 0, equal = 0, cells = 0;
        while (head.Length > 0 && records < SampleRecords)
        {
            var (bytes, count, closed) = ReadRecord(head, delimiter, null);
            if (!closed && !complete && records > 0)
            {
                break; // the head ends inside this record
            }

            head = head[bytes..];
            if (bytes <= 2 && count == 1)
            {
                continue; // an empty line
            }

            cells = records == 0 ? count : cells;
            records++;
            equal += count == cells ? 1 : 0;
        }

        return cells < 2 ? 0 : ((double)equal / records) + (0.2 * (1 - (1.0 / cells)));
    }

    /// <summary>Cuts one record; its cells go to <paramref name="texts"/>.</summary>
    private static (int Bytes, int Cells, bool Closed) ReadRecord(ReadOnlySpan<byte> text, byte delimiter, List<string>? texts)
    {
        int cells = 1, start = 0, at = 0;
        while (at < text.Length)
        {
            if (at == start && text[at] == '"')
            {
                at = EndOfQuoted(text, at + 1);
                continue;
            }

            var found = text[at..].IndexOfAny(delimiter, (byte)'\n', (byte)'\r');
            at = found < 0 ? text.Length : at + found;
            if (at < text.Length && text[at] == delimiter)
            {
                texts?.Add(Unquote(text[start..at]));
                cells++;
                start = ++at;
                continue;
            }

            break;
        }

        texts?.Add(Unquote(text[start..at]));
        var closed = at < text.Length;
        var end = at;
        if (closed)
        {
            end += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
        }

        return (end, cells, closed);
    }

    private static int EndOfQuoted(ReadOnlySpan<byte> text, int at)
    {
        while (true)
        {
            var quote = text[at..].IndexOf((byte)'"');
            if (quote < 0)
            {
                return text.Length;
            }

            at += quote + 1;
            if (at >= text.Length || text[at] != '"')
            {
                return at;
            }

            at++;
        }
    }

    private static string Unquote(ReadOnlySpan<byte> cell)
    {
        var text = Encoding.UTF8.GetString(cell);
        return (text.Length > 1 && text[0] == '"' && text[^1] == '"'
            ? text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
            : text).Trim();
    }
}
