using System.Buffers.Binary;
using System.Text.Json;

namespace SynthStudio.Catalog;

/// <summary>
/// The smallest keyed fingerprints of a table's distinct rows (a bottom-k sketch): of two tables whose rows were fingerprinted with the same key
/// it tells what share of their rows they have in common, and so finds copies, extensions and subsets.
/// </summary>
/// <param name="Values">Ascending.</param>
/// <param name="IsWhole">They are all rows' fingerprints, not only the smallest.</param>
internal sealed record RowSketch(ulong[] Values, bool IsWhole)
{
    /// <summary>Tables with at least this share of the smaller one's rows in common hold the same people.</summary>
    public const double SamePeople = 0.02;

    public static RowSketch Empty { get; } = new([], true);

    /// <summary>The sketch that a profiling job wrote.</summary>
    public static RowSketch FromJson(string json)
    {
        using var document = JsonDocument.Parse(json);
        return FromBytes(document.RootElement.GetProperty("fingerprints").GetBytesFromBase64(), document.RootElement.GetProperty("whole").GetBoolean());
    }

    public static RowSketch FromBytes(byte[] stored) => stored.Length == 0 ? Empty : FromBytes(stored.AsSpan(1).ToArray(), stored[0] == 1);

    public byte[] ToBytes()
    {
        var bytes = new byte[1 + (Values.Length * sizeof(ulong))];
        bytes[0] = IsWhole ? (byte)1 : (byte)0;
        for (var i = 0; i < Values.Length; i++) BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1 + (i * sizeof(ulong))), Values[i]);
        return bytes;
    }

    /// <summary>Whether the tables have so many rows in common that they must be about the same people.</summary>
    public bool IsRelatedTo(RowSketch other)
    {
        // Below the smaller of both borders either sketch knows every fingerprint of its table.
        var border = Math.Min(Border, other.Border);
        var (mine, theirs) = (CountUpTo(border), other.CountUpTo(border));
        var common = 0;
        for (int i = 0, j = 0; i < mine && j < theirs;)
        {
            var order = Values[i].CompareTo(other.Values[j]);
            if (order == 0) common++;
            if (order <= 0) i++;
            if (order >= 0) j++;
        }

        return common > 0 && common >= SamePeople * Math.Min(mine, theirs);
    }

    private ulong Border => IsWhole || Values.Length == 0 ? ulong.MaxValue : Values[^1];

    private int CountUpTo(ulong border)
    {
        var place = Array.BinarySearch(Values, border);
        return place >= 0 ? place + 1 : ~place;
    }

    private static RowSketch FromBytes(byte[] bytes, bool whole)
    {
        var values = new ulong[bytes.Length / sizeof(ulong)];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)));
        return new RowSketch(values, whole);
    }
}
