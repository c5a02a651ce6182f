namespace SynthStudio.Api.Formats;

/// <summary>
/// Reads CSV (RFC 4180, commas, UTF-8) row by row, without a string a cell. An empty cell without quotes is missing; one in quotes is an
/// empty text, except where it is the only one of its row, as an empty line would be no row.
/// </summary>
internal sealed class CsvRows(Stream content)
{
    private const int FirstBuffer = 1 << 18;

    private byte[] _buffer = new byte[FirstBuffer];
    private Cell[] _cells = new Cell[16];
    private int _start, _end;
    private bool _isAtEnd;
    private int _width = -1;

    /// <summary>Cells of the row.</summary>
    public int Count { get; private set; }

    /// <summary>The text of a cell in UTF-8, without quotes; valid until the next row is read.</summary>
    public ReadOnlySpan<byte> this[int cell] => _buffer.AsSpan(_cells[cell].Start, _cells[cell].Length);

    /// <summary>Whether a cell is missing.</summary>
    public bool IsMissing(int cell) => _cells[cell].Length == 0 && (!_cells[cell].IsQuoted || Count == 1);

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The file ends within quotes, something stands behind them, or the row has more or fewer cells than the first.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellation) => TryRead() ? new ValueTask<bool>(true) : FillAndReadAsync(cancellation);

    private async ValueTask<bool> FillAndReadAsync(CancellationToken cancellation)
    {
        do
        {
            if (_isAtEnd) return false;
            await FillAsync(cancellation);
        }
        while (!TryRead());

        return true;
    }

    /// <summary>Fills the buffer, after it made room: a row that has begun stays whole.</summary>
    private async Task FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        var read = await content.ReadAtLeastAsync(_buffer.AsMemory(_end), _buffer.Length - _end, throwOnEndOfStream: false, cancellation);
        _end += read;
        _isAtEnd = _end < _buffer.Length;
    }

    /// <summary>Takes a row that is wholly in the buffer.</summary>
    private bool TryRead()
    {
        var (at, count) = (_start, 0);
        if (at == _end) return false;
        while (true)
        {
            if (count == _cells.Length) Array.Resize(ref _cells, count * 2);
            if (!TryFindEnd(at, out var cell, out var end)) return false;
            _cells[count++] = cell;
            if (end < _end && _buffer[end] == ',')
            {
                at = end + 1;
                continue;
            }

            _start = Math.Min(_end, end + 1);
            break;
        }

        if (_width < 0) _width = count;
        if (count != _width) throw new InvalidDataException("A row has more or fewer cells than the header.");
        Count = count;
        for (var i = 0; i < count; i++)
        {
            if (_cells[i].HasQuotes) Unquote(ref _cells[i]);
        }

        return true;
    }

    /// <summary>Finds the cell that begins at <paramref name="at"/>, and the comma or line end behind it.</summary>
    private bool TryFindEnd(int at, out Cell cell, out int end)
    {
        var rest = _buffer.AsSpan(at, _end - at);
        (cell, end) = (default, 0);
        if (!rest.StartsWith((byte)'"'))
        {
            var length = rest.IndexOfAny((byte)',', (byte)'\n');
            if (length < 0 && !_isAtEnd) return false;
            if (length < 0) length = rest.Length;
            end = at + length;
            if (length > 0 && rest[length - 1] == '\r' && (length == rest.Length || rest[length] == '\n')) length--;
            cell = new Cell(at, length, IsQuoted: false, HasQuotes: false);
            return true;
        }

        var (inside, hasQuotes) = (1, false);
        while (true)
        {
            var quote = rest[inside..].IndexOf((byte)'"');
            if (quote < 0) return _isAtEnd ? throw new InvalidDataException("The file ends within quotes.") : false;
            inside += quote + 1;
            if (inside == rest.Length && !_isAtEnd) return false; // Perhaps the first half of a doubled one.
            if (inside == rest.Length || rest[inside] != '"') break;
            hasQuotes = true;
            inside++;
        }

        cell = new Cell(at + 1, inside - 2, IsQuoted: true, hasQuotes);
        if (inside < rest.Length && rest[inside] == '\r')
        {
            if (++inside == rest.Length && !_isAtEnd) return false;
        }

        end = at + inside;
        return inside == rest.Length || rest[inside] is (byte)',' or (byte)'\n' ? true : throw new InvalidDataException("Something stands behind the quotes of a cell.");
    }

    private void Unquote(ref Cell cell)
    {
        var text = _buffer.AsSpan(cell.Start, cell.Length);
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            text[written++] = text[i];
            if (text[i] == '"') i++; // Doubled.
        }

        cell = cell with { Length = written };
    }

    private readonly record struct Cell(int Start, int Length, bool IsQuoted, bool HasQuotes);
}
