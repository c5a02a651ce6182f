using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SynthStudio.Tabular;

/// <summary>A list of records of bytes, of which only the last block is in memory. No record lies in two blocks.</summary>
internal sealed class SpilledRecords(SpillFile file, int blockBytes)
{
    /// <summary>Bytes that the largest compact number takes.</summary>
    public const int MostCompactBytes = 9;

    private readonly List<SpilledBlock> written = [];
    private byte[] block = [];
    private int used;

    /// <summary>Makes room for a record of at most <paramref name="most"/> bytes.</summary>
    public void Begin(int most)
    {
        if (most <= block.Length - used)
        {
            return;
        }

        if (used > 0)
        {
            written.Add(file.Write(block.AsSpan(0, used)));
            used = 0;
        }

        block = most <= block.Length ? block : GC.AllocateUninitializedArray<byte>(Math.Max(most, blockBytes));
    }

    /// <summary>Adds a number to the record that was begun.</summary>
    public void Put<T>(T number) where T : unmanaged
    {
        MemoryMarshal.Write(block.AsSpan(used), number);
        used += Unsafe.SizeOf<T>();
    }

    /// <summary>Adds a number that is not negative to the record that was begun; seven bits a byte, the lowest first.</summary>
    public void PutCompact(long number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            block[used++] = (byte)(number | 0x80);
        }

        block[used++] = (byte)number;
    }

    /// <summary>Adds bytes to the record that was begun.</summary>
    public void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(block.AsSpan(used));
        used += bytes.Length;
    }

    /// <summary>The blocks with their records, in order; each is valid until the next is asked for.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Blocks()
    {
        var buffer = Array.Empty<byte>();
        foreach (var place in written)
        {
            buffer = place.Length <= buffer.Length ? buffer : GC.AllocateUninitializedArray<byte>(Math.Max(place.Length, blockBytes));
            file.Read(place, buffer);
            yield return buffer.AsMemory(0, place.Length);
        }

        yield return block.AsMemory(0, used);
    }

    /// <summary>Takes a number from the front of <paramref name="records"/>.</summary>
    public static T Take<T>(ref ReadOnlySpan<byte> records) where T : unmanaged
    {
        var number = MemoryMarshal.Read<T>(records);
        records = records[Unsafe.SizeOf<T>()..];
        return number;
    }

    /// <summary>Takes a compact number from the front of <paramref name="records"/>.</summary>
    public static long TakeCompact(ref ReadOnlySpan<byte> records)
    {
        long number = 0;
        var at = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = records[at++];
            number |= (long)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                records = records[at..];
                return number;
            }
        }
    }

    /// <summary>Takes so many bytes from the front of <paramref name="records"/>.</summary>
    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> records, int bytes)
    {
        var taken = records[..bytes];
        records = records[bytes..];
        return taken;
    }
}
