using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SynthStudio.Privacy.Ledger;

/// <summary>One part of a <see cref="Partition"/>: the rows of listed values, or those whose value falls into a bucket.</summary>
/// <param name="Name">Unique within the partition.</param>
/// <param name="Column">The column that decides.</param>
/// <param name="Values">The values; empty for a part by hash.</param>
/// <param name="Bucket">1 to <paramref name="Buckets"/>; 0 for a part by values.</param>
/// <param name="Buckets">Parts by hash there are; 0 for a part by values.</param>
public sealed record PartitionPart(string Name, string Column, IReadOnlyList<string> Values, int Bucket, int Buckets)
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Whether rows of a value are in this part. Depends on the value alone, so that no row is in two parts.</summary>
    public bool Contains(string value) => Buckets > 0 ? BucketOf(value, Buckets) == Bucket : Values.Contains(value, StringComparer.Ordinal);

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="JsonException">The text is no part.</exception>
    public static PartitionPart Parse(string json) => JsonSerializer.Deserialize<PartitionPart>(json, Json) ?? throw new JsonException("null");

    public bool Equals(PartitionPart? other) => other is not null
        && (Name, Column, Bucket, Buckets) == (other.Name, other.Column, other.Bucket, other.Buckets) && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Name, Column, Bucket, Buckets, Values.Count);

    /// <summary>The first eight bytes of the text's SHA-256, as a big-endian number, modulo the number of buckets, plus one.</summary>
    private static int BucketOf(string value, int buckets) =>
        1 + (int)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(value))) % (ulong)buckets);
}
