using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>Encoded rows in memory: two bytes a cell.</summary>
/// <param name="cells">[column][row].</param>
internal sealed class CellArrays(ushort[][] cells) : IEncodedRows
{
    public int Count => cells[0].Length;

    public void Read(int row, Span<ushort> target)
    {
        for (var c = 0; c < target.Length; c++) target[c] = cells[c][row];
    }

    public void AppendTo(IncrementalHash hash)
    {
        foreach (var column in cells) hash.AppendData(MemoryMarshal.AsBytes(column.AsSpan()));
    }

    public void Dispose()
    {
    }
}
