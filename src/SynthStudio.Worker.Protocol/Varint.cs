using System.Buffers;

namespace SynthStudio.Worker.Protocol;

/// <summary>Protobuf's variable-length unsigned integers: seven bits a byte, lowest first, the top bit says that more follow.</summary>
internal static class Varint
{
    /// <summary>Bytes of the longest 32-bit value.</summary>
    public const int MaxBytes = 5;

    /// <summary>Writes <paramref name="value"/> and returns the number of bytes it took.</summary>
    public static int Write(Span<byte> destination, uint value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a value from the front of <paramref name="buffer"/>; false when its last byte has not arrived yet.</summary>
    /// <exception cref="InvalidDataException">It is longer than a 32-bit value can be.</exception>
    public static bool TryRead(ReadOnlySequence<byte> buffer, out uint value, out int length)
    {
        var bytes = new SequenceReader<byte>(buffer);
        var wide = 0UL;
        for (length = 0; length < MaxBytes; length++)
        {
            if (!bytes.TryRead(out var next))
            {
                value = 0;
                return false;
            }

            wide |= (ulong)(next & 0x7F) << (7 * length);
            if (next < 0x80)
            {
                length++;
                value = wide <= uint.MaxValue ? (uint)wide : throw NotALength();
                return true;
            }
        }

        throw NotALength();
    }

    private static InvalidDataException NotALength() => new("The bytes are not a message length.");
}
