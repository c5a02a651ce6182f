using System.Runtime.InteropServices;

namespace SynthStudio.Synthesis.Packages;

/// <summary>Arrays of plain values in a package's binary entries: their length, then their bytes.</summary>
internal static class BinaryArrays
{
    public static void Write<T>(BinaryWriter writer, T[] values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="EndOfStreamException">The entry has not so many bytes left; nothing was allocated.</exception>
    public static T[] Read<T>(BinaryReader reader)
        where T : unmanaged
    {
        var count = reader.ReadInt32();
        var size = Marshal.SizeOf<T>();
        if (count < 0 || count > (reader.BaseStream.Length - reader.BaseStream.Position) / size) throw new EndOfStreamException($"{count} values are not there");
        return MemoryMarshal.Cast<byte, T>(reader.ReadBytes(count * size)).ToArray();
    }
}
