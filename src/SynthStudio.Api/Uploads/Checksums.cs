using System.Buffers.Binary;
using System.Numerics;

namespace SynthStudio.Api.Uploads;

/// <summary>CRC32C (Castagnoli, RFC 3720), by the processor's instruction where there is one.</summary>
internal static class Checksums
{
    /// <summary>The checksum of some bytes; of the text 123456789 it is e3069283.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var value in data) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
