using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SynthStudio.Tabular;

/// <summary>
/// Keyed fingerprints of a table, by which it is found whether another one, fingerprinted with the same key, holds the same people; they tell nothing
/// to whoever does not hold the key. The smallest fingerprints of distinct rows find copies, extensions and parts; those of single cells and pairs
/// (<see cref="CellGroups"/>) also tables with columns added or taken away, and joins. The order of rows and columns, the columns' names and the
/// file's format do not matter, the spelling of the cells does.
/// </summary>
public sealed class RowFingerprints
{
    /// <summary>Fingerprints of rows kept: enough to find a common part of a few hundredths of large tables.</summary>
    public const int Kept = 4096;

    private const ulong MissingCell = 0x9e3779b97f4a7c15;

    private readonly SipHash hash;
    private readonly BottomK<bool> rows = new(Kept);
    private CellGroups? groups;
    private ulong[] cells = [];

    /// <param name="key">16 bytes.</param>
    public RowFingerprints(ReadOnlySpan<byte> key) => hash = new SipHash(
        key.Length == SipHash.KeyBytes ? key : throw new ArgumentException($"A key has {SipHash.KeyBytes} bytes.", nameof(key)));

    /// <summary>Of rows: ascending, distinct, at most <see cref="Kept"/>.</summary>
    public IReadOnlyList<ulong> Values => [.. rows.Values];

    /// <summary>Whether those are the fingerprints of all rows.</summary>
    public bool IsWhole => rows.IsWhole;

    /// <summary>
    /// Share of the rows that have an equal one: by Good and Turing about the chance that a further row of the same kind, of somebody else, is equal to
    /// one of these.
    /// </summary>
    public double Repeated
    {
        get
        {
            var (all, once) = (0L, 0L);
            foreach (var (count, _) in rows.Items) (all, once) = (all + count, once + (count == 1 ? 1 : 0));
            return all == 0 ? 0 : 1 - ((double)once / all);
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

    /// <summary>
    /// As JSON: <c>fingerprints</c> of rows, big-endian bytes in base 64, <c>whole</c> when they are of all rows, <c>repeated</c>, and <c>groups</c>,
    /// <see cref="CellGroups.ToBytes"/> in base 64.
    /// </summary>
    public string ToJson()
    {
        var values = rows.Values;
        var bytes = new byte[values.Length * sizeof(ulong)];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), values[i]);
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["whole"] = IsWhole,
            ["fingerprints"] = Convert.ToBase64String(bytes),
            ["repeated"] = Repeated,
            ["groups"] = Convert.ToBase64String(groups?.ToBytes() ?? []),
        });
    }

    internal void Add(TextBatch batch)
    {
        foreach (var chunk in batch.Chunks)
        {
            groups ??= new CellGroups(Math.Min(chunk.Columns, CellGroups.MostColumns));
            if (cells.Length == 0) cells = new ulong[chunk.Columns * CellGroups.BlockRows];
            for (var begin = 0; begin < chunk.Rows; begin += CellGroups.BlockRows)
                Add(chunk, begin, Math.Min(CellGroups.BlockRows, chunk.Rows - begin), groups);
        }
    }

    private void Add(TextChunk chunk, int begin, int count, CellGroups cellGroups)
    {
        Span<ulong> sums = stackalloc ulong[CellGroups.BlockRows];
        sums.Clear();
        for (var column = 0; column < chunk.Columns; column++)
        {
            var texts = chunk.Column(column);
            var hashes = cells.AsSpan(column * CellGroups.BlockRows, count);
            for (var row = 0; row < count; row++)
            {
                hashes[row] = texts.IsNull(begin + row) ? MissingCell : hash.Of(texts.Bytes(begin + row));
                sums[row] += hashes[row]; // A sum of keyed values does not depend on the columns' order.
            }
        }

        // Hashed once more, rows do not add up with each other.
        foreach (ref var sum in sums[..count]) rows.Add(hash.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in sum))), default);
        cellGroups.Add(cells, count);
    }
}
