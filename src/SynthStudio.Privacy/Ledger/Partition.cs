using System.Text.Json;

namespace SynthStudio.Privacy.Ledger;

/// <summary>
/// A division of a data set's rows into parts, by their values of one column: a row is in one part at most. What is released from one part says
/// nothing of people whose rows are in another, so that parts are paid for side by side (parallel composition: McSherry, Privacy Integrated
/// Queries, SIGMOD 2009, theorem 4). It holds for tables that differ by adding or removing a row, or all rows of a unit that lies in one part.
/// </summary>
/// <param name="Column">The column.</param>
/// <param name="Parts">At least two.</param>
public sealed record Partition(string Column, IReadOnlyList<PartitionPart> Parts)
{
    /// <summary>Most parts.</summary>
    public const int MostParts = 100;

    private const int LongestName = 63;

    /// <summary>By listed values; rows of other values are in no part.</summary>
    /// <exception cref="PrivacyException">A value is in two parts, or a part is empty or named like another.</exception>
    public static Partition ByValues(string column, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> parts)
    {
        var named = parts.Select(p => new PartitionPart(p.Key, column, p.Value, 0, 0)).ToList();
        Demand(column.Length > 0, "column", "The column by which the parts are told apart is missing.");
        Demand(named.Count is >= 2 and <= MostParts, "parts", $"A partition has 2 to {MostParts} parts, not {named.Count}.");
        foreach (var part in named)
        {
            Demand(part.Name.Length is > 0 and <= LongestName, "parts", $"A part has a name of 1 to {LongestName} characters.");
            Demand(part.Values.Count > 0, "parts", $"The part '{part.Name}' lists no value.");
        }

        if (named.GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { Key: var twice })
            throw new PrivacyException(PrivacyError.PartsOverlap, $"Two parts are named '{twice}'.", "parts");
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (part, value) in named.SelectMany(p => p.Values.Select(v => (p.Name, v))))
        {
            if (!owners.TryAdd(value, part))
            {
                throw new PrivacyException(
                    PrivacyError.PartsOverlap, $"The value '{value}' is in the parts '{owners[value]}' and '{part}': a row may be in one only.", "parts");
            }
        }

        return new Partition(column, named);
    }

    /// <summary>Into parts 1, 2, 3, … by a public hash of the value: all rows of the same value are in the same part.</summary>
    /// <exception cref="PrivacyException">The number of parts is out of range.</exception>
    public static Partition ByHash(string column, int parts)
    {
        Demand(column.Length > 0, "column", "The column by which the parts are told apart is missing.");
        Demand(parts is >= 2 and <= MostParts, "buckets", $"A partition has 2 to {MostParts} parts, not {parts}.");
        return new Partition(column, [.. Enumerable.Range(1, parts).Select(i => new PartitionPart($"{i}", column, [], i, parts))]);
    }

    /// <summary>The part of a name; null when there is none.</summary>
    public PartitionPart? Find(string name) => Parts.FirstOrDefault(p => p.Name == name);

    public string ToJson() => JsonSerializer.Serialize(this, PartitionPart.Json);

    /// <exception cref="JsonException">The text is no partition.</exception>
    public static Partition Parse(string json) => JsonSerializer.Deserialize<Partition>(json, PartitionPart.Json) ?? throw new JsonException("null");

    public bool Equals(Partition? other) => other is not null && Column == other.Column && Parts.SequenceEqual(other.Parts);

    public override int GetHashCode() => HashCode.Combine(Column, Parts.Count);

    private static void Demand(bool met, string subject, string message)
    {
        if (!met) throw new PrivacyException(PrivacyError.ParameterOutOfRange, message, subject);
    }
}
