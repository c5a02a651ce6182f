using System.Text;

namespace SynthStudio.Api.Transfers;

/// <summary>Reads the names of columns at the beginning of a CSV file (RFC 4180).</summary>
internal static class CsvHeader
{
    private const int LongestHeader = 4 << 20;

    /// <exception cref="TransferException">There is no header.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(Stream content, CancellationToken cancellation)
    {
        var (names, name, isQuoted, wasQuote) = (new List<string>(), new StringBuilder(), false, false);
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var (piece, total) = (new char[4096], 0);
        while (await reader.ReadAsync(piece, cancellation) is > 0 and var read && (total += read) <= LongestHeader)
        {
            foreach (var c in piece.AsMemory(0, read).ToArray())
            {
                if (c == '"')
                {
                    if (wasQuote) name.Append('"'); // A doubled quote within quotes.
                    wasQuote = isQuoted && !wasQuote;
                    isQuoted = !isQuoted;
                    continue;
                }

                wasQuote = false;
                if (isQuoted || c is not (',' or '\n'))
                {
                    if (c != '\r' || isQuoted) name.Append(c);
                    continue;
                }

                names.Add(name.ToString());
                name.Clear();
                if (c == '\n') return names;
            }
        }

        throw new TransferException(TransferReasons.NoColumns, "The rows have no header.");
    }
}
