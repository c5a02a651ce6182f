using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace SynthStudio.Tabular;

/// <summary>Some rows of a result of texts, in DuckDB's memory until disposed.</summary>
internal readonly struct TextChunk(DuckDBDataChunk chunk, int rows) : IDisposable
{
    public int Rows { get; } = rows;

    public int Columns => (int)NativeMethods.DataChunks.DuckDBDataChunkGetColumnCount(chunk);

    public unsafe TextVector Column(int index)
    {
        var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, index);
        return new TextVector(
            (DuckText*)NativeMethods.Vectors.DuckDBVectorGetData(vector),
            NativeMethods.Vectors.DuckDBVectorGetValidity(vector));
    }

    public void Dispose() => chunk.Dispose();
}

/// <summary>The texts of one column of a <see cref="TextChunk"/>.</summary>
internal readonly unsafe struct TextVector(DuckText* texts, ulong* validity)
{
    public bool IsNull(int row) => validity != null && ((validity[row >> 6] >> (row & 63)) & 1) == 0;

    public ref readonly DuckText this[int row] => ref texts[row];

    public ReadOnlySpan<byte> Bytes(int row)
    {
        var text = texts + row;
        return new ReadOnlySpan<byte>(text->Length <= DuckText.InlineBytes ? (byte*)text + sizeof(int) : text->Pointer, text->Length);
    }
}

/// <summary>
/// DuckDB's string_t: a length, then up to twelve bytes in place (the rest zero), or a prefix of four and a pointer. See duckdb.h,
/// <c>duckdb_string_t</c>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal readonly unsafe struct DuckText
{
    public const int InlineBytes = 12;

    [FieldOffset(0)]
    public readonly int Length;

    [FieldOffset(0)]
    public readonly ulong Head;

    [FieldOffset(8)]
    public readonly ulong Tail;

    [FieldOffset(8)]
    public readonly byte* Pointer;

    /// <summary>The text at <paramref name="bytes"/>, which must stay there as long as this is used.</summary>
    public static DuckText Of(byte* bytes, int length)
    {
        DuckText text = default;
        var place = (byte*)&text;
        *(int*)place = length;
        new ReadOnlySpan<byte>(bytes, length <= InlineBytes ? length : sizeof(int)).CopyTo(new Span<byte>(place + sizeof(int), InlineBytes));
        if (length > InlineBytes)
        {
            *(byte**)(place + sizeof(ulong)) = bytes;
        }

        return text;
    }
}
