using System.Buffers.Binary;
using System.Numerics;

namespace SynthStudio.Tabular;

/// <summary>SipHash-2-4, a keyed pseudo-random function of 64 bits for short inputs (Aumasson, Bernstein, INDOCRYPT 2012).</summary>
internal readonly struct SipHash
{
    /// <summary>Length of a key.</summary>
    public const int KeyBytes = 16;

    private readonly ulong key0;
    private readonly ulong key1;

    public SipHash(ReadOnlySpan<byte> key)
    {
        key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);
    }

    public ulong Of(ReadOnlySpan<byte> data)
    {
        var state = new State(key0, key1);
        var rest = data;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..]) state.Absorb(BinaryPrimitives.ReadUInt64LittleEndian(rest));

        var last = (ulong)data.Length << 56;
        for (var i = 0; i < rest.Length; i++) last |= (ulong)rest[i] << (8 * i);
        state.Absorb(last);
        return state.Finish();
    }

    private ref struct State(ulong key0, ulong key1)
    {
        private ulong v0 = key0 ^ 0x736f6d6570736575;
        private ulong v1 = key1 ^ 0x646f72616e646f6d;
        private ulong v2 = key0 ^ 0x6c7967656e657261;
        private ulong v3 = key1 ^ 0x7465646279746573;

        public void Absorb(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        public ulong Finish()
        {
            v2 ^= 0xff;
            for (var i = 0; i < 4; i++) Round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void Round()
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
