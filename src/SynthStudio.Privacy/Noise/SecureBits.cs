using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SynthStudio.Privacy.Noise;

/// <summary>
/// Random bits from the operating system's generator, in blocks. There is no seed and none can be given: noise that can be repeated can be
/// subtracted. Not safe for concurrent use.
/// </summary>
public sealed class SecureBits
{
    private const int BlockBytes = 4096;

    private readonly byte[] _block = new byte[BlockBytes];
    private readonly Action<byte[]> _fill;
    private int _next = BlockBytes;

    public SecureBits()
        : this(block => RandomNumberGenerator.Fill(block))
    {
    }

    /// <summary>For tests that replay recorded bits.</summary>
    internal SecureBits(Action<byte[]> fill) => _fill = fill;

    /// <summary>64 uniform bits. What was handed out is erased.</summary>
    public ulong Next64()
    {
        if (_next == BlockBytes)
        {
            _fill(_block);
            _next = 0;
        }

        var span = _block.AsSpan(_next, sizeof(ulong));
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(span);
        span.Clear();
        _next += sizeof(ulong);
        return bits;
    }

    /// <summary>A uniform whole number below <paramref name="bound"/>, exactly: numbers beyond are drawn again.</summary>
    /// <param name="bound">At least 1.</param>
    public UInt128 Below(UInt128 bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, UInt128.One);
        var mask = bound == 1 ? UInt128.Zero : UInt128.MaxValue >> (int)UInt128.LeadingZeroCount(bound - 1);
        while (true)
        {
            var value = mask <= ulong.MaxValue ? Next64() & mask : new UInt128(Next64(), Next64()) & mask;
            if (value < bound) return value;
        }
    }
}
