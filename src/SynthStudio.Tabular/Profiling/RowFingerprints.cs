using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>
/// The smallest keyed fingerprints of a table's distinct rows (a bottom-k sketch): tells whether another table whose rows were fingerprinted with
/// the same key has rows in common with it, and nothing to whoever does not hold the key. The order of rows and columns, the columns' names and
/// the file's format do not matter, the spelling of the cells does.
/// </summary>
public sealed class RowFingerprints
{
    /// <summary>Fingerprints kept: enough to find a common part of a few hundredths of large tables.</summary>
    public const int Kept = 4096;

    private const ulong MissingCell = 0x9e3779b97f4a7c15;

    private readonly SipHash hash;
    private readonly ulong[] values = new ulong[4 * Kept];
    private int count;
    private ulong[] sums = [];
    private ulong border = ulong.MaxValue;
    private bool isWhole = true;

    /// <param name="key">16 bytes.</param>
    public RowFingerprints(ReadOnlySpan<byte> key) => hash = new SipHash(
        key.Length == SipHash.KeyBytes ? key : throw new ArgumentException($"A key has {SipHash.KeyBytes} bytes.", nameof(key)));

    /// <summary>Ascending, distinct, at most <see cref="Kept"/>.</summary>
    public IReadOnlyList<ulong> Values
    {
        get
        {
            Cut();
            return values[..count];
        }
    }

    /// <summary>Whether those are the fingerprints of all rows.</summary>
    public bool IsWhole
    {
        get
        {
            Cut();
            return isWhole;
        }
    }

    /// <summary>Reads a table for its fingerprints alone: no kind is inferred, nothing is kept.</summary>
    /// <exception cref="TableException">The file cannot be read.</exception>
    public static RowFingerprints Of(
        string path, string? fileName, ReadOnlySpan<byte> key, ReadOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ReadOptions();
        var fingerprints = new RowFingerprints(key);
        using var source = TableSource.Open(path, fileName, options, cancellation);
        foreach (var batch in source.Read(Enumerable.Range(0, source.Names.Count), options.MaximumRows, cancellation)) fingerprints.Add(batch);
        return fingerprints;
    }

    /// <summary>As JSON: <c>whole</c>, and <c>fingerprints</c>, the values as big-endian bytes in base 64.</summary>
    public string ToJson()
    {
        var bytes = new byte[Values.Count * sizeof(ulong)];
        for (var i = 0; i < count; i++) BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), values[i]);
        return JsonSerializer.Serialize(new Dictionary<string, object> { ["whole"] = isWhole, ["fingerprints"] = Convert.ToBase64String(bytes) });
    }

    internal void Add(TextBatch batch)
    {
        foreach (var chunk in batch.Chunks)
        {
            sums = sums.Length < chunk.Rows ? new ulong[chunk.Rows] : sums;
            var rows = sums.AsSpan(0, chunk.Rows);
            rows.Clear();
            for (var column = 0; column < chunk.Columns; column++)
            {
                // A sum of keyed values does not depend on the columns' order.
                var cells = chunk.Column(column);
                for (var row = 0; row < rows.Length; row++) rows[row] += cells.IsNull(row) ? MissingCell : hash.Of(cells.Bytes(row));
            }

            // Hashed once more, rows do not add up with each other.
            foreach (ref var sum in rows) Add(hash.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in sum))));
        }
    }

    private void Add(ulong value)
    {
        if (value > border) return;
        if (count == values.Length) Cut();
        values[count++] = value;
    }

    /// <summary>Sorts, drops repeats, and keeps the smallest.</summary>
    private void Cut()
    {
        values.AsSpan(0, count).Sort();
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (kept == 0 || values[i] != values[kept - 1]) values[kept++] = values[i];
        }

        isWhole &= kept <= Kept;
        count = Math.Min(kept, Kept);
        if (!isWhole) border = values[count - 1];
    }
}
