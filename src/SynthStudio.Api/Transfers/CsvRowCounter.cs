using System.Buffers;

namespace SynthStudio.Api.Transfers;

/// <summary>Counts the rows of a CSV file (RFC 4180) that comes in pieces: ends of lines that are not within quotes.</summary>
internal sealed class CsvRowCounter
{
    private static readonly SearchValues<byte> Marks = SearchValues.Create((byte)'"', (byte)'\n');

    private bool _isQuoted;

    /// <summary>Rows that ended in this piece.</summary>
    public long Count(ReadOnlySpan<byte> piece)
    {
        var rows = 0L;
        for (var at = piece.IndexOfAny(Marks); at >= 0; at = piece.IndexOfAny(Marks))
        {
            if (piece[at] == '"') _isQuoted = !_isQuoted; // A doubled quote closes and opens again.
            else if (!_isQuoted) rows++;
            piece = piece[(at + 1)..];
        }

        return rows;
    }
}
