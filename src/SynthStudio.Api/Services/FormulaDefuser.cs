using System.Buffers;
using System.Buffers.Text;

namespace SynthStudio.Api.Services;

/// <summary>
/// Makes CSV harmless to spreadsheets, which take a cell that begins with <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c> or a control character for a formula and
/// run it: such cells get an apostrophe in front, numbers excepted. So does what follows a semicolon, a tab or a line end within a cell, since spreadsheets
/// whose lists are separated by those begin a cell there, quoted or not. The file is then no longer byte for byte what was drawn. Works on pieces of a
/// file (RFC 4180, commas) in their order.
/// </summary>
public sealed class FormulaDefuser : IDownloadEdit
{
    /// <summary>No number is longer.</summary>
    private const int LongestNumber = 400;

    private readonly ArrayBufferWriter<byte> _written = new();
    private readonly ArrayBufferWriter<byte> _cell = new();
    private State _state = State.Start;
    private bool _isQuoted;

    /// <summary>Whether what is undecided is the beginning of a cell, not only of what others take for one.</summary>
    private bool _isWhole;

    public long? AddedBytes => null;

    private enum State
    {
        /// <summary>Before the first byte of a cell.</summary>
        Start,

        /// <summary>After the quote that opens a cell.</summary>
        Opened,

        /// <summary>In a cell that is harmless, or was defused.</summary>
        Inside,

        /// <summary>In a cell, where another one begins for whom lists are separated otherwise.</summary>
        Resumed,

        /// <summary>In a cell that begins as formulas and as harmless cells do: which it is shows at its end.</summary>
        Undecided,
    }

    /// <summary>The next piece, defused; valid until the next call. Its last cell may come with the next one, or with <see cref="End"/>.</summary>
    public ReadOnlyMemory<byte> Next(ReadOnlySpan<byte> piece)
    {
        _written.ResetWrittenCount();
        foreach (var value in piece) Add(value);
        return _written.WrittenMemory;
    }

    /// <summary>What is left at the end of the file.</summary>
    public ReadOnlyMemory<byte> End()
    {
        _written.ResetWrittenCount();
        if (_state == State.Undecided) Decide(mayBeNumber: true);
        return _written.WrittenMemory;
    }

    private void Add(byte value)
    {
        var isQuote = value == '"';
        if (isQuote) _isQuoted = !_isQuoted; // A doubled quote closes and opens again.
        var isEnd = !_isQuoted && (value is (byte)',' or (byte)'\n' or (byte)'\r');
        var isSeparator = !isEnd && value is (byte)';' or (byte)'\t' or (byte)'\n' or (byte)'\r';
        if (_state == State.Undecided && (isEnd || isSeparator)) Decide(mayBeNumber: isEnd || !_isWhole);
        switch (_state)
        {
            case State.Start when isQuote:
                Write(value);
                _state = State.Opened;
                break;
            case State.Start or State.Opened when !isEnd && !isQuote:
                Begin(value, isWhole: true);
                if (isSeparator) _state = State.Resumed;
                break;
            case State.Resumed when !isEnd && !isQuote && !isSeparator:
                Begin(value, isWhole: false);
                break;
            case State.Resumed when !isEnd:
                Write(value);
                break;
            case State.Undecided:
                Append(_cell, value);
                if (_cell.WrittenCount > LongestNumber) Decide(mayBeNumber: false);
                break;
            default:
                Write(value);
                _state = isEnd ? State.Start : isSeparator ? State.Resumed : State.Inside;
                break;
        }
    }

    private void Begin(byte first, bool isWhole)
    {
        if (first is (byte)'+' or (byte)'-' or 0xef) // 0xef: perhaps a full-width sign, which some spreadsheets take for the others.
        {
            _isWhole = isWhole;
            _cell.ResetWrittenCount();
            Append(_cell, first);
            _state = State.Undecided;
            return;
        }

        if (first is (byte)'=' or (byte)'@' or < 0x20) Write((byte)'\'');
        Write(first);
        _state = State.Inside;
    }

    /// <param name="mayBeNumber">Whether what came is all: a number with something behind it is none.</param>
    private void Decide(bool mayBeNumber)
    {
        var cell = _cell.WrittenSpan;
        var isHarmless = cell[0] == 0xef
            ? !(cell is [_, 0xbc, 0x9d or 0x8b or 0x8d or 0xa0, ..])
            : mayBeNumber && IsNumber(cell[1..].TrimEnd((byte)'"'));
        if (!isHarmless) Write((byte)'\'');
        _written.Write(cell);
        _state = State.Inside;
    }

    /// <summary>Digits with one point and an exponent at most.</summary>
    private static bool IsNumber(ReadOnlySpan<byte> text) =>
        text is [>= (byte)'0' and <= (byte)'9', ..] && Utf8Parser.TryParse(text, out double _, out var read) && read == text.Length;

    private void Write(byte value) => Append(_written, value);

    private static void Append(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }
}
