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
    /// <returns>False, before anything is allocated, when the entry has not so many bytes left.</returns>
    public static bool TryRead<T>(BinaryReader reader, out T[] values)
        where T : unmanaged
    {
        var count = reader.ReadInt32();
        var size = Marshal.SizeOf<T>();
        var fits = count >= 0 && count <= (reader.BaseStream.Length - reader.BaseStream.Position) / size;
        values = fits ? MemoryMarshal.Cast<byte, T>(reader.ReadBytes(count * size)).ToArray() : [];
        return fits;
    }
}
