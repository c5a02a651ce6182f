using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SynthStudio.Privacy.Noise;

/// <summary>
/// Random words by the million: AES-256 in counter mode under a key from the operating system's generator. There is no seed and none can be
/// given. The key is never stored and is replaced after every gigabyte. Not safe for concurrent use.
/// </summary>
public sealed class SecureKeystream : IDisposable
{
    private const int BlockBytes = 16, BufferBlocks = 4_096, BufferWords = BufferBlocks * BlockBytes / sizeof(ulong);

    /// <summary>Buffers under one key: a gigabyte, far below where the absence of repeated blocks could be noticed.</summary>
    private const int BuffersOfAKey = 1 << 14;

    private readonly byte[] _counters = new byte[BufferBlocks * BlockBytes];
    private readonly ulong[] _words = new ulong[BufferWords];
    private Aes? _cipher;
    private long _buffers;
    private int _next = BufferWords;

    /// <summary>64 uniform bits.</summary>
    public ulong Next64()
    {
        if (_next == BufferWords) Refill();
        return _words[_next++];
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (Next64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Fills <paramref name="words"/> with uniform bits.</summary>
    public void Fill(Span<ulong> words)
    {
        while (words.Length > 0)
        {
            if (_next == BufferWords) Refill();
            var count = Math.Min(words.Length, BufferWords - _next);
            _words.AsSpan(_next, count).CopyTo(words);
            _next += count;
            words = words[count..];
        }
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        Array.Clear(_words);
        _next = BufferWords;
    }

    private void Refill()
    {
        if (_buffers % BuffersOfAKey == 0)
        {
            _cipher?.Dispose();
            _cipher = Aes.Create();
            var key = RandomNumberGenerator.GetBytes(32);
            _cipher.Key = key;
            CryptographicOperations.ZeroMemory(key);
        }

        var counter = (ulong)_buffers * BufferBlocks;
        for (var block = 0; block < BufferBlocks; block++)
            BinaryPrimitives.WriteUInt64LittleEndian(_counters.AsSpan(block * BlockBytes), counter + (ulong)block);
        _cipher!.EncryptEcb(_counters, MemoryMarshal.AsBytes(_words.AsSpan()), PaddingMode.None);
        _buffers++;
        _next = 0;
    }
}
