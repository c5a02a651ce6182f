using System.Buffers.Binary;
using System.Security.Cryptography;
using SynthStudio.Privacy.Noise;

namespace SynthStudio.Synthesis.Tests.Marginals;

/// <summary>The same bits every time they are made with the same number; counts how many blocks were taken.</summary>
internal sealed class ReplayedBits(int number)
{
    public int Blocks { get; private set; }

    public SecureBits Make() => new(block =>
    {
        Span<byte> counter = stackalloc byte[8];
        for (var at = 0; at < block.Length; at += SHA256.HashSizeInBytes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(counter, number);
            BinaryPrimitives.WriteInt32LittleEndian(counter[4..], Blocks * 10_000 + at);
            SHA256.HashData(counter, block.AsSpan(at, SHA256.HashSizeInBytes));
        }

        Blocks++;
    });
}
