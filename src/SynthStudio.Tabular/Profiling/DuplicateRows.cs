using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SynthStudio.Tabular;

/// <summary>Counts rows that repeat an earlier one, by 64-bit hashes of their cells.</summary>
internal sealed class DuplicateRows(SpillFile spill, long memory)
{
    // Drawn a process, so that no file can be made to collide on purpose.
    private static readonly ulong Seed = Draw();
    private static readonly ulong MissingText = Draw();

    private readonly TextGroups distinct = new(spill, memory);
    private ulong[] hashes = [];

    public void Add(TextBatch batch)
    {
        foreach (var chunk in batch.Chunks)
        {
            hashes = hashes.Length < chunk.Rows ? new ulong[chunk.Rows] : hashes;
            var mixed = hashes.AsSpan(0, chunk.Rows);
            mixed.Fill(Seed);
            for (var column = 0; column < chunk.Columns; column++)
            {
                Mix(chunk.Column(column), mixed);
            }

            foreach (ref var hash in mixed)
            {
                distinct.Add(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in hash)));
            }
        }
    }

    /// <summary>The number of repeated rows among <paramref name="rows"/>.</summary>
    public long Count(long rows, CancellationToken cancellation)
    {
        distinct.Visit((_, _) => rows--, cancellation);
        return rows;
    }

    private static void Mix(TextVector column, Span<ulong> mixed)
    {
        for (var row = 0; row < mixed.Length; row++)
        {
            if (column.IsNull(row))
            {
                mixed[row] = Fold(MissingText, mixed[row]);
                continue;
            }

            ref readonly var text = ref column[row];
            var tail = text.Length <= DuckText.InlineBytes ? text.Tail : TextDictionary.HashLong(column.Bytes(row));
            mixed[row] = Fold(text.Head ^ Seed, tail ^ mixed[row]);
        }
    }

    private static ulong Draw() => MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    // Both halves of the product, as wyhash does (Wang Yi).
    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
