using System.Buffers.Binary;

namespace SynthStudio.Catalog;

/// <summary>
/// The smallest keyed fingerprints of a table's distinct rows (a bottom-k sketch): of two tables whose rows were fingerprinted with the same key
/// it tells what share of their rows they have in common, and so finds copies, extensions and subsets.
/// </summary>
/// <param name="Values">Ascending.</param>
/// <param name="IsWhole">They are all rows' fingerprints, not only the smallest.</param>
/// <param name="Repeated">Share of the rows that have an equal one: about the chance that somebody else's row is equal to one of these.</param>
internal sealed record RowSketch(ulong[] Values, bool IsWhole, double Repeated = 0)
{
    /// <summary>Tables with at least this share of the smaller one's rows in common hold the same people …</summary>
    private const double SamePeople = 0.02;

    /// <summary>… and with so many times more than by chance, where rows are of few values …</summary>
    private const double AboveChance = 1.5;

    /// <summary>… but always when all rows are in common.</summary>
    private const double All = 0.98;

    public static RowSketch Empty { get; } = new([], true);

    public static RowSketch FromBytes(byte[] stored, double repeated) =>
        stored.Length == 0 ? Empty : FromBytes(stored.AsSpan(1), stored[0] == 1, repeated);

    public static RowSketch FromBytes(ReadOnlySpan<byte> bytes, bool whole, double repeated)
    {
        var values = new ulong[bytes.Length / sizeof(ulong)];
        for (var i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(i * sizeof(ulong))..]);
        return new RowSketch(values, whole, repeated);
    }

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

        // The more rows a table has, the more likely a stranger's row is among them.
        var chance = mine > theirs ? Repeated : mine < theirs ? other.Repeated : Math.Max(Repeated, other.Repeated);
        return common > 0 && common >= Math.Min(All, SamePeople + (AboveChance * chance)) * Math.Min(mine, theirs);
    }

    private ulong Border => IsWhole || Values.Length == 0 ? ulong.MaxValue : Values[^1];

    private int CountUpTo(ulong border)
    {
        var place = Array.BinarySearch(Values, border);
        return place >= 0 ? place + 1 : ~place;
    }
}
