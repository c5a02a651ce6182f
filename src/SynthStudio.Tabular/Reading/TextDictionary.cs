using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SynthStudio.Tabular;

/// <summary>
/// Distinct texts of one column, numbered in order of appearance. Works on DuckDB's own representation: a text of up to twelve bytes is two
/// machine words, compared and hashed as such; longer ones are copied into pages. A hot path: one look-up a cell.
/// </summary>
internal sealed class TextDictionary
{
    private const int PageBytes = 1 << 18;
    private const ulong Multiplier1 = 0x9E3779B97F4A7C15;
    private const ulong Multiplier2 = 0xD6E8FEB86659FD93;

    // Seeded a process, so that no file can be made to collide on purpose; codes do not depend on it.
    private static readonly ulong Seed = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private readonly List<byte[]> pages = [];
    private int[] buckets = new int[16];
    private Entry[] entries = new Entry[16];
    private int pageUsed = PageBytes;
    private int previous = -1;

    /// <summary>Number of distinct texts.</summary>
    public int Count { get; private set; }

    /// <summary>Memory that the texts take.</summary>
    public long Memory { get; private set; }

    /// <summary>The number of a text, a new one if it was not seen before.</summary>
    public int Code(in DuckText text)
    {
        var inline = text.Length <= DuckText.InlineBytes;
        if (inline && previous >= 0 && entries[previous].Head == text.Head && entries[previous].Tail == text.Tail)
        {
            return previous;
        }

        var hash = inline ? HashInline(text.Head, text.Tail) : (uint)(HashLong(Span(text)) >> 32);
        for (var i = buckets[hash & (uint)(buckets.Length - 1)] - 1; i >= 0; i = entries[i].Next)
        {
            ref var entry = ref entries[i];
            if (entry.Hash == hash && entry.Head == text.Head && (inline ? entry.Tail == text.Tail : Stored(entry).SequenceEqual(Span(text))))
            {
                return previous = i;
            }
        }

        return previous = Add(text, hash, inline);
    }

    /// <inheritdoc cref="Code(in DuckText)"/>
    public unsafe int Code(ReadOnlySpan<byte> text)
    {
        fixed (byte* first = text)
        {
            return Code(DuckText.Of(first, text.Length));
        }
    }

    /// <summary>The bytes of the text numbered <paramref name="code"/>.</summary>
    public ReadOnlySpan<byte> Bytes(int code) => Stored(in entries[code]);

    /// <summary>The hash of the text numbered <paramref name="code"/>, the same in all dictionaries.</summary>
    public uint Hash(int code) => entries[code].Hash;

    /// <summary>Forgets all texts, and keeps the room they took.</summary>
    public void Clear()
    {
        Array.Clear(buckets);
        pages.RemoveRange(Math.Min(1, pages.Count), Math.Max(0, pages.Count - 1));
        (Count, Memory, previous) = (0, 0, -1);
        pageUsed = pages.Count == 1 && pages[0].Length == PageBytes ? 0 : PageBytes;
    }

    /// <summary>A hash of many bytes, another in every process.</summary>
    public static ulong HashLong(ReadOnlySpan<byte> bytes)
    {
        var mixed = Seed ^ ((ulong)bytes.Length * Multiplier1);
        while (bytes.Length >= sizeof(ulong))
        {
            mixed = BitOperations.RotateLeft((mixed ^ MemoryMarshal.Read<ulong>(bytes)) * Multiplier1, 31);
            bytes = bytes[sizeof(ulong)..];
        }

        ulong rest = 0;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        return BitOperations.RotateLeft((mixed ^ rest) * Multiplier2, 29) * Multiplier1;
    }

    private static unsafe ReadOnlySpan<byte> Span(in DuckText text) => new(text.Pointer, text.Length);

    private static uint HashInline(ulong head, ulong tail)
    {
        var mixed = (head ^ Seed) * Multiplier1;
        mixed = (BitOperations.RotateLeft(mixed, 29) ^ tail) * Multiplier2;
        return (uint)(mixed >> 32);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Add(in DuckText text, uint hash, bool inline)
    {
        if (Count == entries.Length)
        {
            Grow();
        }

        ref var bucket = ref buckets[hash & (uint)(buckets.Length - 1)];
        entries[Count] = new Entry(text.Head, inline ? text.Tail : Store(Span(text)), hash, bucket - 1);
        bucket = Count + 1;
        Memory += Unsafe.SizeOf<Entry>() + sizeof(int) + (inline ? 0 : text.Length);
        return Count++;
    }

    private void Grow()
    {
        Array.Resize(ref entries, Count * 2);
        buckets = new int[Count * 2];
        for (var i = 0; i < Count; i++)
        {
            ref var bucket = ref buckets[entries[i].Hash & (uint)(buckets.Length - 1)];
            entries[i] = entries[i] with { Next = bucket - 1 };
            bucket = i + 1;
        }
    }

    private ulong Store(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > PageBytes / 8)
        {
            pages.Add(bytes.ToArray());
            pageUsed = PageBytes; // the next short text begins a page
            return (ulong)(pages.Count - 1) << 32;
        }

        if (pageUsed + bytes.Length > PageBytes)
        {
            pages.Add(new byte[PageBytes]);
            pageUsed = 0;
        }

        bytes.CopyTo(pages[^1].AsSpan(pageUsed));
        var place = ((ulong)(pages.Count - 1) << 32) | (uint)pageUsed;
        pageUsed += bytes.Length;
        return place;
    }

    private ReadOnlySpan<byte> Stored(in Entry entry)
    {
        var length = (int)(uint)entry.Head;
        return length <= DuckText.InlineBytes
            ? MemoryMarshal.AsBytes(new ReadOnlySpan<Entry>(in entry)).Slice(sizeof(int), length)
            : pages[(int)(entry.Tail >> 32)].AsSpan((int)(uint)entry.Tail, length);
    }

    /// <summary>A distinct text: DuckDB's two words, the second of a long text being its place in the pages.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(ulong Head, ulong Tail, uint Hash, int Next);
}
